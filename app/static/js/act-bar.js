// Several at once: how many are chosen, and reasons that need no typing.
export function start(form) {
  const chosen = form.querySelector("[data-chosen]"), reason = form.querySelector("[name=reason]");
  if (!chosen) return;
  form.addEventListener("change", (event) => {
    if (event.target.name === "seat") form.querySelector("[name=target][value=chosen]").checked = true;
    chosen.textContent = form.querySelectorAll("[name=seat]:checked").length || "";
  });
  form.querySelector("[data-quick]").addEventListener("click", (event) => {
    const said = event.target.dataset.reason;
    if (said) reason.value = said;
  });
}
