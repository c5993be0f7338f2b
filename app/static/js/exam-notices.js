// What the proctors say to this candidate: shown until it is acknowledged, spoken when it comes.
export class Notices {
  constructor(root, server, sitting) {
    Object.assign(this, { place: root.querySelector("[data-notices]"), url: root.dataset.noticesUrl, server, sitting, shown: sitting.record.noticed, asking: false });
    this.list = this.place.querySelector("ul");
    this.place.querySelector("button").addEventListener("click", () => this.acknowledge());
  }

  async heard(number) {
    if (!(number > this.shown) || this.asking || !this.url) return;
    this.asking = true;
    try {
      const { ok, answer } = await this.server.call(`${this.url}?after=${this.shown}`, null, { method: "GET" });
      if (ok) answer.notices.forEach((one) => this.show(one));
      if (ok) this.shown = Math.max(this.shown, number);
    } catch { /* the next answer of the server says it again */ }
    this.asking = false;
  }

  show({ number, text, at }) {
    if (number <= this.shown) return;
    const entry = document.createElement("li");
    const time = document.createElement("time");
    time.dateTime = at;
    time.textContent = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
    entry.append(time, " ", text);
    this.list.append(entry);
    this.shown = number;
    this.place.hidden = false;
  }

  acknowledge() {
    this.list.replaceChildren();
    this.place.hidden = true;
    this.sitting.set({ noticed: this.shown });
  }
}
