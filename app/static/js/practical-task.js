// A task at a computer: keeps everything done, sends it, shows the time, and ends. What is done is the kind's own module.
import { Clock } from "./exam-clock.js";
import { asServed, forget, keep } from "./exam-keeper.js";
import { Server } from "./exam-server.js";
import { onlyOneTab } from "./one-tab.js";
import { Outbox } from "./practical-outbox.js";

const MODULES = { chat: "chat", ticket: "fields", report: "fields", typing: "typing", faults: "faults", roster: "roster" };
const BEATS = { chat: 3000 };
const GRACE = 9000;
const CLOCK_KEPT = 10000;
const OPENS_AFTER_END = 120000; // then somebody else may sit here

export async function start(root) {
  const again = root.dataset.again !== undefined; // opened from what this browser kept
  const html = asServed().replace('data-behaviour="practical-task"', 'data-behaviour="practical-task" data-again');
  const texts = root.querySelector("[data-texts]").dataset;
  const say = (name, values = {}) => (texts[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const announce = (text) => { root.querySelector("[data-announce]").textContent = text; };
  const tell = (text, place = "[data-told]") => {
    const box = root.querySelector(place);
    box.hidden = !text;
    box.querySelector("p").textContent = text;
  };
  if (!(await onlyOneTab(`task-${root.dataset.task}`))) return tell(say("otherTab"), "[data-fault]");

  const server = new Server({});
  const view = JSON.parse(root.dataset.view);
  const work = root.querySelector("[data-work]");
  const lock = root.querySelector("[data-lock]");
  let [kind, ended] = [null, false];
  const clock = new Clock(root.querySelector("[data-clock]"), say, announce, {
    over: timeOver, again: () => { lock.disabled = false; }, doubt: () => outbox.send(true),
    extended: (seconds) => { tell(say("extended", { minutes: Math.round(seconds / 6) / 10 })); keepPage(true); },
  });
  const outbox = new Outbox({
    task: root.dataset.task, url: root.dataset.entriesUrl, server, beat: BEATS[root.dataset.kind] ?? 15000,
    heard: () => kind?.heard?.() ?? 0, told: { changed: showSaving, heard, refused, replaced },
  });
  const { mount } = await import(`./practical-${MODULES[root.dataset.kind]}.js`);
  kind = mount(work, { ...view, kind: root.dataset.kind, say, announce, server, clock, playsUrl: root.dataset.playsUrl, task: view.task, id: root.dataset.task,
    add: (...entry) => outbox.add(...entry), told: () => outbox.report(), drained: () => outbox.drained() });
  const ticked = outbox.before.map((one) => one.clock).filter((one) => again && one).sort((one, other) => other.at - one.at)[0];
  if (ticked) clock.resume(ticked);
  else clock.page(root.dataset.serverTime, root.dataset.deadline);
  for (const one of outbox.before) for (const entry of [...(again ? one.done : []), ...one.pending]) kind.replay(entry.kind, entry.data, entry.made_at);
  lock.disabled = clock.done;
  const tick = () => { if (!outbox.stopped) outbox.keep.tick(clock.kept()); };
  tick();
  setInterval(tick, CLOCK_KEPT);
  work.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("pagehide", () => { kind.flush?.(); tick(); outbox.leave(); });
  addEventListener("online", () => outbox.send(true));
  addEventListener("beforeunload", (event) => { if (outbox.failures && !outbox.stopped && root.dataset.kept !== "true") event.preventDefault(); }); // it would not open again
  startFinish();
  keepPage(!again);
  root.dataset.ready = "true";
  return outbox.begin();

  function keepPage(fresh) {
    keep(html, root.dataset.worker, fresh, Date.now() + clock.left() + OPENS_AFTER_END).then((kept) => {
      root.dataset.kept = kept;
      if (kept && !again) outbox.before.forEach((one) => one.forgetDone()); // this page was told it by the server
    });
  }

  function forgetHere() {
    outbox.forgetDone();
    return forget();
  }

  function heard(answer, sent, received) {
    clock.sync(answer.server_time, answer.deadline, sent, received);
    const turns = (answer.turns ?? []).filter((turn) => turn.number > kind.heard());
    if (turns.length) outbox.keep.heard(turns);
    kind.heardFrom?.(answer);
    if (answer.state !== "ended") return;
    outbox.stop();
    forgetHere().then(() => location.reload());
  }

  function refused(code, lost) {
    lock.disabled = true;
    kind.stop?.();
    forgetHere();
    tell(lost ? say("dropped", { count: lost }) : say("over"), "[data-fault]");
    if (!lost) location.reload();
  }

  function replaced(waiting) {
    lock.disabled = true;
    root.querySelector("[data-finish]").disabled = true;
    kind.stop?.();
    forgetHere();
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
        await forgetHere();
        form.submit();
      } else dialog.querySelector("[data-finish-refused]").hidden = false;
    });
  }

  async function reached() {
    await outbox.send(true);
    return !outbox.failures;
  }

  // What is still being typed is nowhere but in its field yet.
  function showSaving({ waiting: kept, failing, barred, safe, at }) {
    if (ended) return;
    const waiting = kept + (kind?.typing?.() ?? 0);
    const place = root.querySelector("[data-saving]");
    const time = at?.toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone: "Asia/Shanghai" });
    const [text, tone] = barred ? [say("login"), "warn"]
      : failing && waiting ? [say(safe ? "savingOffline" : "savingUnkept", { count: waiting }), "warn"]
      : failing ? [say("savingLost"), "warn"]
      : waiting ? [say(safe ? "savingNow" : "savingUnkept", { count: waiting }), "busy"]
      : [at ? say("savingDone", { time }) : say("savingStanding"), "good"];
    if (place.textContent !== text) place.textContent = text;
    place.dataset.tone = tone;
    if (barred) tell(say("login"), "[data-fault]");
    else if (!lock.disabled) tell(failing ? say(root.dataset.kept === "true" ? "stayKept" : "stay") : "", "[data-fault]");
  }
}
