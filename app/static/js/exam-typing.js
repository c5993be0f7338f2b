// What is typed is recorded a second after the last key, at the latest after five, and when the field is left.
import { isTyped } from "./exam-answers.js";

const QUIET = 1000;
const LONGEST = 5000;

export class Typing {
  constructor(paper, record, told) {
    Object.assign(this, { record, told });
    this.waiting = new Map();
    paper.addEventListener("input", (event) => { if (isTyped(event.target)) this.later(event.target.closest(".item")); });
  }

  later(item) {
    if (!item) return;
    const since = this.waiting.get(item)?.since ?? performance.now();
    clearTimeout(this.waiting.get(item)?.timer);
    const wait = Math.max(0, Math.min(QUIET, since + LONGEST - performance.now()));
    this.waiting.set(item, { since, timer: setTimeout(() => this.now(item), wait) });
    this.told();
  }

  now(item) {
    if (!this.waiting.has(item)) return;
    clearTimeout(this.waiting.get(item).timer);
    this.waiting.delete(item);
    this.record(item);
    this.told();
  }

  // How many texts are nowhere but in their fields yet.
  besides(changes) {
    const kept = new Set(changes.map((change) => String(change.position)));
    return [...this.waiting.keys()].filter((item) => !kept.has(item.dataset.position)).length;
  }

  flush() { [...this.waiting.keys()].forEach((item) => this.now(item)); }
}

export function count(item) {
  const field = item.querySelector("textarea");
  const show = () => { item.querySelector("[data-length]").textContent = [...field.value].length; };
  field.addEventListener("input", show);
  item.addEventListener("shown", show);
  show();
}
