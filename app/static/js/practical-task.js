// A task at a computer: keeps everything done, sends it, shows the time, and ends. What is done is the kind's own module.
import { Clock } from "./exam-clock.js";
import { Server } from "./exam-server.js";
import { Outbox } from "./practical-outbox.js";

const MODULES = { chat: "chat", ticket: "fields", report: "fields", typing: "typing", faults: "faults", roster: "roster" };
const BEATS = { chat: 3000 };
const GRACE = 9000;

export async function start(root) {
  const texts = root.querySelector("[data-texts]").dataset;
  const say = (name, values = {}) => (texts[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const announce = (text) => { root.querySelector("[data-announce]").textContent = text; };
  const tell = (text, place = "[data-told]") => {
    const box = root.querySelector(place);
    box.hidden = !text;
    box.querySelector("p").textContent = text;
  };
  if (!(await onlyOneTab(root.dataset.task))) return tell(say("otherTab"), "[data-fault]");

  const server = new Server({});
  const view = JSON.parse(root.dataset.view);
  const work = root.querySelector("[data-work]");
  const lock = root.querySelector("[data-lock]");
  let [kind, ended] = [null, false];
  const clock = new Clock(root.querySelector("[data-clock]"), say, announce, {
    over: timeOver, again: () => { lock.disabled = false; }, doubt: () => outbox.send(true),
    extended: (seconds) => tell(say("extended", { minutes: Math.round(seconds / 6) / 10 })),
  });
  const outbox = new Outbox({
    task: root.dataset.task, url: root.dataset.entriesUrl, server, beat: BEATS[root.dataset.kind] ?? 15000,
    heard: () => kind?.heard?.() ?? 0, told: { changed: showSaving, heard, refused, replaced },
  });
  const { mount } = await import(`./practical-${MODULES[root.dataset.kind]}.js`);
  kind = mount(work, { ...view, kind: root.dataset.kind, say, announce, server, clock, playsUrl: root.dataset.playsUrl, task: view.task, id: root.dataset.task,
    add: (...entry) => outbox.add(...entry), drained: () => outbox.drained() });
  for (const earlier of outbox.earlier) for (const entry of earlier.pending) kind.replay(entry.kind, entry.data);
  clock.page(root.dataset.serverTime, root.dataset.deadline);
  lock.disabled = false;
  work.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("pagehide", () => outbox.leave());
  addEventListener("online", () => outbox.send(true));
  addEventListener("beforeunload", (event) => { if (outbox.failures && !outbox.stopped) event.preventDefault(); }); // it would not open again
  startFinish();
  root.dataset.ready = "true";
  return outbox.begin();

  function heard(answer, sent, received) {
    clock.sync(answer.server_time, answer.deadline, sent, received);
    kind.heardFrom?.(answer);
    if (answer.state === "ended") location.reload();
  }

  function refused(code, lost) {
    lock.disabled = true;
    kind.stop?.();
    tell(lost ? say("dropped", { count: lost }) : say("over"), "[data-fault]");
    if (!lost) location.reload();
  }

  function replaced(waiting) {
    lock.disabled = true;
    root.querySelector("[data-finish]").disabled = true;
    kind.stop?.();
    const [place, text] = [root.querySelector("[data-saving]"), say(waiting ? "replacedWaiting" : "replacedSaved", { count: waiting })];
    Object.assign(place, { textContent: text }).dataset.tone = "warn";
    tell(`${say("replaced")} ${text}`, "[data-fault]");
    const again = root.querySelector("[data-here-again]");
    again.hidden = false;
    again.addEventListener("click", () => location.reload());
    ended = true;
  }

  async function timeOver() {
    kind.flush?.();
    lock.disabled = true;
    kind.stop?.();
    tell(say("over"));
    if (ended) return;
    await outbox.drained();
    setTimeout(() => outbox.send(true), GRACE + 3000); // the server then says that it is over, and the page follows
  }

  function startFinish() {
    const dialog = root.querySelector("[data-dialog]");
    const form = dialog.querySelector("form");
    const button = root.querySelector("[data-finish]");
    button.disabled = false;
    button.addEventListener("click", () => {
      kind.flush?.();
      root.querySelector("[data-open-points]").textContent = kind.open?.() || say("nothingOpen");
      dialog.querySelector("[data-finish-refused]").hidden = true;
      dialog.showModal();
    });
    dialog.querySelector("[data-back]").addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if ((await outbox.drained()) && (await reached())) {
        outbox.stop();
        form.submit();
      } else dialog.querySelector("[data-finish-refused]").hidden = false;
    });
  }

  async function reached() {
    await outbox.send(true);
    return !outbox.failures;
  }

  function showSaving({ waiting, failing, barred, safe, at }) {
    if (ended) return;
    const place = root.querySelector("[data-saving]");
    const time = at?.toLocaleTimeString(document.documentElement.lang, { hour12: false });
    const [text, tone] = barred ? [say("login"), "warn"]
      : failing && waiting ? [say(safe ? "savingOffline" : "savingUnkept", { count: waiting }), "warn"]
      : failing ? [say("savingLost"), "warn"]
      : waiting ? [say(safe ? "savingNow" : "savingUnkept", { count: waiting }), "busy"]
      : [at ? say("savingDone", { time }) : say("savingStanding"), "good"];
    if (place.textContent !== text) place.textContent = text;
    place.dataset.tone = tone;
    if (barred) tell(say("login"), "[data-fault]");
    else if (!lock.disabled) tell(failing ? say("stay") : "", "[data-fault]");
  }
}

function onlyOneTab(task) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`task-${task}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
