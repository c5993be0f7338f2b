// Faults in a recording: "fault here" takes the present time; a mark names its kind and can be changed or taken away.
import { uuid } from "./practical-keep.js";
import { Sound } from "./practical-sound.js";

const shown = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function mount(work, page) {
  const hints = work.querySelector("[data-hints]").dataset;
  const [form, list] = [work.querySelector("[data-form]"), work.querySelector("[data-marks]")];
  const seconds = Number(work.querySelector("[data-seconds]").dataset.seconds);
  const timeline = work.querySelector("[data-timeline]");
  const kinds = new Map(page.task.kinds.map((kind) => [kind.id, kind.name]));
  const marks = new Map(page.work.marks.map((mark) => [mark.id, mark]));
  const place = work.querySelector("[data-sound]");
  const sound = place ? new Sound(place, page, (at) => { work.querySelector("[data-now]").style.left = `${(100 * at) / seconds}%`; }) : null;
  let editing = null;
  const field = (name) => form.querySelector(name);
  work.querySelector("[data-here]").addEventListener("click", here);
  form.querySelector("[data-keep]").addEventListener("click", keep);
  form.querySelector("[data-cancel]").addEventListener("click", close);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); keep(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.key.toLowerCase() === "m") { event.preventDefault(); here(); }
  });
  list.addEventListener("click", (event) => {
    const id = event.target.closest("[data-mark]")?.dataset.mark;
    if (event.target.closest("[data-change]")) edit(marks.get(id));
    if (event.target.closest("[data-remove]")) remove(id);
  });
  show();

  function here() {
    if (work.querySelector("[data-lock]")?.disabled) return;
    edit({ id: uuid(), at: String(Math.round((sound?.now() ?? 0) * 10) / 10), fault: "", remark: "" });
  }

  function edit(mark) {
    editing = mark;
    field("[data-mark-at]").value = shown(Number(mark.at));
    field("[data-mark-remark]").value = mark.remark;
    form.querySelectorAll("[name=mark-kind]").forEach((box) => { box.checked = box.value === mark.fault; });
    field("[data-mark-hint]").textContent = "";
    form.hidden = false;
    form.querySelector("[name=mark-kind]").focus();
  }

  function close() {
    form.hidden = true;
    editing = null;
    work.querySelector("[data-here]").focus();
  }

  // The time of the recording stays exact unless somebody writes another.
  function time() {
    const text = field("[data-mark-at]").value.trim();
    if (text === shown(Number(editing.at))) return Number(editing.at);
    const [, minutes, rest] = /^(?:(\d{1,3})[:：])?(\d{1,4}(?:\.\d)?)$/.exec(text) ?? [];
    return rest === undefined ? NaN : Number(minutes ?? 0) * 60 + Number(rest);
  }

  function keep() {
    const [at, fault] = [time(), form.querySelector("[name=mark-kind]:checked")?.value];
    if (!(at >= 0 && at <= seconds) || !fault) {
      field("[data-mark-hint]").textContent = hints.choose;
      page.announce(hints.choose);
      return;
    }
    const mark = { id: editing.id, at: String(at), fault, remark: field("[data-mark-remark]").value.trim() };
    marks.set(mark.id, mark);
    page.add("mark", mark, `mark-${mark.id}`);
    page.announce(hints.kept.replace("{time}", shown(at)));
    close();
    show();
  }

  function remove(id) {
    page.add("unmark", { id });
    page.announce(hints.removed.replace("{time}", shown(Number(marks.get(id).at))));
    marks.delete(id);
    show();
    work.querySelector("[data-here]").focus();
  }

  function show() {
    const sorted = [...marks.values()].sort((one, other) => one.at - other.at);
    list.replaceChildren(...sorted.map(row));
    timeline.querySelectorAll("[data-pin]").forEach((pin) => pin.remove());
    timeline.append(...sorted.map((mark) => {
      const pin = document.createElement("span");
      pin.dataset.pin = mark.id;
      pin.style.left = `${(100 * mark.at) / seconds}%`;
      return pin;
    }));
    work.querySelector("[data-mark-count]").textContent = sorted.length;
    work.querySelector("[data-no-marks]").hidden = sorted.length > 0;
  }

  function row(mark) {
    const item = document.createElement("li");
    item.dataset.mark = mark.id;
    const [at, name, remark] = ["strong", "span", "span"].map((tag) => document.createElement(tag));
    at.textContent = shown(Number(mark.at));
    name.textContent = kinds.get(mark.fault) ?? mark.fault;
    name.lang = "zh-CN";
    remark.textContent = mark.remark;
    remark.className = "help";
    const buttons = ["change", "remove"].map((act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.dataset[act] = "";
      button.textContent = hints[act];
      button.setAttribute("aria-label", `${hints[act]}: ${shown(Number(mark.at))} ${kinds.get(mark.fault) ?? ""}`);
      return button;
    });
    item.append(at, name, remark, ...buttons);
    return item;
  }

  return {
    replay: (kind, data) => { if (kind === "mark") marks.set(data.id, data); else marks.delete(data.id); show(); },
    stop: () => sound?.stop(),
    open: () => [page.say("marksSet", { count: marks.size }), editing && page.say("markOpen")].filter(Boolean).join(" "),
  };
}
