// Counts up from the seconds the server named; the server's own times are what is kept.
export function start(element) {
  const shown = element.querySelector("[role=timer]");
  const first = Number(element.dataset.seconds), limit = Number(element.dataset.limit);
  const begun = performance.now();
  const show = () => {
    const seconds = Math.floor(first + (performance.now() - begun) / 1000);
    shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    element.classList.toggle("over", seconds > limit);
  };
  show();
  setInterval(show, 1000);
}
