// The marking page: a tap sets points and shows them; the tablet keeps them and sends them until the server has them.
import { Card } from "./marking-card.js";
import { evidence } from "./marking-evidence.js";
import { spans } from "./marking-times.js";
import { tablet } from "./tablet.js";
import { plain } from "./tablet-sheet.js";

const TYPING = 500;

export async function start(page) {
  const own = await tablet;
  const form = page.querySelector("[data-marks]");
  const sheet = own.sheet(page.dataset.sheet);
  const cards = new Map([...form.querySelectorAll("[data-criterion]")].map((one) => [one.dataset.criterion, new Card(one, form.dataset.step)]));
  const typing = new Map();

  const enter = (card, kind, part) => {
    card.wrong(false);
    return own.enter(sheet.id, kind, card.id, part);
  };
  const settle = (id) => {
    clearTimeout(typing.get(id)?.timer);
    const waiting = typing.get(id);
    typing.delete(id);
    return waiting?.act();
  };
  const soon = (id, act) => {
    clearTimeout(typing.get(id)?.timer);
    typing.set(id, { act, timer: setTimeout(() => settle(id), TYPING) });
    tell();
  };
  const settleAll = () => Promise.all([...typing.keys()].map(settle));

  const show = () => {
    const seen = sheet.view(), locked = sheet.signed || sheet.gone || Boolean(sheet.sign && !sheet.sign.refused);
    const proposals = sheet.known?.proposals ?? {};
    for (const card of cards.values()) {
      if (typing.has(`points ${card.id}`) || typing.has(`note ${card.id}`) || card.element.classList.contains("wrong")) continue;
      const proposed = proposals[card.id];
      card.show(seen.points[card.id], seen.notes[card.id], proposed === undefined ? undefined : plain(proposed));
    }
    for (const row of sheet.refused) if (row.entry) cards.get(row.entry.key)?.wrong(true, own.texts.refused.replace("{message}", row.message));
    form.inert = locked;
    page.querySelector("[data-wish-notice]").hidden = !sheet.sign || Boolean(sheet.sign.refused) || sheet.signed;
    page.querySelector("[data-signed-notice]").hidden = !sheet.signed;
    page.querySelector("[data-gone-notice]").hidden = !sheet.gone;
    totals(form, [...cards.values()]);
    tell();
  };
  // What is still being typed is nowhere else yet.
  const tell = () => {
    const { text, tone } = own.words(sheet.waiting || own.waiting, typing.size);
    Object.assign(form.querySelector("[data-state]"), { textContent: text }).dataset.tone = tone;
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button.band, button.step, [data-accept]");
    if (!button) return;
    event.preventDefault();
    const card = cards.get(button.closest("[data-criterion]").dataset.criterion);
    if (button.matches("[data-accept]")) card.input.value = card.proposed;
    else if (!card.press(button)) return;
    settle(`points ${card.id}`);
    enter(card, "points", { points: card.given });
  });
  form.addEventListener("input", (event) => {
    const card = cards.get(event.target.closest("[data-criterion]")?.dataset.criterion);
    if (event.target === card?.input) {
      card.paint();
      card.wrong(!card.typed());
      if (card.typed()) soon(`points ${card.id}`, () => enter(card, "points", { points: card.given }));
      totals(form, [...cards.values()]);
    } else if (event.target === card?.note) soon(`note ${card.id}`, () => enter(card, "note", { note: card.note.value.trim() }));
  });
  form.addEventListener("focusout", (event) => {
    const id = event.target.closest("[data-criterion]")?.dataset.criterion;
    if (id) settle(event.target.matches("textarea") ? `note ${id}` : `points ${id}`);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const review = event.submitter?.dataset.review;
    await settleAll();
    await own.entered; // the page may be left at once
    await Promise.race([own.sender.flush(), new Promise((done) => setTimeout(done, 2000))]);
    if (review && !form.querySelector(".wrong")) location.assign(review);
    else form.querySelector(".wrong input")?.focus();
  });
  page.querySelector("[data-take-back]").addEventListener("click", () => own.takeBack(sheet.id));
  addEventListener("beforeunload", (event) => { if (typing.size) event.preventDefault(); });
  addEventListener("pagehide", settleAll);

  await own.heard(sheet, JSON.parse(page.dataset.stands), { arrived: null });
  own.addEventListener("changed", show);
  own.addEventListener("signed", ({ detail }) => { if (detail.sheet === sheet) location.reload(); });
  own.addEventListener("late", ({ detail }) => {
    const notice = page.querySelector("[data-late-notice]");
    if (detail.sheet === sheet && !sheet.gone) Object.assign(notice, { hidden: false, textContent: notice.dataset.text.replace("{count}", detail.count) });
  });
  spans(page, own, sheet);
  evidence(page, own, sheet);
  for (const accept of form.querySelectorAll("[data-accept]")) accept.hidden = false;
  show();
  own.sender.look(sheet);
}

// What the criteria bring, less what is taken off; as the server adds, shown at once.
function totals(form, cards) {
  const sound = cards.filter((card) => card.points !== null && card.typed());
  const given = sound.filter((card) => !card.counts), taken = sound.filter((card) => card.counts);
  const sum = (some) => some.reduce((all, card) => all + card.points, 0);
  const off = taken.reduce((all, card) => all + card.points * Number(card.element.dataset.each), 0);
  form.querySelector("[data-total]").textContent = Math.max(0, sum(given) - off);
  form.querySelector("[data-marked]").textContent = given.length;
  for (const place of form.querySelectorAll("[data-area-total]"))
    place.textContent = sum(given.filter((card) => card.element.dataset.area === place.dataset.areaTotal));
}
