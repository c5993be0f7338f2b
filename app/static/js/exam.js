// The exam page: keeps every answer, sends it, and tells the truth about both.
import { Alarm } from "./exam-alarm.js";
import { chosen, mark } from "./exam-answers.js";
import { Players } from "./exam-audio.js";
import { Clock } from "./exam-clock.js";
import { HandIn } from "./exam-hand-in.js";
import { asServed, forget, keep } from "./exam-keeper.js";
import { start as startKeys } from "./exam-keys.js";
import { ItemMap } from "./exam-map.js";
import { Notices } from "./exam-notices.js";
import { start as startOrdering } from "./exam-ordering.js";
import { Outbox } from "./exam-outbox.js";
import { Server } from "./exam-server.js";
import { Sitting } from "./exam-sitting.js";
import { clearOthers, offerSealed, Sticks } from "./exam-sticks.js";
import { Store } from "./exam-store.js";
import { count, Typing } from "./exam-typing.js";
import { onlyOneTab } from "./one-tab.js";

const PAUSE_POLL = 4000;
const CLOCK_KEPT = 10000;
const ALARM_AFTER = 20; // seconds without the server; the line at the top says so at once
const LAST_MINUTES = 300;
const SETTLED = 5000, AT_ONCE = 15000; // where all begin at once, what can wait comes so much later and strewn

