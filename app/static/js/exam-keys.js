// The keyboard: letters act only while no text is typed and while the candidate leaves them switched on.
export function start(root, { clock, map, toggleFlag, openHandIn }) {
  const on = root.querySelector("[data-keys]");
  document.addEventListener("keydown", (event) => {
    if (root.querySelector("dialog[open]")) return;
    if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); openHandIn(); return; }
    const field = event.target.closest?.("select, textarea, input[type=text]");
    if (field && event.key === "Escape" && !event.isComposing) { event.preventDefault(); field.closest(".item").focus({ preventScroll: true }); return; }
    if (field || event.ctrlKey || event.altKey || event.metaKey || !on.checked) return;
    const act = action(event.key.toLowerCase());
    if (act) { event.preventDefault(); act(); }
  });

  function action(key) {
    const actions = {
      j: () => map.step(1),
      k: () => map.step(-1),
      arrowright: () => map.step(1),
      arrowleft: () => map.step(-1),
      f: () => toggleFlag(map.current),
      t: () => { root.querySelector("[data-announce]").textContent = ""; setTimeout(() => { root.querySelector("[data-announce]").textContent = clock.words(); }, 50); },
      m: () => (root.querySelector("[data-map] [aria-current]") ?? root.querySelector("[data-map] a")).focus(),
      "?": () => root.querySelector("dialog[data-dialog=help]").showModal(),
    };
    const number = "12345".indexOf(key) + 1 || "abcde".indexOf(key) + 1;
    if (key.length === 1 && number) return () => choose(number);
    return actions[key];
  }

  function choose(number) {
    const input = map.current.querySelectorAll("input, select, textarea")[number - 1];
    if (!input) return;
    input.focus();
    if (map.current.dataset.control === "choice") input.click();
  }
}
