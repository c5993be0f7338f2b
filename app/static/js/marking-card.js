// One criterion on the marking page: bands, steps, points, note.
export class Card {
  constructor(element, step) {
    this.element = element;
    this.id = element.dataset.criterion;
    this.most = Number(element.dataset.most);
    this.counts = element.dataset.each !== undefined; // a deduction: how many times
    this.step = this.counts ? 1 : Number(step);
    this.input = element.querySelector("input.points");
    this.note = element.querySelector("textarea");
    this.bands = [...element.querySelectorAll("button.band")];
    this.steps = [...element.querySelectorAll("button.step")];
    this.proposal = element.querySelector("[data-proposal]");
    this.proposed = null;
  }

  get points() {
    const text = this.input.value.trim();
    return text === "" ? null : Number(text);
  }

  // As it is sent: nothing, or what was typed.
  get given() { return this.input.value.trim() || null; }

  typed() {
    const points = this.points;
    return points === null || (points >= 0 && points <= this.most && Number.isInteger(points / this.step));
  }

  band() {
    const points = this.points;
    return this.bands.find((b) => points !== null && points >= Number(b.dataset.low) && points <= Number(b.dataset.high));
  }

  press(button) {
    if (button.classList.contains("band")) {
      if (button === this.band()) return false;
      this.input.value = button.value.split("=")[1];
    } else this.input.value = String((this.points ?? 0) + Number(button.dataset.steps) * this.step);
    this.paint();
    return true;
  }

  // What the tablet knows; a field that is being typed in is left alone.
  show(points, note, proposed) {
    if (document.activeElement !== this.input) this.input.value = points ?? "";
    if (document.activeElement !== this.note && !this.typing) {
      this.note.value = note ?? "";
      if (note) this.note.closest("details").open = true;
    }
    if (proposed !== undefined && this.proposal) this.propose(proposed);
    this.paint();
  }

  propose(points) {
    this.proposed = points;
    this.input.placeholder = points;
    this.proposal.hidden = false;
    this.proposal.querySelector("[data-proposed]").textContent = points;
  }

  wrong(is, message = "") {
    this.element.classList.toggle("wrong", is);
    this.input.setAttribute("aria-invalid", String(is));
    const place = this.element.querySelector("[data-wrong]");
    Object.assign(place, { hidden: !message, textContent: message });
  }

  paint() {
    const band = this.band(), points = this.points;
    for (const one of this.bands) one.setAttribute("aria-pressed", String(one === band));
    const low = this.counts ? 0 : Number(band?.dataset.low), high = this.counts ? this.most : Number(band?.dataset.high);
    for (const step of this.steps) {
      const there = (points ?? 0) + Number(step.dataset.steps) * this.step;
      step.disabled = (!band && !this.counts) || there < low || there > high;
    }
    this.element.classList.toggle("marked", points !== null);
    if (this.proposed === null) return;
    const other = points !== null && points !== Number(this.proposed);
    this.proposal.querySelector("[data-accept]").hidden = points === Number(this.proposed);
    this.proposal.querySelector("[data-other]").hidden = !other || Boolean(this.note.value.trim());
  }
}
