// Loads the page anew after a while, as long as somebody is looking at it and nothing is being sent from it.
export function start(element) {
  const looking = setInterval(() => document.hidden || location.reload(), Number(element.dataset.seconds) * 1000);
  document.addEventListener("submit", () => clearInterval(looking));
}
