// Enter goes to the next field of a long form, and from the last one to its button; with Ctrl it sends.
export function start(form) {
  const stops = () => [...form.querySelectorAll("input:not([type=hidden]), button:not([type=button])")];
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.isComposing || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const fields = stops();
    const after = fields.indexOf(event.target) + 1;
    const points = event.target.name.startsWith("points-");
    const next = fields.slice(after).find((one) => !points || !one.name.startsWith("note-")) ?? fields[after];
    next?.focus();
    next?.select?.();
  });
}
