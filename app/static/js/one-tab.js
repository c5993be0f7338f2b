// An exam, or a task at a computer, goes on in one tab alone: two would write over each other.
const LEAVING = 2000; // for the page before this one, reloaded or closed, to be quite gone

export function onlyOneTab(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const patience = new AbortController();
    setTimeout(() => patience.abort(), LEAVING);
    navigator.locks.request(name, { signal: patience.signal }, () => {
      resolve(true);
      return new Promise(() => {});
    }).catch((lost) => resolve(lost.name !== "AbortError"));
  });
}
