// Entries on their way to the server: kept first, then sent in order, one request at a time, patiently.
import { computer, Keep, uuid } from "./practical-keep.js";

const LONGEST_WAIT = 15000;
const BATCH = 50;
const ROOM = 60 * 1024;
const measure = new TextEncoder();

export class Outbox {
  // `beat` is how often the server is asked although nothing waits; `heard` says how much of a chat is known.
  constructor({ task, url, server, beat, heard, told }) {
    Object.assign(this, { url, server, beat, heard, told, failures: 0, stopped: false, barred: false, sending: null, sent: 0, savedAt: null, computer: computer(), take: true });
    this.keep = new Keep(task, uuid());
    this.before = this.keep.earlier();
    this.earlier = this.before.filter((keep) => keep.pending.length);
  }

  get waiting() { return [...this.earlier, this.keep].reduce((sum, keep) => sum + keep.pending.length, 0); }

  begin() {
    this.report();
    this.send(true);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  add(kind, data, over = "") {
    if (this.stopped) return;
    this.keep.add(kind, data, over, this.sent);
    this.report();
    if (!this.failures) this.send();
  }

  forgetDone() { [...this.before, this.keep].forEach((keep) => keep.forgetDone()); }

  report() { this.told.changed({ waiting: this.waiting, failing: this.failures > 0, barred: this.barred, safe: this.keep.safe, at: this.savedAt }); }

  // True once everything is on the server; false when it cannot be reached now.
  async drained() {
    while (this.waiting && !this.stopped) {
      await this.send();
      if (this.failures) return false;
    }
    return !this.waiting;
  }

  send(evenIfEmpty = false) {
    if (this.stopped) return Promise.resolve();
    if (!this.sending && (this.waiting || evenIfEmpty)) {
      clearTimeout(this.timer);
      this.sending = this.post().finally(() => {
        this.sending = null;
        this.report();
        if (this.waiting && !this.failures) this.send();
        else if (!this.failures) this.again(this.beat);
      });
    }
    return this.sending ?? Promise.resolve();
  }

  again(wait) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.send(true), wait);
  }

  // The page goes away: what waits is sent once more without anybody left to hear the answer.
  leave() {
    if (this.waiting && !this.stopped) this.server.call(this.url, this.body(this.keep, this.batch(this.keep)), { keepalive: true }).catch(() => {});
  }

  async post() {
    const keep = this.earlier[0] ?? this.keep;
    const entries = this.batch(keep);
    let heard;
    try {
      heard = await this.server.call(this.url, this.body(keep, entries));
    } catch { return this.later(0); }
    const { ok, status, rest, answer } = heard;
    if (ok && Number.isInteger(answer?.acked)) return this.taken(keep, heard);
    if (ok || status === 429 || status >= 500 || !answer?.error?.code) return this.later(rest * 1000); // or it was not our server that spoke
    const { code, details } = answer.error;
    if (details?.seq) return keep.drop(details.seq); // this one is no good; the others are
    if (code === "client_replaced") return this.replaced();
    if (["task_over", "task_full", "not_found", "task_not_begun"].includes(code)) return this.refused(code);
    this.barred = true; // the log-in has ended: it may begin again in another tab
    return this.later(2000);
  }

  taken(keep, { answer, sent, received }) {
    Object.assign(this, { failures: 0, barred: false, take: false });
    keep.stored(answer.acked);
    if (keep !== this.keep && !keep.pending.length) this.earlier.shift();
    if (!this.waiting) this.savedAt = new Date();
    this.told.heard(answer, sent, received);
  }

  refused(code) {
    const lost = this.waiting;
    [...this.before, this.keep].forEach((keep) => keep.refused());
    this.earlier = [];
    this.stop();
    this.told.refused(code, lost);
  }

  // Another computer goes on with the task. What waits here stays kept, and is sent if it goes on here again.
  replaced() {
    this.stop();
    this.told.replaced(this.waiting);
  }

  // Full jitter: whoever lost the server together comes back spread out.
  later(least) {
    this.failures += 1;
    this.again(least + 200 + Math.random() * Math.min(LONGEST_WAIT, 500 * 2 ** this.failures));
  }

  batch(keep) {
    let room = ROOM;
    const entries = [];
    for (const entry of keep.pending.slice(0, BATCH)) {
      room -= measure.encode(JSON.stringify(entry)).length;
      if (room < 0 && entries.length) break;
      entries.push(entry);
    }
    if (keep === this.keep) this.sent = Math.max(this.sent, entries.at(-1)?.seq ?? 0);
    return entries;
  }

  body(keep, entries) {
    return { client: keep.client, computer: this.computer, take: this.take, heard: this.heard(), entries: entries.map(({ seq, kind, data, made_at }) => ({ seq, kind, data, made_at })) };
  }
}
