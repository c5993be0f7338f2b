// The roster: a shift for each person, what that covers of the need, and the limits it breaks, at once.
import { breaches, coverage } from "./practical-roster-rules.js";

export function mount(work, page) {
  const texts = work.querySelector("[data-hints]").dataset;
  const plan = { ...page.work.values };
  const boxes = [...work.querySelectorAll("[data-person]")];
  const rows = [...work.querySelectorAll("[data-interval]")];
  work.addEventListener("change", (event) => {
    const { person } = event.target.dataset;
    if (person === undefined) return;
    plan[person] = event.target.value;
    page.add("values", { values: { [person]: event.target.value } }, `person-${person}`);
    show();
  });
  tick();

  function tick() {
    boxes.forEach((box) => { box.checked = box.value === (plan[box.dataset.person] ?? ""); });
    show();
  }

  function show() {
    const there = coverage(page.task, plan);
    rows.forEach((row, place) => showInterval(row, there[place], page.task.needs[place], page.task.levels[place]));
    const need = page.task.needs.reduce((sum, one) => sum + one, 0);
    const met = there.reduce((sum, one, place) => sum + Math.min(one, page.task.needs[place]), 0);
    work.querySelector("[data-met]").textContent = `${need ? Math.floor((1000 * met) / need) / 10 : 100} %`;
    const broken = breaches(page.task, plan).map(([name, values]) => {
      const item = document.createElement("li");
      item.textContent = (texts[name] ?? name).replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
      return item;
    });
    work.querySelector("[data-breaches]").replaceChildren(...broken);
    work.querySelector("[data-no-breach]").hidden = broken.length > 0;
  }

  function showInterval(row, count, need, levels) {
    const scale = 100 / Math.max(need * 1.5, count, 1);
    row.querySelector("[data-there]").textContent = count;
    row.querySelector("[data-level]").textContent = `${levels[Math.min(count, levels.length - 1)]} %`;
    const bar = row.querySelector(".cover-there");
    bar.setAttribute("width", count * scale);
    bar.classList.toggle("short", count < need);
    row.querySelector(".cover-need").setAttribute("x", Math.min(99, need * scale));
    row.dataset.short = count < need ? "true" : "";
  }

  return {
    replay: (_kind, { values }) => { Object.assign(plan, values); tick(); },
    open() {
      const { length } = work.querySelector("[data-breaches]").children;
      return length ? page.say("limitsBroken", { count: length }) : "";
    },
  };
}
