// Ordering: a place is held by one step. Who takes it gets it; the step that was there gets the place left behind.
// Arrow keys run through places on their way: steps that were only passed by get theirs back.
export function start(item, say, announce) {
  const fields = [...item.querySelectorAll("[data-part]")];
  const values = () => new Map(fields.map((field) => [field, field.value]));
  let field = null; // the one being moved, and what stood before it moved
  let held = null;
  let now = values();
  item.addEventListener("focusin", (event) => take(event.target));
  item.addEventListener("change", (event) => { if (event.target !== field) take(event.target); settle(); });
  item.addEventListener("shown", () => { field = null; show(); });
  show();

  function take(target) {
    field = target;
    held = now;
  }

  function settle() {
    fields.filter((one) => one !== field).forEach((one) => { one.value = held.get(one); });
    const other = field.value && fields.find((one) => one !== field && one.value === field.value);
    if (other) {
      const left = held.get(field); // the same place if both were chosen before this script ran
      other.value = left === field.value ? "" : left;
      announce(say(other.value ? "stepMoved" : "stepFreed", {
        letter: field.dataset.letter, place: field.value, other: other.dataset.letter, now: other.value,
      }));
    }
    show();
  }

  function show() {
    now = values();
    const order = fields.map((_, place) => fields.find((field) => Number(field.value) === place + 1)?.dataset.letter ?? "？");
    item.querySelector("[data-order]").textContent = fields.some((field) => field.value) ? order.join(" → ") : "—";
  }
}
