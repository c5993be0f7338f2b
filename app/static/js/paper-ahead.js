// The paper waits at this computer before the doors open, sealed: only the answer to the start tells the key to it.
// Where a browser cannot do that (no secure context), the start goes as ever: by the form, with the page after it.
import { startAll } from "./main.js";
import { serverNow } from "./server-time.js";

const BEHAVIOURS = ["exam", "exam-integrity", "copy"];
const LONGEST = 300, SHORTEST = 5, MARGIN = 30, LATER = 15; // seconds
const TRIES = 3;
const PATIENCE = 10000;
const NONCE = 12;
const OVER = new Set([401, 404]);

export class PaperAhead {
  constructor(door) {
    const { ahead, begin, worker, attempt } = door.dataset;
    Object.assign(this, { door, address: ahead, begin, worker, attempt, opens: Date.parse(door.dataset.opens), sealed: null });
  }

  get ready() { return Boolean(this.sealed); }

  // Strewn over the time of waiting, so that a full hall does not fetch at once.
  wait() {
    if (!this.address || !isSecureContext || !globalThis.crypto?.subtle || !globalThis.DecompressionStream) return;
    const within = Math.min(LONGEST, Math.max(SHORTEST, (this.opens - serverNow()) / 1000 - MARGIN));
    setTimeout(() => this.bring(TRIES), Math.random() * within * 1000);
  }

  // The page itself, and all that it will load, so that nothing more is fetched once the doors are open.
  async bring(tries) {
    try {
      const answer = await fetch(this.address, { cache: "no-store", credentials: "same-origin" });
      if (answer.status === 403 || answer.status === 404 || answer.redirected) return;
      if (answer.status === 503) { // busy, and nothing is urgent
        setTimeout(() => this.bring(tries), (Number(answer.headers.get("Retry-After")) + Math.random() * LATER) * 1000);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const sealed = await answer.arrayBuffer();
      await Promise.all(BEHAVIOURS.map((name) => import(`./${name}.js`)));
      navigator.serviceWorker?.register(this.worker, { scope: "/exam/" }).catch(() => {});
      this.sealed = sealed;
      this.door.dataset.sealed = "here";
    } catch {
      if (tries > 1) setTimeout(() => this.bring(tries - 1), 2000 + Math.random() * 8000);
    }
  }

  // Undefined once the paper is shown (or loaded as ever); what the server says against it; throws where it was not reached.
  async start(code) {
    const token = document.querySelector("meta[name=csrf-token]").content;
    const answer = await fetch(this.begin, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ gate_code: code, paper: false }),
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    const said = await answer.json();
    if (!answer.ok && answer.status < 500 && !OVER.has(answer.status)) return said.error.message;
    if (answer.status >= 500) throw new Error(String(answer.status));
    if (!answer.ok || said.next_seq !== 1 || said.state !== "in_progress") return location.reload();
    try {
      show(await opened(this.sealed, said.key, this.attempt), said);
    } catch { location.reload(); }
    return undefined;
  }
}

async function opened(sealed, key, attempt) {
  const bytes = Uint8Array.from(atob(key), (one) => one.charCodeAt(0));
  const ours = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["decrypt"]);
  const about = { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: new TextEncoder().encode(`exam-page ${attempt}`) };
  const packed = await crypto.subtle.decrypt(about, ours, sealed.slice(NONCE));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

// The page takes the lobby's place, under the same address and with the start's own words in it.
function show(html, said) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const { client, token, notice } = said;
  Object.assign(page.querySelector("[data-behaviour~=exam]").dataset, {
    client, token, notice, state: said.state, deadline: said.deadline, serverTime: said.server_time, nextSeq: said.next_seq,
  });
  page.querySelectorAll("input[name=client]").forEach((field) => field.setAttribute("value", client));
  document.title = page.title;
  document.querySelectorAll("link[data-later]").forEach((link) => { link.removeAttribute("media"); link.removeAttribute("data-later"); });
  document.querySelectorAll("link[data-lobby]").forEach((link) => link.remove());
  document.body.replaceWith(document.adoptNode(page.body));
  scrollTo(0, 0);
  document.querySelector("main").focus({ preventScroll: true });
  startAll({ ahead: true });
}
