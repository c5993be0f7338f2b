// The exam page: keeps every answer, sends it, and tells the truth about both.
import { Clock } from "./exam-clock.js";
import { Outbox } from "./exam-outbox.js";
import { start as startKeys } from "./exam-keys.js";
import { ItemMap } from "./exam-map.js";

const PAUSE_POLL = 4000;

export function start(root) {
  const paper = root.querySelector("form.paper");
  const texts = root.querySelector("[data-texts]").dataset;
  const say = (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const announce = (text) => { root.querySelector("[data-announce]").textContent = text; };
  const items = [...paper.querySelectorAll(".item")];
  const map = new ItemMap(root, items);

  const clock = new Clock(root.querySelector("[data-clock]"), say, announce, timeOver);
  const outbox = new Outbox(root.dataset, {
    saved: (answer) => { clock.set(answer.server_time, answer.deadline); resumed(); },
    changed: showSaving,
    refused,
  });

  onlyOneTab().then((free) => (free ? begin() : block("tab")));

  function begin() {
    const early = items.filter(touched).map((item) => [item, chosen(item)]);
    for (const change of outbox.restore(items)) show(change);
    items.forEach((item) => map.refresh(item));
    clock.set(root.dataset.serverTime, root.dataset.deadline);
    paper.addEventListener("change", (event) => record(event.target.closest(".item")));
    paper.addEventListener("click", pressed);
    paper.addEventListener("submit", (event) => event.preventDefault());
    startKeys(root, { clock, map, toggleFlag, openHandIn });
    root.querySelectorAll("[data-open]").forEach((button) =>
      button.addEventListener("click", () => (button.dataset.open === "hand-in" ? openHandIn() : dialog(button.dataset.open).showModal())));
    root.querySelector("[data-close]").addEventListener("click", () => dialog("hand-in").close());
    root.querySelector("[data-hand-in]").addEventListener("submit", handIn);
    addEventListener("online", () => outbox.flush());
    document.addEventListener("visibilitychange", () => document.hidden || outbox.beat());
    addEventListener("beforeunload", (event) => { if (outbox.waiting) event.preventDefault(); });
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
    }
  }

  function toggleFlag(item) {
    const flag = item.querySelector(".flag");
    flag.setAttribute("aria-pressed", flag.getAttribute("aria-pressed") !== "true");
    record(item);
  }

  function record(item) {
    if (!item) return;
    outbox.add(Number(item.dataset.position), chosen(item), item.querySelector(".flag").getAttribute("aria-pressed") === "true");
    map.refresh(item);
  }

  function mark(item, answer) {
    item.querySelectorAll("input").forEach((input) => { input.checked = answer.includes(input.value); });
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
    setTimeout(() => outbox.beat(), PAUSE_POLL);
  }

  function resumed() {
    if (dialog("paused").open) dialog("paused").close();
  }

  function block(name) {
    outbox.stop();
    paper.querySelectorAll("input, button").forEach((control) => { control.disabled = true; });
    dialog(name).addEventListener("cancel", (event) => event.preventDefault());
    dialog(name).showModal();
  }

  function timeOver() {
    paper.querySelectorAll("input, button").forEach((control) => { control.disabled = true; });
    root.querySelectorAll("dialog[open]").forEach((open) => open.close());
    dialog("over").showModal();
    outbox.beat();
    setInterval(() => outbox.beat(), 3000);
  }

  function openHandIn() {
    const { unanswered, flagged } = map.counts();
    const box = dialog("hand-in");
    box.querySelector("[data-count-unanswered]").textContent =
      unanswered.length ? say("unanswered", { count: unanswered.length }) : say("allAnswered");
    box.querySelector("[data-count-flagged]").textContent = flagged.length ? say("flagged", { count: flagged.length }) : "";
    box.querySelector("[data-open-items]").replaceChildren(...[...new Set([...unanswered, ...flagged])].map((item) => {
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

// An old PC may show the paper a while before this script runs: what was chosen meanwhile counts as well.
function touched(item) {
  return [...item.querySelectorAll("input")].some((input) => input.checked !== input.defaultChecked);
}

export function chosen(item) {
  return [...item.querySelectorAll("input:checked")].map((input) => input.value);
}
