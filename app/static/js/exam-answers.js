// What stands in an item's controls, as the list of strings the server keeps, and the way back.
const parts = (item) => [...item.querySelectorAll("[data-part]")];
const boxes = (item) => [...item.querySelectorAll("input")];

// Half a pair and NUL are keys that no store can keep; they come from broken input methods.
const kept = (text) => text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|\0/g, "");
const texts = (item) => {
  const found = parts(item).map((field) => kept(field.value));
  return found.some((text) => text.trim()) ? found : [];
};

const KINDS = {
  choice: {
    read: (item) => boxes(item).filter((box) => box.checked).map((box) => box.value),
    write: (item, answer) => boxes(item).forEach((box) => { box.checked = answer.includes(box.value); }),
    whole: (item) => boxes(item).some((box) => box.checked),
  },
  fill: { read: texts, write: (item, answer) => parts(item).forEach((field, place) => { field.value = answer[place] ?? ""; }) },
  open: { read: texts, write: (item, answer) => parts(item).forEach((field) => { field.value = answer[0] ?? ""; }) },
  ordering: {
    read(item) {
      const order = parts(item).map(() => "");
      parts(item).forEach((field) => { if (field.value) order[field.value - 1] = field.dataset.option; });
      return order.some(Boolean) ? order : [];
    },
    write: (item, answer) => parts(item).forEach((field) => { field.value = String(answer.indexOf(field.dataset.option) + 1 || ""); }),
  },
  matching: {
    read: (item) => parts(item).filter((field) => field.value).map((field) => `${field.dataset.entry}-${field.value}`),
    write: (item, answer) => parts(item).forEach((field) => {
      field.value = answer.find((pair) => pair.startsWith(`${field.dataset.entry}-`))?.slice(field.dataset.entry.length + 1) ?? "";
    }),
  },
};

const kind = (item) => KINDS[item.dataset.control];

export const chosen = (item) => kind(item).read(item);

export function mark(item, answer) {
  kind(item).write(item, answer);
  item.dispatchEvent(new Event("shown"));
}

// "" for nothing, "begun" for a part of it, "whole" for an answer in every place.
export function progress(item) {
  if (!chosen(item).length) return "";
  const whole = kind(item).whole ?? (() => parts(item).every((field) => field.value.trim()));
  return whole(item) ? "whole" : "begun";
}

export const isTyped = (field) => field.matches("input[type=text], textarea");
