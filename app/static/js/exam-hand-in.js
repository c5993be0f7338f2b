// Handing in: what is still open is shown first. The wish outlives a lost network and a reload, and is carried out once.
export class HandIn {
  constructor(root, page) {
    Object.assign(this, { root, page, box: root.querySelector("dialog[data-dialog=hand-in]"), busy: false });
    this.box.querySelector("[data-close]").addEventListener("click", () => this.box.close());
    this.box.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.wish(); });
    root.querySelector("[data-take-back]").addEventListener("click", () => this.takeBack());
  }

  open() {
    const { map, say, items } = this.page;
    const { unanswered, begun, flagged } = map.counts();
    const put = (name, text) => { this.box.querySelector(`[data-count-${name}]`).textContent = text; };
    put("unanswered", unanswered.length ? say("unanswered", { count: unanswered.length }) : begun.length ? "" : say("allAnswered"));
    put("begun", begun.length ? say("begun", { count: begun.length }) : "");
    put("flagged", flagged.length ? say("flagged", { count: flagged.length }) : "");
    const open = new Set([...unanswered, ...begun, ...flagged]);
    this.box.querySelector("[data-open-items]").replaceChildren(...items.filter((item) => open.has(item)).map((item) => this.link(item)));
    this.refuse("");
    this.box.showModal();
  }

  link(item) {
    const link = document.createElement("a");
    link.href = `#${item.id}`;
    link.textContent = item.dataset.position;
    link.addEventListener("click", () => { this.box.close(); this.page.map.go(item); });
    return link;
  }

  get wished() { return this.page.sitting.record.wish; }

  async wish() {
    const button = this.box.querySelector("button.primary");
    button.disabled = true;
    await this.page.sitting.set({ wish: true });
    this.page.close();
    await this.carryOut();
    button.disabled = false;
    if (this.wished && this.box.open) this.box.close();
  }

  // At once, and again whenever the server is heard: only after every answer has arrived.
  async carryOut() {
    if (!this.wished || this.busy) return;
    this.busy = true;
    try {
      if (await this.page.outbox.drained()) await this.send();
    } catch { /* not reached: the wish stands */ }
    this.busy = false;
    this.page.alarm();
  }

  async send() {
    const { server, sitting, root } = this.page;
    const { ok, status, answer } = await server.call(root.dataset.submitUrl, { client: sitting.record.client });
    if (ok && answer.submitted_at) return this.page.finished(answer.receipt);
    if (ok || status === 429 || status >= 500) return undefined; // not this server's answer, or none: the wish stands
    const { code, message } = answer.error;
    if (code === "attempt_paused") return this.page.refused(code, message);
    if (["attempt_closed", "client_replaced"].includes(code)) return this.page.refused(code, message);
    await this.takeBack();
    if (code !== "too_early") return this.page.refused(code, message);
    if (!this.box.open) this.open();
    return this.refuse(message);
  }

  refuse(message) {
    const place = this.box.querySelector("[data-hand-in-refused]");
    place.hidden = !message;
    place.textContent = message;
  }

  async takeBack() {
    await this.page.sitting.set({ wish: false });
    this.page.reopen();
    this.page.alarm();
  }
}
