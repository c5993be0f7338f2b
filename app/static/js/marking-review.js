// The review: what the tablet shows now, also without a network; signing is a wish until the server has it.
import { tablet } from "./tablet.js";

export async function start(page) {
  const own = await tablet;
  const sheet = own.sheet(page.dataset.sheet);
  const form = page.querySelector("[data-sign]"), button = form.querySelector("[data-sign-button]");
  const show = () => paint(page, own, sheet);
  form.addEventListener("submit", async (event) => {
    if (!globalThis.crypto?.subtle) return; // then the form signs what the server showed
    event.preventDefault();
    if (button.disabled) return; // a second tap
    button.disabled = true;
    if (sheet.sign?.refused) await own.takeBack(sheet.id);
    await own.wish(sheet.id);
    await own.sender.flush();
    show();
  });
  await own.heard(sheet, JSON.parse(page.dataset.stands), { arrived: null });
  own.addEventListener("changed", show);
  own.addEventListener("signed", ({ detail }) => { if (detail.sheet === sheet) location.assign(page.dataset.signedPage); });
  show();
  own.sender.look(sheet);
}

function paint(page, own, sheet) {
  const seen = sheet.view();
  let missing = 0;
  for (const line of page.querySelectorAll("[data-line]")) {
    const points = seen.points[line.dataset.line] ?? "", note = seen.notes[line.dataset.line] ?? "";
    line.querySelector("[data-points]").textContent = points === "" ? (line.dataset.each ? "0" : "—") : points;
    const grade = line.querySelector("[data-grade]");
    if (grade) grade.textContent = gradeOf(line.dataset.bands, points);
    Object.assign(line.querySelector("[data-note]"), { hidden: !note, textContent: note });
  }
  for (const one of page.querySelectorAll("[data-missing-one]")) {
    one.hidden = (seen.points[one.dataset.missingOne] ?? "") !== "";
    if (!one.hidden) missing += 1;
  }
  for (const one of page.querySelectorAll("[data-critical]")) {
    const points = seen.points[one.dataset.critical] ?? "";
    one.hidden = points === "" || Number(points) >= Number(one.dataset.below);
  }
  page.querySelector("[data-missing]").hidden = !missing;
  const total = sum(page, seen);
  page.querySelector("[data-total]").textContent = total;
  const form = page.querySelector("[data-sign]"), button = form.querySelector("[data-sign-button]");
  const wished = Boolean(sheet.sign && !sheet.sign.refused);
  form.hidden = Boolean(missing) || sheet.signed;
  button.disabled = wished;
  button.textContent = page.dataset.signText.replace("{total}", total);
  page.querySelector("[data-wish]").hidden = !wished || !own.sender.failures || own.store.unwritten.length > 0;
  const refusal = page.querySelector("[data-refusal]");
  Object.assign(refusal, { hidden: !sheet.sign?.refused, textContent: sheet.sign?.refused ?? "" });
  if (!own.waiting && !own.sender.savedAt) return; // what the server wrote here stands
  const { text, tone } = own.words();
  Object.assign(page.querySelector("[data-state]"), { textContent: text }).dataset.tone = tone;
}

function gradeOf(bands, points) {
  const found = bands.split(";").map((one) => one.split("|")).find(([low, high]) => points !== "" && Number(points) >= Number(low) && Number(points) <= Number(high) && high);
  return found ? found[2] : "—";
}

function sum(page, seen) {
  const areas = new Map();
  let all = 0, off = 0;
  for (const line of page.querySelectorAll("[data-line]")) {
    const points = Number(seen.points[line.dataset.line] ?? 0);
    if (line.dataset.each) off += points * Number(line.dataset.each);
    else {
      all += points;
      areas.set(line.dataset.area, (areas.get(line.dataset.area) ?? 0) + points);
    }
  }
  for (const place of page.querySelectorAll("[data-area-total]")) place.textContent = areas.get(place.dataset.areaTotal) ?? 0;
  return Math.max(0, all - off);
}
