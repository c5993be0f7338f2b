// Answers on their way: kept in the browser until the server says they are stored, sent in order, one request at a time.
const BEAT = 20000;
const LONGEST_WAIT = 15000;
const BATCH = 50;
const ROOM = 48 * 1024; // bytes of a request; the server takes a little more
const measure = new TextEncoder();

export class Outbox {
  constructor(data, told) {
    this.url = data.changesUrl;
    this.client = data.client;
    this.next = Number(data.nextSeq);
    this.key = `exam-${data.attempt}`;
    this.told = told;
    this.pending = [];
    this.failures = 0;
    this.sent = 0;
    this.stopped = false;
    this.sending = null;
    this.savedAt = null;
    this.token = document.querySelector("meta[name=csrf-token]").content;
  }

  get waiting() { return this.pending.length; }

  // What an earlier visit could not send. An answer the server has since got from elsewhere is newer and stays.
  restore(items) {
    let kept = [];
    try { kept = JSON.parse(localStorage.getItem(this.key)) ?? []; } catch { kept = []; }
    const mine = kept.filter((change) => items[change.position - 1] && change.seq > Number(items[change.position - 1].dataset.seq));
    this.pending = mine.map((change, index) => ({ ...change, seq: this.next + index }));
    this.next += this.pending.length;
    this.keep();
    return this.pending;
  }

  begin() {
    this.report();
    this.timer = setInterval(() => this.beat(), BEAT);
    this.beat();
  }

  stop() {
    this.stopped = true;
    clearInterval(this.timer);
  }

  // A text that grows while the network is away is one change: what was never sent may still be written over.
  add(position, answer, flagged, typed = false) {
    const last = this.pending.at(-1);
    if (typed && last?.position === position && last.seq > this.sent) {
      Object.assign(last, { answer, flagged });
    } else {
      this.pending.push({ seq: this.next, position, answer, flagged });
      this.next += 1;
    }
    this.keep();
    this.report();
    this.flush();
  }

  keep() {
    try { localStorage.setItem(this.key, JSON.stringify(this.pending)); } catch { /* a full or closed store: the memory copy remains */ }
  }

  report() { this.told.changed({ waiting: this.waiting, failing: this.failures > 0, at: this.savedAt }); }

  beat() { return this.send(true); }

  flush() { return this.send(false); }

  // True once everything is stored on the server; false when it cannot be reached now.
  async drained() {
    while (this.waiting && !this.stopped) {
      await this.send(false);
      if (this.failures) return false;
    }
    return true;
  }

  send(evenIfEmpty) {
    if (this.stopped) return Promise.resolve();
    if (!this.sending && (this.waiting || evenIfEmpty)) {
      clearTimeout(this.retry);
      this.sending = this.post().finally(() => {
        this.sending = null;
        this.report();
        if (this.waiting && !this.failures) this.flush();
      });
    }
    return this.sending ?? Promise.resolve();
  }

  async post() {
    const changes = this.batch();
    let response, answer;
    try {
      response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ client: this.client, changes }),
        signal: AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined,
      });
      answer = await response.json();
    } catch {
      return this.later();
    }
    if (response.ok) return this.stored(answer);
    if (response.status === 429 || response.status >= 500) return this.later();
    const { code, message, details } = answer.error;
    if (code === "seq_below_last") return this.renumber(details.last_seq);
    this.failures += 1;
    return this.told.refused(code, message);
  }

  batch() {
    let room = ROOM;
    const fits = (change) => (room -= measure.encode(JSON.stringify(change)).length) > 0;
    const end = this.pending.slice(0, BATCH).findIndex((change) => !fits(change));
    const changes = this.pending.slice(0, end < 0 ? BATCH : Math.max(1, end));
    this.sent = Math.max(this.sent, changes.at(-1)?.seq ?? 0);
    return changes;
  }

  stored(answer) {
    this.failures = 0;
    this.savedAt = new Date();
    this.pending = this.pending.filter((change) => change.seq > answer.acked);
    this.keep();
    this.told.saved(answer);
  }

  renumber(last) {
    this.pending = this.pending.map((change, index) => ({ ...change, seq: last + 1 + index }));
    this.next = last + 1 + this.waiting;
    this.sent = last;
    this.keep();
  }

  later() {
    this.failures += 1;
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.failures) * (0.5 + Math.random() / 2);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.beat(), wait);
  }
}
