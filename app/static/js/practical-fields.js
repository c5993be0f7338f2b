// A form whose fields are kept as they are typed: the ticket, and the questions of a report.
import { Sound } from "./practical-sound.js";

const FITS = {
  phone: (text) => /^(\+?86)?[\d\s()（）-]+$/.test(text) && text.replace(/\D/g, "").replace(/^86(?=1\d{10}$)/, "").length >= 10 && text.replace(/\D/g, "").length <= 13,
  date: (text) => /^(\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?$/.test(text.replace(/\s/g, "")),
  time: (text) => /^(上午|早上|凌晨|中午|下午|晚上)?\d{1,2}[:：点时](半|\d{1,2})?分?$/.test(text.replace(/\s/g, "")),
  number: (text) => /^[-+]?[\d,，]+(\.\d+)?\s*\S{0,2}$/.test(text.trim()),
};

export function mount(work, page) {
  const hints = work.querySelector("[data-hint-number]")?.dataset ?? {};
  const fields = new Map([...work.querySelectorAll("[data-field]")].map((field) => [field.dataset.field, field]));
  const place = work.querySelector("[data-sound]");
  const sound = place ? new Sound(place, page) : null;
  for (const [id, value] of Object.entries(page.work.values)) write(fields.get(id), value);
  let composing = false;
  work.addEventListener("input", (event) => { if (!event.isComposing) record(event.target); });
  work.addEventListener("compositionstart", () => { composing = true; page.told(); });
  work.addEventListener("compositionend", (event) => { composing = false; record(event.target); page.told(); });
  work.addEventListener("focusout", (event) => hint(event.target));

  function record(target) {
    const field = target.closest("[data-field]");
    if (field) page.add("values", { values: { [field.dataset.field]: read(field) } }, `field-${field.dataset.field}`);
  }

  function hint(field) {
    const fits = FITS[field.dataset?.type];
    if (!fits) return;
    const wrong = field.value.trim() && !fits(field.value);
    field.setAttribute("aria-invalid", String(Boolean(wrong)));
    const name = `hint${field.dataset.type[0].toUpperCase()}${field.dataset.type.slice(1)}`;
    document.getElementById(`h-${field.dataset.field}`).textContent = wrong ? hints[name] ?? "" : "";
  }

  return {
    replay: (_kind, { values }) => Object.entries(values).forEach(([id, value]) => write(fields.get(id), value)),
    typing: () => Number(composing),
    stop: () => sound?.stop(),
    open() {
      const empty = [...fields.values()].filter((field) => field.hasAttribute("data-required") && !read(field).length);
      return empty.length ? page.say("someEmpty", { count: empty.length }) : page.say("allFilled");
    },
  };
}

function read(field) {
  if (!field.matches("fieldset")) return field.value;
  const chosen = [...field.querySelectorAll("input")].filter((box) => box.checked).map((box) => box.value);
  return field.dataset.type === "multiple" ? chosen : chosen[0] ?? "";
}

function write(field, value) {
  if (!field) return;
  if (field.matches("fieldset")) field.querySelectorAll("input").forEach((box) => { box.checked = [value].flat().includes(box.value); });
  else field.value = value;
}
