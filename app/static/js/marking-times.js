// Beginning and end of the practical and of its tasks; clocks that go on without a network. The earliest tap counts.
const MINUTE = 60;

export function spans(page, own, sheet) {
  const clocks = [...page.querySelectorAll("[data-span]")].map((element) => new Span(element, page));
  const show = () => {
    const { spans: seen, points } = sheet.view();
    for (const clock of clocks) clock.show(seen[clock.slot] ?? {}, own.now(), Object.keys(points).length > 0);
  };
  for (const form of page.querySelectorAll("form[data-entry]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const kind = form.dataset.entry, slot = form.elements.slot.value;
      if (kind === "undo") {
        await own.enter(sheet.id, kind, slot, { note: form.elements.reason.value.trim() });
        form.reset();
        form.parentElement.open = false;
        show();
        return;
      }
      const already = sheet.view().spans[slot]?.[kind === "begin" ? "began" : "ended"];
      if (already) return; // a second tap
      await own.enter(sheet.id, kind, slot);
      if (kind === "end" && !slot) page.querySelector("[data-ended-notice]").hidden = false;
      show();
    });
  }
  own.addEventListener("changed", show);
  show();
  setInterval(show, 1000);
}

class Span {
  constructor(element, page) {
    this.element = element;
    this.slot = element.dataset.span;
    this.limit = Number(element.dataset.minutes) * MINUTE + Number(element.dataset.extra);
    this.parts = [...element.querySelectorAll("[data-shows]")];
    this.time = element.querySelector("[data-time]");
    this.undo = element.querySelector("[data-undo]");
    this.task = element.closest("[data-task]");
    this.minute = page.querySelector("[data-minute-left]");
    this.said = true; // only what happens while somebody looks is told
  }

  show({ began, ended }, now, marked) {
    const stage = !began ? "waiting" : !ended ? "running" : "ended";
    this.element.dataset.stage = stage;
    for (const part of this.parts) part.hidden = !part.dataset.shows.split(" ").includes(stage);
    if (this.undo) this.undo.hidden = stage !== "running" || (!this.slot && marked); // then something hangs on it
    if (!began) return void this.badge(stage, "");
    const until = ended ? new Date(ended) : now;
    const run = Math.max(0, Math.floor((until - new Date(began)) / 1000));
    const left = this.limit - run, down = this.slot && !ended;
    this.time.textContent = down ? `${left < 0 ? "−" : ""}${clock(Math.abs(left))}` : clock(run);
    this.element.classList.toggle("over", left < 0);
    this.element.classList.toggle("minute", Boolean(down) && left >= 0 && left <= MINUTE);
    this.badge(stage, down ? this.time.textContent : "");
    this.tell(stage, left);
  }

  // The last minute is said once, without a sound that would disturb the candidate.
  tell(stage, left) {
    if (stage !== "running" || !this.slot) return;
    if (left > MINUTE) this.said = false;
    else if (!this.said && left >= 0) {
      this.said = true;
      this.minute.textContent = this.minute.dataset.text.replace("{name}", this.task?.querySelector(".task-title")?.textContent ?? "");
    }
  }

  badge(stage, text) {
    const badge = this.task?.querySelector("[data-task-stage]");
    if (!badge) return;
    badge.hidden = stage !== "running";
    badge.textContent = text;
    badge.classList.toggle("warn", this.element.classList.contains("minute"));
    badge.classList.toggle("bad", this.element.classList.contains("over"));
  }
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
