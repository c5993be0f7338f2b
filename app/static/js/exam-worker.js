// Keeps the page of one running exam, or task at a computer, for the time without a network: the page, its scripts and
// styles, its pictures. The network always goes first. No answer of the API is ever kept, and no page beside the newest.
const PREFIX = "exam-";
const PAPER = /^\/(exam|my\/practical)\/((?:practice-)?\d+)$/;
const UNTIL = "X-Kept-Until"; // by this computer's date; after it the next candidate may sit here
const PICTURE = /^\/api\/v1\/(?:attempts|practice)\/\d+\/media\//;
const PATIENCE = { navigate: 8000, file: 5000 };
const fromHere = new Set(); // pages that came from the cache take their scripts from there as well: those fit together

const nameOf = (path) => path.replace(PAPER, (_, place, one) => `${PREFIX}${place === "exam" ? "" : "task-"}${one}`);

addEventListener("install", (event) => event.waitUntil(skipWaiting()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("message", (event) => {
  const { keep, forget } = event.data;
  const done = forget ? purge(null) : keep ? keepPaper(keep) : null;
  if (done) event.waitUntil(done.then((kept) => event.ports[0]?.postMessage(kept ?? true), () => event.ports[0]?.postMessage(false)));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && PAPER.test(url.pathname)) event.respondWith(paper(event, url.pathname));
  else if (url.pathname.startsWith("/static/") || PICTURE.test(url.pathname)) event.respondWith(file(event));
});

async function paper(event, path) {
  try {
    const answer = await soon(fetch(event.request), PATIENCE.navigate, async () => Boolean(await kept(path, path)));
    if (answer.status >= 500) return (await opened(event, path)) ?? answer;
    // Another's exam, or one that no longer runs: what is kept here has nobody left to be shown to.
    if (answer.type === "basic") await purge(answer.headers.get("X-Exam-Page") === "paper" ? nameOf(path) : null);
    return answer;
  } catch {
    return (await opened(event, path)) ?? Response.error();
  }
}

async function opened(event, path) {
  const page = await kept(path, path);
  if (Date.now() > Number(page?.headers.get(UNTIL) ?? Infinity)) {
    await caches.delete(nameOf(path));
    return undefined;
  }
  if (page) fromHere.add(event.resultingClientId);
  return page;
}

async function file(event) {
  const { request } = event;
  const here = () => anywhere(request);
  if (fromHere.has(event.clientId)) return (await here()) ?? fetch(request);
  try {
    return await soon(fetch(request), PATIENCE.file, async () => Boolean(await here()));
  } catch (lost) {
    const found = await here();
    if (found) return found;
    throw lost;
  }
}

// A network that says nothing for long counts as gone, but only where there is something instead.
function soon(answer, patience, instead) {
  return new Promise((resolve, reject) => {
    answer.then(resolve, reject);
    setTimeout(async () => { if (await instead()) reject(new Error("too slow")); }, patience);
  });
}

async function kept(path, what) { return (await caches.has(nameOf(path))) ? (await caches.open(nameOf(path))).match(what) : undefined; }

async function anywhere(request) {
  for (const name of await papers()) {
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

async function papers() { return (await caches.keys()).filter((name) => name.startsWith(PREFIX)); }

async function purge(beside) {
  for (const name of await papers()) if (name !== beside) await caches.delete(name);
}

async function keepPaper({ path, html, files, until }) {
  await purge(nameOf(path));
  const cache = await caches.open(nameOf(path));
  const headers = await rules();
  if (until) headers.set(UNTIL, String(until));
  for (const one of files) {
    const answer = await fetch(one, { cache: "force-cache" }); // as the page has just loaded it: it fits, and asks nobody
    if (answer.ok) await cache.put(one, answer);
  }
  await cache.put(path, new Response(html, { headers })); // last: a page without its scripts would keep no answer
  return true;
}

// The page from the cache obeys the same rules as any page of the server: those this very file came with.
async function rules() {
  const own = (await fetch(location.href)).headers;
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8" });
  for (const name of ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"]) {
    if (own.has(name)) headers.set(name, own.get(name));
  }
  return headers;
}
