// The room, kept up to date: asks every three seconds and changes only what is different.
const EVERY = 3000;

export function start(board) {
  const tiles = new Map([...board.querySelectorAll(".tile")].map((tile) => [Number(tile.dataset.seat), tile]));
  const list = board.querySelector("[data-tiles]");
  const words = JSON.parse(board.dataset.words);
  const text = (name, values) => board.dataset[`text${name}`].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  let etag = `"${board.dataset.etag}"`, offset = 0, current = null, announced = null, seenAt = new Date();

  look(true);
  setInterval(tick, 1000);

  async function look(first = false) {
    try {
      const headers = { Accept: "application/json", ...(first ? {} : { "If-None-Match": etag }) };
      const answer = await fetch(board.dataset.url, { headers, signal: AbortSignal.timeout?.(8000) });
      if ([401, 403, 404].includes(answer.status)) return live("Refused", "bad");
      if (!answer.ok && answer.status !== 304) throw new Error(answer.status);
      offset = Date.parse(answer.headers.get("Date")) - Date.now() || 0;
      if (answer.ok) {
        etag = answer.headers.get("ETag");
        show(await answer.json());
      }
      seenAt = new Date();
      live("Live", "good");
    } catch {
      live("Lost", "bad");
    }
    return setTimeout(look, EVERY);
  }

  function show(picture) {
    current = picture;
    picture.candidates.forEach(showPlace);
    if (picture.candidates.some((place) => !tiles.has(place.seat))) location.reload();
    put(board.querySelector("[data-staff]"), text("Staff", picture.staffing));
    board.querySelector("[data-staff]").className = `badge ${picture.staffing.have < picture.staffing.need ? "bad" : "good"}`;
    board.querySelector("[data-unknown]").hidden = picture.signs_known;
    showCounts(picture.counts);
    order(picture.candidates);
    announce(picture.candidates);
    tick();
  }

  function showPlace(place) {
    const tile = tiles.get(place.seat);
    if (!tile) return;
    const state = place.state ?? "unprepared";
    tile.dataset.state = state;
    tile.dataset.urgent = place.attention[0] ?? "";
    put(tile.querySelector("[data-word]"), words[place.closed_how === "absent" ? "absent" : state]);
    put(tile.querySelector("[data-answered]"), place.items ? text("Answered", place) : "");
    put(tile.querySelector("[data-flagged]"), place.flagged ? `⚑ ${place.flagged}` : "");
    put(tile.querySelector("[data-why]"), place.attention.map((reason) => words[reason]).join(" · "));
    tile.querySelector("[data-meter]").setAttribute("width", place.items ? (100 * place.answered) / place.items : 0);
  }

  function tick() {
    if (!current) return;
    const now = Date.now() + offset;
    for (const place of current.candidates) {
      const tile = tiles.get(place.seat);
      const running = place.deadline && ["in_progress", "paused"].includes(place.state);
      const until = place.paused_at ? Date.parse(place.paused_at) : now;
      put(tile?.querySelector("[data-left]"), running ? clock(Date.parse(place.deadline) - until) : "");
      const since = Math.max(0, Math.floor((now - Date.parse(place.last_sign_at)) / 1000));
      put(tile?.querySelector("[data-seen]"), place.state === "in_progress" && place.last_sign_at ? text("Seen", { seconds: since }) : "");
    }
  }

  function showCounts(counts) {
    board.querySelector("[data-counts]").replaceChildren(...Object.entries(counts).map(([state, count]) => {
      const entry = document.createElement("li"), figure = document.createElement("strong");
      figure.textContent = count;
      entry.append(figure, ` ${words[state] ?? state}`);
      return entry;
    }));
  }

  // Never under the pointer or the keyboard: nobody shall press on the wrong person.
  function order(candidates) {
    if (!list || list.matches(":hover, :focus-within")) return;
    const wanted = board.dataset.order === "seat" ? [...candidates].sort((a, b) => a.seat - b.seat) : candidates;
    const standing = [...list.children].map((tile) => Number(tile.dataset.seat));
    if (wanted.some((place, index) => place.seat !== standing[index])) list.append(...wanted.map((place) => tiles.get(place.seat)));
  }

  function announce(candidates) {
    const urgent = new Map(candidates.filter((place) => place.attention.length).map((place) => [place.seat, place.attention.join()]));
    const fresh = announced ? candidates.filter((place) => urgent.has(place.seat) && announced.get(place.seat) !== urgent.get(place.seat)) : [];
    announced = urgent;
    if (fresh.length) put(board.querySelector("[data-announce]"), fresh.map((place) =>
      text("Announce", { seat: place.seat, name: place.name, reasons: place.attention.map((one) => words[one]).join("、") })).join("；"));
  }

  function live(name, tone) {
    const place = board.querySelector("[data-live]");
    place.dataset.tone = tone;
    put(place, text(name, { time: seenAt.toLocaleTimeString(document.documentElement.lang, { hour12: false }) }));
  }
}

function put(element, value) {
  if (element && element.textContent !== value) element.textContent = value;
}

function clock(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (value) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