// `ahead`: opened from the lobby, so that the server was heard a moment ago, and everybody else is opening theirs.
export async function start(root, { ahead = false } = {}) {
  const html = asServed();
  const paper = root.querySelector("form.paper");
  const texts = root.querySelector("[data-texts]").dataset;
  const say = (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const announce = (text) => { root.querySelector("[data-announce]").textContent = text; };
  const items = [...paper.querySelectorAll(".item")];
  const recorded = new Map();
  const page = { root, say, items, alarm, close, reopen, refused, finished };
  let players = null;

  if (!(await onlyOneTab(`exam-${root.dataset.attempt}`))) return block("tab");
  const store = await Store.open(root.dataset.attempt);
  await clearOthers(store, root.dataset.user);
  const sitting = page.sitting = await Sitting.open(store, root.dataset, items);
  const server = page.server = new Server(root.dataset);
  const map = page.map = new ItemMap(root, items);
  const clock = new Clock(root.querySelector("[data-clock]"), say, announce, {
    over: timeOver, again: reopened, doubt: () => outbox.beat(), extended: (seconds) => told(say("extended", { minutes: Math.round(seconds / 6) / 10 })),
  });
  const notices = new Notices(root, server, sitting);
  const typing = new Typing(paper, record, () => page.outbox?.report());
  page.typing = typing;
  const sticks = new Sticks(root, sitting, say);
  const outbox = page.outbox = new Outbox(root.dataset.changesUrl, server, sitting, { saved, changed: showSaving, refused, merged, lost: alarm });
  const handIn = new HandIn(root, page);
  const loud = new Alarm(root, say);
  return begin();

  function begin() {
    if (handIn.wished) paper.reset(); // what was chosen since, before this script ran, came after the handing in
    for (const change of sitting.shown) show(change);
    items.forEach((item) => {
      if (item.dataset.control === "ordering") startOrdering(item, say, announce);
      if (item.dataset.control === "open") count(item);
    });
    players = new Players(root, say, server);
    items.forEach((item) => map.refresh(item));
    if (sitting.record.clock) clock.resume(sitting.record.clock);
    else clock.page(root.dataset.serverTime, root.dataset.deadline);
    listen();
    root.querySelectorAll("[data-open]").forEach((button) => { button.disabled = false; });
    if (root.dataset.state === "paused" || sitting.record.clock?.held) paused();
    if (handIn.wished) close();
    outbox.begin(ahead ? SETTLED + Math.random() * AT_ONCE : 0);
    notices.heard(Number(root.dataset.notice));
    offerSealed(store, root.querySelector("[data-sealed]"));
    receipt();
    setInterval(() => sitting.set({ clock: clock.kept() }), CLOCK_KEPT);
    keep(html, root.dataset.worker, !sitting.again).then((kept) => { root.dataset.kept = kept; });
  }

  function listen() {
    paper.addEventListener("change", (event) => record(event.target.closest(".item")));
    paper.addEventListener("click", pressed);
    paper.addEventListener("click", followed);
    paper.addEventListener("submit", (event) => event.preventDefault());
    startKeys(root, { clock, map, toggleFlag, openHandIn });
    root.querySelectorAll("[data-open]").forEach((button) =>
      button.addEventListener("click", () => (button.dataset.open === "hand-in" ? openHandIn() : dialog(button.dataset.open).showModal())));
    root.querySelector("[data-reload]").addEventListener("click", () => location.reload());
    addEventListener("online", () => outbox.beat());
    addEventListener("pageshow", () => outbox.beat());
    document.addEventListener("resume", () => outbox.beat());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return leave();
      clock.show();
      return outbox.beat();
    });
    addEventListener("pagehide", leave);
    addEventListener("beforeunload", (event) => { typing.flush(); if (outbox.waiting && !outbox.stopped) event.preventDefault(); });
    setTimeout(beatInBackground, ahead ? SETTLED + Math.random() * AT_ONCE : 0);
  }

  function beatInBackground() {
    try {
      new Worker(new URL("exam-pulse.js", import.meta.url)).onmessage = () => { outbox.tick(); if (document.hidden) clock.show(); };
    } catch { /* the page's own timers go on */ }
  }

  function leave() {
    typing.flush();
    if (!outbox.stopped) sitting.set({ clock: clock.kept() });
    outbox.leave();
  }

  function pressed(event) {
    const item = event.target.closest(".item");
    if (event.target.closest(".flag")) toggleFlag(item);
    if (event.target.closest(".clear")) {
      mark(item, []);
      record(item);
      map.go(item);
    }
  }

  function followed(event) {
    const link = event.target.closest("[data-stimulus], [data-item]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.item) return map.go(items[link.dataset.item - 1]);
    const material = root.querySelector(link.getAttribute("href"));
    material.scrollIntoView({ block: "start" });
    return material.focus({ preventScroll: true });
  }

  function toggleFlag(item) {
    if (paper.classList.contains("closed")) return;
    const flag = item.querySelector(".flag");
    flag.setAttribute("aria-pressed", flag.getAttribute("aria-pressed") !== "true");
    record(item);
  }

  function record(item) {
    if (!item) return;
    const answer = chosen(item);
    const flagged = item.querySelector(".flag").getAttribute("aria-pressed") === "true";
    map.refresh(item);
    const state = JSON.stringify([answer, flagged]);
    if (recorded.get(item) === state) return; // a field that is left after its text was kept
    recorded.set(item, state);
    outbox.add(Number(item.dataset.position), answer, flagged, Boolean(item.querySelector("textarea, input[type=text]")));
  }

  function show(change) {
    const item = items[change.position - 1];
    mark(item, change.answer);
    item.querySelector(".flag").setAttribute("aria-pressed", change.flagged);
  }

  function saved(answer, sent, received) {
    clock.sync(answer.server_time, answer.deadline, sent, received);
    resumed();
    receipt();
    notices.heard(answer.notice);
    handIn.carryOut();
  }

  function unsent() { return outbox.waiting + typing.besides(sitting.pending); }

  function showSaving({ failing, at, safe }) {
    const waiting = unsent();
    const place = root.querySelector("[data-saving]");
    const away = safe ? "savingOffline" : "savingUnkept";
    const name = waiting ? (failing ? away : "savingNow") : (failing ? "savingLost" : at ? "savingDone" : "savingStanding");
    const time = at ? at.toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone: "Asia/Shanghai" }) : "";
    const text = say(name, { count: waiting, time });
    if (place.textContent !== text) place.textContent = text;
    place.dataset.tone = failing ? "warn" : waiting ? "busy" : "good";
    root.querySelectorAll("[data-unsent]").forEach((part) => { part.hidden = !waiting; });
    root.querySelectorAll("[data-all-sent]").forEach((part) => { part.hidden = waiting > 0; });
    root.querySelector("[data-unsure]").hidden = !(clock.unsure && failing);
    sticks.show();
    alarm();
  }

  function alarm() {
    if (outbox.stopped) return loud.show(""); // handed in, or blocked: another page or a box says what is
    const away = outbox.failures > 0;
    root.querySelectorAll("[data-open=hand-in]").forEach((button) => { button.disabled = handIn.wished; });
    if (handIn.wished && (away || !handIn.busy)) return loud.show("alarmWish");
    if (away && clock.seconds() <= LAST_MINUTES) return loud.show("alarmLast");
    if (away && outbox.lost >= ALARM_AFTER) return loud.show(unsent() ? "alarmOffline" : "alarmLost");
    return loud.show("");
  }

  function refused(code, message) {
    if (code === "attempt_paused") return paused();
    if (code === "attempt_closed") {
      close();
      return outbox.waiting ? outbox.schedule(0) : finished(""); // what was still being typed goes along as evidence
    }
    if (code === "client_replaced") return block("replaced");
    if (code === "login_required") return block("login");
    root.querySelector("[data-fault]").hidden = false;
    root.querySelector("[data-fault] p").textContent = message;
    return undefined;
  }

  function told(text) {
    root.querySelector("[data-told]").hidden = false;
    root.querySelector("[data-told] p").textContent = text;
  }

  // Answers came from somewhere else, a file for one: this page does not show them yet.
  function merged() { root.querySelector("[data-merged]").hidden = false; }

  function paused() {
    if (!dialog("paused").open) dialog("paused").showModal();
    clock.hold();
    players?.hold();
    outbox.schedule(PAUSE_POLL);
  }

  function resumed() {
    if (!dialog("paused").open) return;
    dialog("paused").close();
    players?.go();
  }

  function block(name) {
    page.outbox?.stop();
    close();
    dialog(name).addEventListener("cancel", (event) => event.preventDefault());
    dialog(name).showModal();
  }

  // The exam is over and the server has all there was: nothing stays at this computer.
  async function finished(text) {
    outbox.stop();
    if (text) sitting.record.receipt = text;
    await Promise.all([store.forget(), forget().catch(() => {})]);
    location.assign(root.dataset.page);
  }

  function close() {
    page.typing?.flush();
    players?.stop();
    paper.classList.add("closed");
    paper.querySelectorAll("input, select, textarea, button").forEach((control) => { control.disabled = true; });
  }

  function reopen() {
    paper.classList.remove("closed");
    paper.querySelectorAll("input, select, textarea, button").forEach((control) => { control.disabled = control.type === "submit"; });
    players?.show();
  }

  function timeOver() {
    typing.flush();
    close();
    root.querySelectorAll("dialog[open]").forEach((open) => open.close());
    dialog("over").showModal();
    outbox.beat();
    page.pressing = setInterval(() => { if (!outbox.failures) outbox.beat(); }, 3000);
  }

  // Time was added after the page had closed itself.
  function reopened() {
    clearInterval(page.pressing);
    dialog("over").close();
    if (!handIn.wished) reopen();
  }

  function openHandIn() {
    if (handIn.wished || paper.classList.contains("closed")) return;
    typing.flush();
    handIn.open();
  }

  function receipt() {
    const text = sitting.record.receipt;
    const place = root.querySelector("code[data-receipt]");
    if (place.textContent !== (text || "—")) place.textContent = text || "—";
  }

  function dialog(name) { return root.querySelector(`dialog[data-dialog="${name}"]`); }
}
