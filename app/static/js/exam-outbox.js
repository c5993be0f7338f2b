// Answers on their way: on this computer's disk first, then to the server in order, one request at a time.
const BEAT = 15000;
const BEAT_SPREAD = 5000; // so that a room that began together does not go on knocking together
const LONGEST_WAIT = 15000;
const DISK = 250; // a slow disk holds up no change longer than that
const BATCH = 50;
const ROOM = 48 * 1024; // bytes of a request; the server takes a little more
const measure = new TextEncoder();

export class Outbox {
  constructor(url, server, sitting, told) {
    Object.assign(this, { url, server, sitting, told, failures: 0, barred: false, stopped: false, sending: null, savedAt: null, due: Infinity, lostAt: 0 });
  }

  get waiting() { return this.sitting.pending.length; }

  // Seconds for which the server has not been reached.
  get lost() { return this.failures ? (performance.now() - this.lostAt) / 1000 : 0; }

  begin(wait = 0) {
    this.report();
    if (wait) this.schedule(wait);
    else this.beat();
    this.ticking = setInterval(() => this.tick(), 1000);
  }

  stop() {
    this.stopped = true;
    clearInterval(this.ticking);
    clearTimeout(this.retry);
  }

  add(position, answer, flagged, typed = false) {
    const kept = this.sitting.add(position, answer, flagged, typed);
    this.report();
    return Promise.race([kept, new Promise((resolve) => setTimeout(resolve, DISK))]).then(() => { if (!this.failures && !this.barred) this.flush(); });
  }

  report() { this.told.changed({ failing: this.failures > 0 || this.barred, at: this.savedAt, safe: this.sitting.store.safe }); }

  beat() { return this.send(true); }

  flush() { return this.send(false); }

  // A page in the background is woken rarely; whoever ticks sends what is due.
  tick() { if (performance.now() >= this.due) this.beat(); else if (this.failures) this.report(); }

  schedule(wait) {
    clearTimeout(this.retry);
    this.due = performance.now() + wait;
    this.retry = setTimeout(() => this.tick(), wait + 1);
  }

  // True once everything is stored on the server; false when it cannot be reached now.
  async drained() {
    while (this.waiting && !this.stopped) {
      await this.send(false);
      if (this.failures || this.barred) return false;
    }
    return !this.waiting;
  }

  send(evenIfEmpty) {
    if (this.stopped) return Promise.resolve();
    if (!this.sending && (this.waiting || evenIfEmpty)) {
      this.due = Infinity;
      this.sending = this.post().finally(() => {
        this.sending = null;
        if (this.due === Infinity) this.schedule(BEAT + Math.random() * BEAT_SPREAD);
        this.report();
        if (this.waiting && !this.failures && !this.barred) this.flush();
      });
    }
    return this.sending ?? Promise.resolve();
  }

  // The page goes away: what waits is sent once more without anybody left to hear the answer.
  leave() {
    if (this.stopped || !this.waiting) return;
    this.server.call(this.url, this.body(this.batch()), { keepalive: true }).catch(() => {});
  }

  async post() {
    const changes = this.batch();
    let heard;
    try {
      heard = await this.server.call(this.url, this.body(changes));
    } catch {
      return this.later(0);
    }
    const ours = heard.ok ? Number.isInteger(heard.answer?.acked) : heard.answer?.error; // not a proxy's or a log-in page of the network
    if (!ours || heard.status === 429 || heard.status >= 500) return this.later(heard.rest * 1000);
    if (heard.ok) return this.stored(heard);
    const { code, message, details } = heard.answer.error;
    if (code === "seq_below_last") return this.renumber(details.last_seq);
    if (code === "attempt_closed") {
      this.sitting.given(changes);
      if (this.waiting) return undefined; // the next batch is evidence as well
    }
    this.failures = 0; // it was reached
    this.barred = true;
    return this.told.refused(code, message);
  }

  body(changes) {
    return {
      client: this.sitting.record.client,
      changes: changes.map(({ seq, position, answer, flagged }) => ({ seq, position, answer, flagged })),
      waiting: Math.min(100000, this.waiting),
      lag: this.sitting.lag(),
    };
  }

  batch() {
    let room = ROOM;
    const fits = (change) => (room -= measure.encode(JSON.stringify(change)).length) > 0;
    const pending = this.sitting.pending;
    const end = pending.slice(0, BATCH).findIndex((change) => !fits(change));
    const changes = pending.slice(0, end < 0 ? BATCH : Math.max(1, end));
    this.sitting.left(changes);
    return changes;
  }

  stored({ answer, sent, received }) {
    this.failures = 0;
    this.barred = false;
    this.savedAt = new Date(answer.server_time);
    this.sitting.stored(answer.acked, answer.receipt);
    this.told.saved(answer, sent, received);
  }

  renumber(last) {
    this.sitting.renumber(last);
    this.told.merged();
  }

  // Full jitter: whoever lost the server together comes back spread out.
  later(least) {
    if (!this.failures) this.lostAt = performance.now();
    this.failures += 1;
    this.schedule(least + 200 + Math.random() * Math.min(LONGEST_WAIT, 500 * 2 ** this.failures));
    this.told.lost();
  }
}
