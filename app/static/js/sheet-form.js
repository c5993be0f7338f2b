// The builder of a sheet: sums while typing; buttons act without leaving the page; Alt and an arrow move a criterion.
const number = (text) => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null);

export function start(form) {
  form.addEventListener("input", () => sums(form));
  form.addEventListener("change", () => sums(form));
  form.addEventListener("keydown", (event) => {
    const entry = event.target.closest("[data-entry]");
    const button = event.altKey && entry?.querySelector(`button[data-key="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
  form.addEventListener("submit", (event) => {
    const act = event.submitter?.value ?? "save";
    if (act === "submit" || act === "save") return;
    event.preventDefault();
    press(form, act);
  });
  look(form, form.dataset.lookAt);
}

/** Sends what is typed with the button pressed, and puts the answer's fields in place of these. */
async function press(form, act) {
  const body = new FormData(form);
  body.set("do", act);
  let page;
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return whole(form, act);
  }
  const fresh = page.querySelector("form[data-look-at]");
  if (!fresh) return whole(form, act);
  const open = [...form.querySelectorAll("details[open] > input[name$='.id']")].map((input) => input.value);
  form.querySelector("[data-region]").replaceWith(fresh.querySelector("[data-region]"));
  for (const input of form.querySelectorAll("details > input[name$='.id']"))
    if (open.includes(input.value)) input.closest("details").open = true;
  look(form, fresh.dataset.lookAt);
}

/** As the page works without script, so that the browser shows whatever comes, or that there is no network. */
function whole(form, act) {
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "do", value: act });
  form.append(field);
  form.submit();
}

function look(form, id) {
  const place = id && document.getElementById(id);
  if (!place || !form.contains(place)) return;
  if (place.matches("details")) place.open = true;
  (place.querySelector("summary, input:not([type=hidden])") ?? place).focus();
}

function sums(form) {
  for (const section of form.querySelectorAll("[data-area-of]")) {
    const badge = section.querySelector("[data-sum]"), area = section.dataset.areaOf;
    const points = [...form.querySelectorAll("select[name$='.area']")].filter((select) => select.value === area)
      .map((select) => number(form.elements[select.name.replace(/area$/, "points")].value));
    show(badge, points, badge.dataset.sum);
  }
  const weights = [...form.querySelectorAll("input[name^='groups.'][name$='.weight']")].map((input) => number(input.value));
  const badge = form.querySelector("[data-weights]");
  if (badge) show(badge, weights, "100");
}

function show(badge, figures, wanted) {
  const sum = figures.includes(null) ? null : figures.reduce((all, one) => all + one, 0);
  badge.textContent = `${sum ?? "—"} / ${wanted}`;
  badge.className = `badge ${sum === Number(wanted) ? "good" : "warn"}`;
}
