// Keeps an examiner's pages in this browser, so that every candidate opens without a network; and takes them out again.
const PREFIX = "tablet-", FILES = "tablet-files";

// Loads ahead: on the list of candidates all their pages, elsewhere only this page's files.
export async function keep(texts, own) {
  const place = document.querySelector("[data-keeping]");
  if (!navigator.serviceWorker || !globalThis.caches || !isSecureContext) return;
  try {
    await navigator.serviceWorker.register(texts.worker, { scope: "/examiner/" }).catch(() => navigator.serviceWorker.ready);
    await files(texts.files.trim().split(" "));
    const rows = [...document.querySelectorAll("[data-keep]")];
    if (!place || !rows.length) return;
    const cache = await caches.open(PREFIX + texts.user);
    const here = location.pathname;
    await refresh(cache, here, `${texts.language}`, null);
    for (const [done, row] of rows.entries()) {
      say(place, place.dataset.busy.replace("{done}", done).replace("{count}", rows.length));
      const mark = `${texts.language}-${row.dataset.mark}`;
      const stands = await refresh(cache, row.pathname, mark, (page) => page.querySelector("[data-stands]")?.dataset.stands);
      await refresh(cache, row.dataset.keep, mark, null);
      if (row.dataset.photo) await refresh(cache, row.dataset.photo, "photo", null);
      if (stands) await own.heard(own.sheet(row.dataset.row), JSON.parse(stands), { arrived: null });
    }
    say(place, place.dataset.kept.replace("{count}", rows.length));
  } catch {
    if (place) say(place, place.dataset.failed);
  }
}

function say(place, text) {
  place.hidden = false;
  place.textContent = text;
}

// Fetched anew only where it changed since; its marks are kept elsewhere and laid over it.
async function refresh(cache, path, mark, read) {
  const before = await cache.match(path);
  const name = `/examiner/kept${path}`;
  if (before && path !== location.pathname && (await (await cache.match(name))?.text()) === mark) return null;
  const answer = await fetch(path, { headers: { Accept: "text/html,image/*" } }).catch(() => null);
  if (!answer && before) return null; // without a network what is here must do
  if (!answer?.ok || answer.redirected) throw new Error(path);
  await cache.put(path, answer.clone());
  await cache.put(name, new Response(mark));
  if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const named = [...page.querySelectorAll("img[src], audio[src], source[src], link[rel=stylesheet], script[src]")]
    .map((one) => one.getAttribute("src") ?? one.getAttribute("href"));
  await files(named.filter((one) => one.startsWith("/static/")));
  await files(named.filter((one) => one.startsWith("/api/")), cache); // of persons: they go with their pages
  return read ? read(page) : null;
}

async function files(addresses, own = null) {
  const cache = own ?? await caches.open(FILES);
  for (const one of new Set(addresses)) {
    if (await cache.match(one)) continue;
    const answer = await fetch(one);
    if (answer.ok) await cache.put(one, answer); // what is missing there is missing here as well
  }
}

export async function purgeOthers(user) { await purge((name) => name !== PREFIX + user && name !== FILES); }

export async function forget() { await purge((name) => name !== FILES); }

async function purge(which) {
  if (!globalThis.caches) return;
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && which(name)) await caches.delete(name);
}
