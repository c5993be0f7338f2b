// What the server does not have yet: kept in the browser's store, sent in one request at a time, and said truthfully.
const PAUSE = 250, LONGEST_WAIT = 15000;

export class Unsaved {
  constructor(form, { refused }) {
    this.form = form;
    this.refused = refused;
    this.key = `sheet-${form.dataset.sheet}`;
    this.changes = new Map(read(this.key));
    this.failures = 0;
    this.sending = null;
    this.say(this.changes.size ? this.count("waiting") : form.dataset.unchanged);
    addEventListener("online", () => this.flush());
    addEventListener("beforeunload", (event) => this.changes.size && event.preventDefault());
  }

  kept() {
    return [...this.changes];
  }

  put(id, part) {
    this.changes.set(id, { ...this.changes.get(id), ...part });
    this.keep();
    this.say(this.failures ? this.count("waiting") : this.form.dataset.saving);
    this.later(this.failures ? null : PAUSE);
  }

  /** Sends all there is; true once the server has everything. */
  async flush() {
    clearTimeout(this.timer);
    if (this.sending) await this.sending;
    if (!this.changes.size) return true;
    this.sending = this.send();
    const done = await this.sending;
    this.sending = null;
    if (done && this.changes.size) return this.flush();
    return done;
  }

  async send() {
    const sent = new Map(this.changes), body = { marks: {}, notes: {} };
    for (const [id, { points, note }] of sent) {
      if (points !== undefined) body.marks[id] = points;
      if (note !== undefined) body.notes[id] = note;
    }
    try {
      const answer = await fetch(this.form.dataset.address, {
        method: "PUT",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
        },
        body: JSON.stringify(body),
      });
      if (answer.ok) return this.arrived(sent);
      return this.turnedAway(answer.status, await answer.json(), sent);
    } catch {
      return this.failed();
    }
  }

  arrived(sent) {
    this.failures = 0;
    for (const [id, what] of sent) if (this.changes.get(id) === what) this.changes.delete(id);
    this.keep();
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false });
    this.say(this.changes.size ? this.form.dataset.saving : this.form.dataset.saved.replace("{time}", time), "good");
    return true;
  }

  turnedAway(status, { error }, sent) {
    if (status === 401) this.say(this.count("ended"), "bad");
    else if (status >= 500 || status === 429) return this.failed();
    else if (![404, 409, 422].includes(status)) this.say(error.message, "bad");
    else {
      const wrong = error.details.criterion;
      for (const id of wrong ? [wrong] : sent.keys()) {
        this.changes.delete(id);
        this.refused(id);
      }
      this.keep();
      this.say(error.message, "bad");
      if (wrong && this.changes.size) this.later(PAUSE);
    }
    return false;
  }

  failed() {
    this.failures += 1;
    this.say(this.count("waiting"), "warn");
    this.later(Math.min(LONGEST_WAIT, 1000 * 2 ** this.failures) * (0.75 + Math.random() / 2));
    return false;
  }

  later(wait) {
    if (wait === null) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  keep() {
    try {
      if (this.changes.size) localStorage.setItem(this.key, JSON.stringify([...this.changes]));
      else localStorage.removeItem(this.key);
    } catch { /* a full or forbidden store: the page itself still holds the changes */ }
  }

  count(text) {
    return this.form.dataset[text].replace("{count}", this.changes.size);
  }

  say(text, tone = "") {
    const place = this.form.querySelector("[data-state]");
    place.textContent = text;
    place.dataset.tone = tone;
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}
