// Typing: each part has its own time; what stands is kept every two seconds. Pasting is refused and noted.
const EVERY = 2000;

export function mount(work, page) {
  const hints = work.querySelector("[data-hints]").dataset;
  const parts = [...work.querySelectorAll("[data-part]")].map((element) => new Part(element, page, hints));
  parts.forEach((part) => part.button.addEventListener("click", () => begin(part)));
  const ticking = setInterval(() => parts.forEach((part) => part.tick()), 500);

  async function begin(part) {
    parts.forEach((other) => { if (other !== part) other.end(); });
    part.begin(page.clock.now());
    page.add("part", { part: part.name });
    part.field.focus();
  }

  return {
    replay: (kind, data, madeAt) => parts.find((part) => part.name === data.part)?.replay(kind, data, madeAt),
    typing: () => parts.filter((part) => part.open).length,
    flush: () => parts.forEach((part) => part.keep()),
    stop: () => { clearInterval(ticking); parts.forEach((part) => part.keep()); },
    open() {
      const waiting = parts.filter((part) => part.begun === null).length;
      return waiting ? page.say("partsWaiting", { count: waiting }) : "";
    },
  };
}

class Part {
  constructor(element, page, hints) {
    Object.assign(this, { element, page, name: element.dataset.part, time: Number(element.dataset.minutes) * 60000, begun: null, over: false, keptAt: 0 });
    this.field = element.querySelector("[data-typed]");
    this.button = element.querySelector("[data-begin-part]");
    this.kept = this.field.value = page.work.texts[this.name] ?? "";
    if (page.work.begun[this.name]) this.begin(Date.parse(page.work.begun[this.name]));
    this.field.addEventListener("input", () => { this.count(); page.told(); });
    this.field.addEventListener("compositionstart", () => { this.composing = true; });
    this.field.addEventListener("compositionend", () => { this.composing = false; this.count(); });
    this.field.addEventListener("blur", () => this.keep());
    for (const way of ["paste", "drop"]) this.field.addEventListener(way, (event) => {
      event.preventDefault();
      page.announce(hints.noPaste);
      page.add("paste", { part: this.name });
    });
    for (const way of ["copy", "cut", "dragstart"]) element.addEventListener(way, (event) => event.preventDefault());
    this.count();
  }

  begin(at) {
    this.begun = at;
    this.button.parentElement.hidden = true;
    this.element.querySelector("[data-sample]").hidden = false;
    this.element.querySelector("[data-typing]").hidden = false;
  }

  replay(kind, data, madeAt) {
    if (kind === "part") this.begin(this.begun ?? Date.parse(madeAt) - Date.now() + this.page.clock.now());
    if (kind === "typed") this.kept = this.field.value = data.text;
    this.count();
  }

  get open() { return this.begun !== null && this.field.value !== this.kept; }

  keep() {
    if (!this.open) return;
    this.kept = this.field.value;
    this.keptAt = performance.now();
    this.page.add("typed", { part: this.name, text: this.kept }, `typed-${this.name}`);
  }

  tick() {
    if (this.begun === null || this.over) return;
    const left = Math.ceil((this.begun + this.time - this.page.clock.now()) / 1000);
    this.element.querySelector("[data-part-left]").textContent = `${Math.floor(Math.max(0, left) / 60)}:${String(Math.max(0, left) % 60).padStart(2, "0")}`;
    if (performance.now() - this.keptAt >= EVERY && !this.composing) this.keep(); // half a syllable is not typed yet
    if (left <= 0) this.end();
  }

  end() {
    if (this.begun === null || this.over) return;
    this.over = true;
    this.keep();
    this.field.readOnly = true;
    this.element.querySelector("[data-part-over]").hidden = false;
  }

  count() {
    const typed = this.field.value.replace(/\s/g, "").length;
    this.element.querySelector("[data-count]").textContent = typed;
    const progress = this.element.querySelector("progress");
    progress.value = typed;
    const sample = this.element.querySelector("[data-sample]");
    sample.scrollTop = progress.position * sample.scrollHeight - sample.clientHeight / 2; // what comes next stays in sight
  }
}
