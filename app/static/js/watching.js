// What the board and the overview share: asking again and again, the proctors, and whether the picture is alive.
const EVERY = 4000, SPREAD = 2000; // so that thousands of boards do not ask at the same moment

export function watch(place, show) {
  const text = (name, values) => place.dataset[`text${name}`].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const lang = document.documentElement.lang;
  const time = (moment) => moment.toLocaleTimeString(lang, { hour12: false, timeZone: "Asia/Shanghai" });
  let etag = `"${place.dataset.etag}"`, seenAt = new Date();

  async function look(first = false) {
    try {
      const headers = { Accept: "application/json", ...(first ? {} : { "If-None-Match": etag }) };
      const answer = await fetch(place.dataset.url, { headers, signal: AbortSignal.timeout?.(8000) });
      if ([401, 403, 404].includes(answer.status)) return live("Refused", "bad");
      if (!answer.ok && answer.status !== 304) throw new Error(answer.status);
      if (answer.ok) {
        etag = answer.headers.get("ETag");
        const picture = await answer.json();
        staff(picture.staffing);
        show(picture, Date.parse(answer.headers.get("Date")) - Date.now() || 0);
      }
      seenAt = new Date();
      live("Live", "good");
    } catch {
      live("Lost", "bad");
    }
    return setTimeout(look, EVERY + Math.random() * SPREAD);
  }

  function staff(staffing) {
    const badge = place.querySelector("[data-staff]"), gone = place.querySelector("[data-gone]");
    put(badge, text("Staff", staffing));
    badge.className = `badge ${staffing.have < staffing.need ? "bad" : "good"}`;
    put(gone, staffing.gone.map((one) => text("Gone", { name: one.name, time: time(new Date(one.at)) })).join(" · "));
    gone.hidden = !staffing.gone.length;
  }

  function live(name, tone) {
    const sign = place.querySelector("[data-live]");
    sign.dataset.tone = tone;
    put(sign, text(name, { time: time(seenAt) }));
  }

  look(true);
  return { text };
}

export function put(element, value) {
  if (element && element.textContent !== value) element.textContent = value;
}

export function clock(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (value) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
