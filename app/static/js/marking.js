// The marking page: a tap sets points, shows them, keeps them on the tablet and sends them until the server has them.
import { Unsaved } from "./unsaved.js";

export function start(form) {
  const cards = [...form.querySelectorAll("[data-criterion]")].map((element) => new Card(element, form.dataset.step));
  const byId = new Map(cards.map((card) => [card.id, card]));
  const unsaved = new Unsaved(form, { refused: (id) => byId.get(id)?.wrong(true) });
  for (const [id, kept] of unsaved.kept()) byId.get(id)?.show(kept);
  const changed = (card, part) => {
    card.wrong(false);
    unsaved.put(card.id, part);
    total(form, cards);
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button.band, button.step");
    if (!button) return;
    event.preventDefault();
    const card = byId.get(button.closest("[data-criterion]").dataset.criterion);
    if (card.press(button)) changed(card, { points: card.input.value.trim() || null });
  });
  form.addEventListener("input", (event) => {
    const card = byId.get(event.target.closest("[data-criterion]")?.dataset.criterion);
    if (!card) return;
    if (event.target === card.input) {
      card.paint();
      if (card.typed()) changed(card, { points: card.input.value.trim() || null });
      else card.wrong(true);
    } else changed(card, { note: event.target.value });
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const review = event.submitter?.dataset.review;
    if ((await unsaved.flush()) && review) location.assign(review);
  });
  total(form, cards);
  unsaved.flush();
}

class Card {
  constructor(element, step) {
    this.element = element;
    this.id = element.dataset.criterion;
    this.most = Number(element.dataset.most);
    this.step = Number(step);
    this.input = element.querySelector("input.points");
    this.bands = [...element.querySelectorAll("button.band")];
    this.steps = [...element.querySelectorAll("button.step")];
  }

  get points() {
    const text = this.input.value.trim();
    return text === "" ? null : Number(text);
  }

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
    } else this.input.value = String(this.points + Number(button.dataset.steps) * this.step);
    this.paint();
    return true;
  }

  show({ points, note }) {
    if (points !== undefined) this.input.value = points ?? "";
    if (note !== undefined) this.element.querySelector("textarea").value = note;
    this.paint();
  }

  wrong(is) {
    this.element.classList.toggle("wrong", is);
    this.input.setAttribute("aria-invalid", String(is));
  }

  paint() {
    const band = this.band(), points = this.points;
    for (const one of this.bands) one.setAttribute("aria-pressed", String(one === band));
    for (const step of this.steps) {
      const there = points + Number(step.dataset.steps) * this.step;
      step.disabled = !band || there < Number(band.dataset.low) || there > Number(band.dataset.high);
    }
    this.element.classList.toggle("marked", points !== null);
  }
}

function total(form, cards) {
  const given = cards.filter((card) => card.points !== null && card.typed());
  const sum = (some) => some.reduce((all, card) => all + card.points, 0);
  form.querySelector("[data-total]").textContent = sum(given);
  form.querySelector("[data-marked]").textContent = given.length;
  for (const place of form.querySelectorAll("[data-area-total]"))
    place.textContent = sum(given.filter((card) => card.element.dataset.area === place.dataset.areaTotal));
}
