// The exam page: keeps every answer, sends it, and tells the truth about both.
import { chosen, mark, touched } from "./exam-answers.js";
import { Players } from "./exam-audio.js";
import { Clock } from "./exam-clock.js";
import { Outbox } from "./exam-outbox.js";
import { start as startKeys } from "./exam-keys.js";
import { ItemMap } from "./exam-map.js";
import { start as startOrdering } from "./exam-ordering.js";
import { count, Typing } from "./exam-typing.js";

const PAUSE_POLL = 4000;

export function start(root) {
  const paper = root.querySelector("form.paper");
  const texts = root.querySelector("[data-texts]").dataset;
  const say = (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const announce = (text) => { root.querySelector("[data-announce]").textContent = text; };
  const items = [...paper.querySelectorAll(".item")];
  const map = new ItemMap(root, items);

  const clock = new Clock(root.querySelector("[data-clock]"), say, announce, timeOver);
  const recorded = new Map();
  const typing = new Typing(paper, record);
  const outbox = new Outbox(root.dataset, {
    saved: (answer) => { clock.set(answer.server_time, answer.deadline); resumed(); },
    changed: showSaving,
    refused,
  });

  let players = null;

  onlyOneTab().then((free) => (free ? begin() : block("tab")));

  function begin() {
    const early = items.filter(touched).map((item) => [item, chosen(item)]);
    for (const change of outbox.restore(items)) show(change);
    items.forEach((item) => {
      if (item.dataset.control === "ordering") startOrdering(item, say, announce);
      if (item.dataset.control === "open") count(item);
    });
    players = new Players(root, say);
    items.forEach((item) => map.refresh(item));
    clock.set(root.dataset.serverTime, root.dataset.deadline);
    paper.addEventListener("change", (event) => record(event.target.closest(".item")));
    paper.addEventListener("click", pressed);
    paper.addEventListener("click", followed);
    paper.addEventListener("submit", (event) => event.preventDefault());
    startKeys(root, { clock, map, toggleFlag, openHandIn });
    root.querySelectorAll("[data-open]").forEach((button) =>
      button.addEventListener("click", () => (button.dataset.open === "hand-in" ? openHandIn() : dialog(button.dataset.open).showModal())));
    root.querySelector("[data-close]").addEventListener("click", () => dialog("hand-in").close());
    root.querySelector("[data-hand-in]").addEventListener("submit", handIn);
    addEventListener("online", () => outbox.flush());
    document.addEventListener("visibilitychange", () => (document.hidden ? typing.flush() : outbox.beat()));
    addEventListener("beforeunload", (event) => { typing.flush(); if (outbox.waiting) event.preventDefault(); });
    root.querySelectorAll("[data-open]").forEach((button) => { button.disabled = false; });
    if (root.dataset.state === "paused") paused();
    outbox.begin();
    for (const [item, answer] of early) {
      mark(item, answer);
      record(item);
    }
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

  function showSaving({ waiting, failing, at }) {
    const place = root.querySelector("[data-saving]");
    const name = waiting ? (failing ? "savingOffline" : "savingNow") : (failing ? "savingLost" : "savingDone");
    const time = at ? at.toLocaleTimeString(document.documentElement.lang, { hour12: false }) : "";
    const text = say(name, { count: waiting, time });
    if (place.textContent !== text) place.textContent = text;
    place.dataset.tone = failing ? "warn" : waiting ? "busy" : "good";
  }

  function refused(code, message) {
    if (code === "attempt_paused") return paused();
    if (code === "attempt_closed") { location.assign(root.dataset.page); return undefined; }
    if (code === "client_replaced") return block("replaced");
    if (code === "login_required") return block("login");
    root.querySelector("[data-fault]").hidden = false;
    root.querySelector("[data-fault] p").textContent = message;
    return undefined;
  }

  function paused() {
    if (!dialog("paused").open) dialog("paused").showModal();
    clock.hold();
    players?.hold();
    setTimeout(() => outbox.beat(), PAUSE_POLL);
  }

  function resumed() {
    if (!dialog("paused").open) return;
    dialog("paused").close();
    players?.go();
  }

  function block(name) {
    outbox.stop();
    close();
    dialog(name).addEventListener("cancel", (event) => event.preventDefault());
    dialog(name).showModal();
  }

  function close() {
    typing.flush();
    players?.stop();
    paper.querySelectorAll("input, select, textarea, button").forEach((control) => { control.disabled = true; });
  }

  function timeOver() {
    close();
    root.querySelectorAll("dialog[open]").forEach((open) => open.close());
    dialog("over").showModal();
    outbox.beat();
    setInterval(() => outbox.beat(), 3000);
  }

  function openHandIn() {
    typing.flush();
    const { unanswered, begun, flagged } = map.counts();
    const box = dialog("hand-in");
    box.querySelector("[data-count-unanswered]").textContent =
      unanswered.length ? say("unanswered", { count: unanswered.length }) : begun.length ? "" : say("allAnswered");
    box.querySelector("[data-count-begun]").textContent = begun.length ? say("begun", { count: begun.length }) : "";
    box.querySelector("[data-count-flagged]").textContent = flagged.length ? say("flagged", { count: flagged.length }) : "";
    box.querySelector("[data-open-items]").replaceChildren(...items.filter((item) => [...unanswered, ...begun, ...flagged].includes(item)).map((item) => {
      const link = document.createElement("a");
      link.href = `#${item.id}`;
      link.textContent = item.dataset.position;
      link.addEventListener("click", () => { box.close(); map.go(item); });
      return link;
    }));
    box.showModal();
  }

  async function handIn(event) {
    event.preventDefault();
    const form = event.target;
    form.querySelector("button.primary").disabled = true;
    if (await outbox.drained()) {
      outbox.stop();
      form.submit();
    } else {
      form.querySelector("button.primary").disabled = false;
      form.querySelector("[data-hand-in-offline]").hidden = false;
    }
  }

  function dialog(name) { return root.querySelector(`dialog[data-dialog="${name}"]`); }

  function onlyOneTab() {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      navigator.locks.request(`exam-${root.dataset.attempt}`, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        return lock ? new Promise(() => {}) : undefined;
      });
    });
  }
}
