// In [data-hold] what is pressed, chosen or typed before its behaviour has started waits and is done then, in its order.
// A classic script in the head, so that it listens before there is anything to press; without script nothing waits.
"use strict";
{
  const PATIENCE = 8000, OFFLINE = 4; // then a form goes its plain way; without a network, where that leads nowhere, after so many times as long
  const started = new WeakSet();
  let steps = [];

  addEventListener("click", (event) => {
    const button = event.target.closest?.("button, input[type=submit]");
    if (!button || !starting(button)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const dimmed = button.animate?.([{ opacity: 0.55 }, { opacity: 0.55 }], OFFLINE * PATIENCE);
    const step = { button, words: button.textContent, dimmed };
    steps.push(step);
    if (button.type === "submit") setTimeout(goPlain, PATIENCE, step, OFFLINE - 1);
  }, true);
  addEventListener("input", stands, true);
  addEventListener("change", stands, true);
  addEventListener("started", ({ target }) => {
    started.add(target);
    const ready = steps.filter(({ button, field }) => !starting(button ?? field));
    steps = steps.filter((step) => !ready.includes(step));
    for (const step of ready) step.button ? press(step) : fill(step);
  });

  // Whether a script that takes this over is still to come.
  function starting(element) {
    const root = element.closest?.("[data-hold]");
    return Boolean(root) && (!started.has(root) || (root.parentElement && starting(root.parentElement)));
  }

  function stands(event) {
    const field = event.target;
    if (!starting(field)) return;
    event.stopImmediatePropagation();
    if (steps.at(-1)?.field === field) steps.pop();
    const kind = { checkbox: "checked", radio: "checked", file: "files" }[field.type] ?? "value";
    steps.push({ field, kind, value: field[kind] });
  }

  // Not what the page has shut or taken away meanwhile, nor a button that says something else by now.
  const gone = (one) => !one.isConnected || one.matches(":disabled") || one.closest("[inert]") || !one.getClientRects().length;

  function press({ button, words, dimmed }) {
    dimmed?.cancel();
    if (!gone(button) && button.textContent === words) button.click();
  }

  function fill({ field, kind, value }) {
    if (gone(field)) return;
    if (field[kind] !== value) field[kind] = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The first press sends the form with all that is typed in it, and the page that comes goes on from there.
  function goPlain(step, longer) {
    if (!steps.includes(step)) return;
    if (!navigator.onLine && longer) return void setTimeout(goPlain, PATIENCE, step, longer - 1);
    steps = steps.filter(({ field }) => field);
    for (let root = step.button.closest("[data-hold]"); root; root = root.parentElement?.closest("[data-hold]")) started.add(root);
    press(step);
  }
}
