// Waits for the doors: looks every few seconds, each page at its own moment, and says truthfully what it finds.
import { PaperAhead } from "./paper-ahead.js";
import { learn, serverNow } from "./server-time.js";

const HOURS = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" };

export function start(door) {
  const find = (what) => door.querySelector(`[data-${what}]`);
  const [texts, state, until, clock, form, button, gate] =
    ["texts", "state", "until", "clock", "start-form", "start", "gate"].map(find);
  const said = texts.dataset, code = form?.querySelector("[name=gate_code]");
  const byItself = find("by-itself"), wish = byItself?.querySelector("input");
  const refusal = find("refused"), ahead = new PaperAhead(door);
  const show = (date) => new Date(date).toLocaleTimeString("zh-CN", HOURS);
  let etag = "", again = 5, timer = 0, gone = false, last = null;

  learn(door.dataset.now, performance.now(), performance.now());
  const ticking = setInterval(() => { if (clock.isConnected) clock.textContent = show(serverNow()); else clearInterval(ticking); }, 1000);
  if (!form || door.dataset.over === "yes") return;
  byItself.hidden = door.dataset.mayStart === "yes";
  if (door.dataset.mayStart !== "yes") ahead.wait();
  form.addEventListener("submit", (event) => {
    gone = true;
    clearTimeout(timer);
    button.disabled = true;
    if (!ahead.ready) return; // the form goes its way, and the page comes after it
    event.preventDefault();
    begin();
  });
  wish.addEventListener("change", () => last && enter(last));
  code.addEventListener("change", () => last && wish.checked && enter(last));

  const say = (text) => { if (state.textContent.trim() !== text) state.textContent = text; };

  // Asked again it does no harm: whoever has started goes on.
  async function begin() {
    try {
      const against = await ahead.start(code.value);
      if (against) stay(against);
    } catch {
      say(said.lost);
      setTimeout(begin, 1000 + Math.random() * 3000);
    }
  }

  function stay(against) {
    refusal.hidden = false;
    refusal.textContent = against;
    wish.checked = false;
    gone = button.disabled = false;
    if (!gate.hidden) code.focus();
    look();
  }

  function enter(found) {
    if (!found.may_start || !wish.checked || gone) return;
    if (found.gated && !code.value.trim()) { say(said.gateWanted); code.focus(); return; }
    gone = true;
    const wait = Math.random() * found.spread * 1000;
    if (wait > 900) say(said.soon.replace("{seconds}", Math.ceil(wait / 1000)));
    setTimeout(() => form.requestSubmit(), wait);
  }

  function tell(found) {
    last = found;
    again = found.again;
    if (found.attempt_state !== "prepared") { location.reload(); return; }
    gate.hidden = !found.gated;
    button.disabled = !found.may_start;
    byItself.hidden = found.may_start && !wish.checked;
    door.classList.toggle("is-open", found.may_start);
    if (found.may_start) until.textContent = said.until.replace("{time}", show(found.entry_until));
    const late = found.over && found.entry_until && Date.parse(found.entry_until) < serverNow();
    say(found.over ? (late ? said.late : said.over) : found.may_start ? (found.gated ? said.gateWanted : said.open)
      : found.session_state === "open" ? said.room : said.waiting);
    enter(found);
  }

  async function look() {
    try {
      const sent = performance.now();
      const headers = { Accept: "application/json", ...(etag && { "If-None-Match": etag }) };
      const answer = await fetch(door.dataset.address, { headers, cache: "no-store", credentials: "same-origin" });
      if (answer.status === 200) {
        const found = await answer.json();
        if (gone) return; // asked before the start was pressed: the start has an answer of its own
        learn(found.server_time, sent, performance.now());
        etag = answer.headers.get("ETag") || "";
        tell(found);
      } else if (answer.status === 304) {
        if (last) tell(last);
      } else if (answer.status === 401 || answer.status === 404) {
        location.reload();
        return;
      } else {
        throw new Error(String(answer.status));
      }
    } catch {
      if (!gone) say(said.lost);
      etag = "";
    }
    if (!gone) timer = setTimeout(look, again * 1000 * (0.5 + Math.random()));
  }
  timer = setTimeout(look, Math.random() * 2000);
}
