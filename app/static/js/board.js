// The room, kept up to date: asks every few seconds and changes only what is different.
import { clock, put, watch } from "./watching.js";

export function start(board) {
  const tiles = new Map([...board.querySelectorAll(".tile")].map((tile) => [Number(tile.dataset.seat), tile]));
  const list = board.querySelector("[data-tiles]");
  const words = JSON.parse(board.dataset.words);
  let current = null, announced = null, offset = 0;

  const { text } = watch(board, show);
  setInterval(tick, 1000);

  function show(picture, ahead) {
    current = picture;
    offset = ahead;
    picture.candidates.forEach(showPlace);
    if (picture.candidates.some((place) => !tiles.has(place.seat))) location.reload();
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
    const how = { absent: "absent", proctor: "ended_by_proctor" }[place.closed_how];
    tile.dataset.state = state;
    tile.dataset.urgent = place.attention[0] ?? "";
    put(tile.querySelector("[data-word]"), words[how ?? state]);
    put(tile.querySelector("[data-answered]"), place.items ? text("Answered", place) : "");
    put(tile.querySelector("[data-flagged]"), place.flagged ? `⚑ ${place.flagged}` : "");
    const why = place.attention.map((reason) => words[reason]);
    if (place.signals) why.push(text("Signals", place));
    put(tile.querySelector("[data-why]"), why.join(" · "));
    tile.querySelector("[data-meter]").setAttribute("width", place.items ? (100 * place.answered) / place.items : 0);
    tile.querySelector("a").title = [place.client, place.address].filter(Boolean).join(" · ");
  }

  function tick() {
    if (!current) return;
    const now = Date.now() + offset;
    for (const place of current.candidates) {
      const tile = tiles.get(place.seat);
      const running = place.deadline && ["in_progress", "paused"].includes(place.state);
      const until = place.paused_at ? Date.parse(place.paused_at) : now;
      put(tile?.querySelector("[data-left]"), running ? clock(Date.parse(place.deadline) - until) : "");
      put(tile?.querySelector("[data-seen]"), place.state === "in_progress" ? connection(place, now) : "");
    }
  }

  // How long ago only where it matters: a picture that has not changed does not tell the latest sign.
  function connection(place, now) {
    if (place.waiting) return text("Unsent", place);
    if (!current.signs_known || !place.last_sign_at) return "";
    if (!place.attention.includes("silent")) return text("Here", place);
    return text("Seen", { seconds: Math.max(0, Math.floor((now - Date.parse(place.last_sign_at)) / 1000)) });
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
    if (!list || list.matches(":hover, :focus-within") || list.querySelector(":checked")) return;
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
}
