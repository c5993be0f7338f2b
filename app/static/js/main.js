// Starts the behaviour that an element names: <div data-behaviour="board"> loads ./board.js and calls start(element).
// Once it has started, what was done meanwhile is done (hold-early.js).
export function startAll(how = {}) {
  for (const element of document.querySelectorAll("[data-behaviour]")) {
    const begun = element.dataset.behaviour.split(" ").map(async (name) => (await import(`./${name}.js`)).start(element, how));
    Promise.all(begun).finally(() => element.dispatchEvent(new Event("started", { bubbles: true })));
  }
}

startAll();
