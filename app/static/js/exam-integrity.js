// Reports what the session records and the candidate was told before the start: kept here while the network is away,
// sent in batches beside the answers, never in their way.
import { headers } from "./exam-sender.js";

const EVERY = 10000;
const AT_ONCE = 50;
const MOST_KEPT = 300;

export function start(root) {
  const kinds = new Set(root.dataset.kinds.split(" "));
  const place = `signals-${root.dataset.attempt}`;
  let waiting = read(), left = null, sending = false, unloading = false;

  document.addEventListener("exam-signal", (event) => note(event.detail.kind, event.detail));
  addEventListener("blur", gone);
  addEventListener("focus", back);
  document.addEventListener("visibilitychange", () => (document.hidden ? gone() : back()));
  addEventListener("pagehide", unload);
  addEventListener("pageshow", () => { unloading = false; });
  document.addEventListener("paste", (event) => note("paste", { length: lengthOf(event.clipboardData?.getData("text")) }));
  document.addEventListener("copy", () => note("copy", { length: lengthOf(selected()) }));
  addEventListener("beforeprint", () => note("print"));
  watchScreens();
  watchFullScreen();
  askLockdown();
  setInterval(send, EVERY);
  addEventListener("online", send);
  send();

  function note(kind, { seconds = null, length = null } = {}) {
    if (!kinds.has(kind)) return null;
    const signal = { key: identity(), kind, at: new Date().toISOString(), seconds, length };
    if (waiting.length < MOST_KEPT) waiting.push(signal);
    keep();
    return signal;
  }

  function gone() {
    if (left || unloading) return;
    left = { signal: note("focus"), since: performance.now() };
  }

  function back() {
    if (!left || document.hidden) return;
    const { signal, since } = left;
    left = null;
    if (signal) Object.assign(signal, { seconds: Math.min(86400, Math.round((performance.now() - since) / 1000)) });
    keep();
  }

  // A page that is loaded anew is not one that was left, and tells that it is hidden after it has gone.
  function unload() {
    unloading = true;
    if (left && performance.now() - left.since < 1000) waiting = waiting.filter((signal) => signal !== left.signal);
    keep();
  }

  function watchScreens() {
    if (!("isExtended" in screen)) return;
    const look = () => { if (screen.isExtended) note("screens"); };
    look();
    screen.addEventListener?.("change", look);
  }

  function watchFullScreen() {
    const bar = root.querySelector("[data-full-screen]");
    if (!bar || !document.fullscreenEnabled) return;
    const show = () => { bar.hidden = Boolean(document.fullscreenElement); };
    bar.querySelector("button").addEventListener("click", () => document.documentElement.requestFullscreen().catch(() => {}));
    document.addEventListener("fullscreenchange", () => {
      show();
      if (!document.fullscreenElement) note("full_screen");
    });
    show();
  }

  // A browser that puts no key into its headers gives it to the page.
  function askLockdown() {
    if (!root.dataset.lockdown || !window.SafeExamBrowser) return;
    import("./lockdown.js").then((lockdown) => lockdown.confirm(root.dataset.lockdown)).catch(() => {});
  }

  // Whoever is away has the time told when they are back; until then the signal stays here.
  async function send() {
    const ready = waiting.filter((signal) => signal !== left?.signal).slice(0, AT_ONCE);
    if (sending || !ready.length || navigator.onLine === false) return;
    sending = true;
    try {
      const answer = await fetch(root.dataset.url, {
        method: "POST", headers: headers(root), body: JSON.stringify({ signals: ready }), priority: "low",
        signal: AbortSignal.timeout?.(10000),
      });
      if (answer.ok || [400, 403, 404, 409, 413, 422].includes(answer.status)) {
        waiting = waiting.filter((signal) => !ready.includes(signal));
        keep();
      }
    } catch { /* kept, and sent with the next ones */ } finally { sending = false; }
  }

  function keep() {
    try { localStorage.setItem(place, JSON.stringify(waiting)); } catch { /* the memory copy remains */ }
  }

  function read() {
    try { return JSON.parse(localStorage.getItem(place)) ?? []; } catch { return []; }
  }
}

function selected() {
  const field = document.activeElement;
  if (typeof field?.selectionStart === "number") return field.value.slice(field.selectionStart, field.selectionEnd);
  return String(getSelection());
}

function lengthOf(text) { return [...(text ?? "")].length; }

function identity() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
