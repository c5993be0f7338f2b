// Loads the page anew after a while, as long as somebody is looking at it and nothing is being typed.
export function start(element) {
  setInterval(() => document.hidden || location.reload(), Number(element.dataset.seconds) * 1000);
}
