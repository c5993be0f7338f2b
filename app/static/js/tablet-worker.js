// Opens an examiner's pages without a network. The network goes first; no answer of the API is ever kept. What cannot be
// kept, on a full disk say, is shown all the same.
const PREFIX = "tablet-", FILES = "tablet-files";
const PATIENCE = 6000;

addEventListener("install", (event) => event.waitUntil(skipWaiting()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (/^\/static\/|\/photo$|^\/api\/v1\/.*(media|evidence)\//.test(url.pathname)) event.respondWith(file(request));
});

async function page(request, url) {
  const kept = () => anywhere(url.pathname);
  try {
    const answer = await soon(fetch(request), kept);
    if (answer.status >= 500) return (await kept()) ?? answer;
    const user = answer.headers.get("X-Tablet-Page");
    if (user) await take(user, url.pathname, answer.clone()).catch(() => {});
    return answer;
  } catch {
    return (await kept()) ?? Response.error();
  }
}

// A page of one examiner stands for a log-in: what is kept for anybody else goes.
async function take(user, path, answer) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== FILES && name !== PREFIX + user) await caches.delete(name);
  }
  if (!answer.redirected) await (await caches.open(PREFIX + user)).put(path, answer);
}

async function file(request) {
  try {
    const answer = await soon(fetch(request), () => anywhere(request));
    if (answer.status >= 500) return (await anywhere(request)) ?? answer;
    if (answer.ok && new URL(request.url).pathname.startsWith("/static/")) {
      await caches.open(FILES).then((files) => files.put(request, answer.clone())).catch(() => {});
    }
    return answer;
  } catch (lost) {
    const found = await anywhere(request);
    if (found) return found;
    throw lost;
  }
}

// A network that says nothing for long counts as gone, but only where there is something instead.
function soon(answer, instead) {
  return new Promise((resolve, reject) => {
    answer.then(resolve, reject);
    setTimeout(async () => { if (await instead()) reject(new Error("too slow")); }, PATIENCE);
  });
}

async function anywhere(what) {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(PREFIX))) {
    const found = await (await caches.open(name)).match(what, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}
