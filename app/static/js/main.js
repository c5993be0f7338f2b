// Starts the behaviour that an element names: <div data-behaviour="board"> loads ./board.js and calls start(element).
export function startAll(how = {}) {
  for (const element of document.querySelectorAll("[data-behaviour]")) {
    for (const name of element.dataset.behaviour.split(" ")) {
      import(`./${name}.js`).then((behaviour) => behaviour.start(element, how));
    }
  }
}

startAll();
