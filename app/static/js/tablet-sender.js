// Sends what is only on this tablet: entries in batches, then evidence, then signatures. One round at a time, with patience.
const LONGEST_WAIT = 15000, BATCH = 100, PATIENCE = 20000;

export class Sender {
  constructor(tablet, passAddress, user) {
    Object.assign(this, { tablet, passAddress, user, failures: 0, state: "idle", running: null });
    this.csrf = document.querySelector("meta[name=csrf-token]").content;
    addEventListener("online", () => this.flush());
  }

  // Sends all there is; true once the server has everything.
  flush() {
    clearTimeout(this.timer);
    if (this.running) return this.running.then(() => (this.tablet.waiting ? this.flush() : true));
    this.running = this.round().catch((error) => this.lost(error)).finally(() => { this.running = null; });
    return this.running;
  }

  async round() {
    for (const sheet of [...this.tablet.sheets.values()]) {
      sheet.blocked = "";
      for (const device of new Set(sheet.entries.map((row) => row.device))) await this.entries(sheet, device);
      for (const row of [...sheet.evidence]) if (!sheet.blocked) await this.evidence(sheet, row);
      if (sheet.sign && !sheet.sign.refused && !sheet.entries.length && !sheet.evidence.length) await this.signature(sheet);
    }
    this.settled();
    return !this.tablet.waiting;
  }

  async entries(sheet, device) {
    for (;;) {
      const rows = sheet.entries.filter((row) => row.device === device).sort((one, other) => one.entry.seq - other.entry.seq).slice(0, BATCH);
      if (!rows.length) return;
      const heard = await this.call(`/api/v1/sheets/${sheet.id}/entries`, { device, entries: rows.map((row) => row.entry) });
      if (heard.ok) await this.tablet.acknowledged(sheet, rows, heard.answer);
      else if (!(await this.tablet.entryRefused(sheet, rows, heard.answer.error))) return;
    }
  }

  async evidence(sheet, row) {
    const content = await base64(row.blob);
    const heard = await this.call(`/api/v1/sheets/${sheet.id}/evidence`, { ...row.piece, content });
    if (heard.ok) await this.tablet.evidenceKept(sheet, row, heard.answer);
    else if (![413, 422].includes(heard.status)) sheet.blocked = heard.answer.error.message; // it waits here for better times
    else await this.tablet.evidenceRefused(sheet, row, heard.answer.error);
  }

  async signature(sheet) {
    const { seen, made_at } = sheet.sign;
    const heard = await this.call(`/api/v1/sheets/${sheet.id}/sign`, { seen, made_at });
    if (heard.ok) return this.tablet.signed(sheet);
    const now = await this.call(`/api/v1/sheets/${sheet.id}/entries`, { device: this.tablet.device, entries: [] });
    await this.tablet.signatureRefused(sheet, heard.answer.error, now.ok ? now.answer : null);
    if (sheet.gone) await this.tablet.takeBack(sheet.id);
  }

  // What stands on a sheet by now: another tablet may have changed it.
  async look(sheet) {
    if (this.running || this.failures) return;
    const heard = await this.call(`/api/v1/sheets/${sheet.id}/entries`, { device: this.tablet.device, entries: [] }).catch(() => null);
    if (heard?.ok) await this.tablet.heard(sheet, heard.answer);
  }

  // {ok, status, answer} of what the server decided; throws while it cannot be reached or does not know who this is.
  async call(address, body, again = true) {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (response.status >= 500 || response.status === 429) throw new Error("busy");
    const answer = await response.json();
    if (response.status === 401 || (response.status === 400 && answer.error?.code === "csrf")) {
      if (!again) throw new Stop("login");
      await this.pass();
      return this.call(address, body, false);
    }
    this.sent ||= response.ok && (body.entries?.length !== 0);
    return { ok: response.ok, status: response.status, answer };
  }

  // After a new log-in in this browser the page goes on, if it is the same person.
  async pass() {
    const response = await fetch(this.passAddress, { headers: { Accept: "application/json" } });
    if (response.status === 401 || response.status === 403) throw new Stop(response.status === 401 ? "login" : "foreign");
    const { user, csrf } = await response.json();
    if (String(user) !== this.user) throw new Stop("foreign");
    this.csrf = csrf;
  }

  settled() {
    const blocked = [...this.tablet.sheets.values()].some((sheet) => sheet.blocked);
    this.failures = 0;
    this.state = blocked ? "blocked" : "idle";
    if (blocked) this.timer = setTimeout(() => this.flush(), LONGEST_WAIT * (1 + Math.random()));
    if (this.sent) this.savedAt = this.tablet.now();
    this.sent = false;
    this.tablet.changed();
  }

  lost(error) {
    this.state = error instanceof Stop ? error.why : "waiting";
    this.failures += 1;
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.failures) * (0.5 + Math.random() / 2);
    this.timer = setTimeout(() => this.flush(), wait);
    this.tablet.changed();
    return false;
  }

  later(wait) {
    if (this.failures || this.running) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }
}

class Stop extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
