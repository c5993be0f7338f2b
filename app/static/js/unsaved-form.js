// A form that is left with something typed asks first; sending it is not leaving.
export function start(form) {
  const texts = [...form.querySelectorAll("textarea, input:not([type]), input[type=text]")];
  let typed = texts.some((one) => one.value !== one.defaultValue); // before this ran
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}
