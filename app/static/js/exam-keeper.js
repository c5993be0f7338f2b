// Hands the page to the browser's own keeping, so that it opens again without a network; and takes it out when all is over.
const AFTER = 3000; // the first answers go first
const SPREAD = 7000;
let over = false;

export const asServed = () => `<!doctype html>\n${document.documentElement.outerHTML}`;

// True once the page opens without a network; false where the browser does not do that (no TLS, no storage).
// `until`: a moment by this computer's date from which on it opens no more.
export async function keep(html, worker, fresh, until = null) {
  if (!worker || !navigator.serviceWorker || !isSecureContext) return false;
  try {
    await navigator.serviceWorker.register(worker, { scope: worker.replace(/[^/]*$/, "") });
    const registered = await navigator.serviceWorker.ready;
    if (!fresh) return true; // it came from there
    await new Promise((resolve) => setTimeout(resolve, AFTER + Math.random() * SPREAD));
    if (over) return false; // handed in meanwhile
    return await ask(registered.active, { keep: { path: location.pathname, html, files: files(), until } });
  } catch { return false; }
}

export async function forget() {
  over = true;
  if (!globalThis.caches) return;
  const names = (await caches.keys()).filter((name) => name.startsWith("exam-"));
  await Promise.all(names.map((name) => caches.delete(name)));
}

function files() {
  const named = [...document.querySelectorAll("link[href], script[src], img[src]")].map((one) => one.href || one.src);
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  const own = (address) => address.startsWith(`${location.origin}/static/`) || address.includes("/media/");
  return [...new Set([...named, ...loaded])].filter(own);
}

function ask(worker, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage(message, [port2]);
    setTimeout(() => resolve(false), 60000);
  });
}
