// One sitting at one computer: what stands, what the server lacks, what was last known of the time. A record that is kept.
export class Sitting {
  static async open(store, data, items) {
    const kept = await store.load();
    return new Sitting(store, data, items, kept?.paper === data.paper ? kept : null);
  }

  constructor(store, data, items, kept) {
    this.store = store;
    this.again = kept?.born === data.serverTime; // a page from this browser's cache: the server has not been asked
    const same = kept?.client === data.client;
    const next = Number(data.nextSeq);
    // What the server has got from elsewhere at the same item since this computer lost it is newer, and stays.
    const since = same ? null : kept?.pending[0]?.seq;
    const newer = (change) => items[change.position - 1] && (since ?? change.seq) > Number(items[change.position - 1].dataset.seq);
    let pending = (kept?.pending ?? []).filter(newer);
    if (!same) pending = pending.map((change, place) => ({ ...change, seq: next + place }));
    const stood = same ? Object.values(kept.answers).filter(newer) : pending;
    this.record = {
      version: kept?.version ?? 0,
      attempt: String(data.attempt), paper: data.paper, client: data.client, token: data.token, user: data.user,
      key: { id: data.rescueId, value: data.rescueKey }, seat: data.seat, born: data.serverTime,
      next: Math.max(next + (same ? 0 : pending.length), same ? kept.next : 0),
      answers: Object.fromEntries(stood.map((change) => [change.position, change])),
      pending,
      receipt: (same && this.again && kept.receipt) || data.receipt || "",
      noticed: kept?.noticed ?? 0,
      wish: same && kept.wish,
      clock: (this.again && kept.clock) || null,
    };
    this.gone = pending.at(-1)?.seq ?? 0; // of an earlier page: whether they were sent is not known
    this.keep();
  }

  get pending() { return this.record.pending; }

  get shown() { return Object.values(this.record.answers); }

  // A text that grows while the network is away is one change: what never left this computer may still be written over.
  add(position, answer, flagged, typed) {
    const last = this.pending.at(-1);
    const change = typed && last?.position === position && last.seq > this.gone
      ? Object.assign(last, { answer, flagged })
      : { seq: this.record.next, position, answer, flagged, at: Date.now() };
    if (change !== last) {
      this.pending.push(change);
      this.record.next += 1;
    }
    this.record.answers[position] = { ...change };
    return this.keep();
  }

  // In a request or in a file: from now on its number stands for just this.
  left(changes) { this.gone = Math.max(this.gone, changes.at(-1)?.seq ?? 0); }

  stored(acked, receipt) {
    this.record.pending = this.pending.filter((change) => change.seq > acked);
    this.record.receipt = receipt || this.record.receipt;
    return this.keep();
  }

  // The attempt had ended: the server keeps these as evidence, and there is nobody else to send them to.
  given(changes) {
    const last = changes.at(-1)?.seq ?? 0;
    return this.stored(last, "");
  }

  renumber(last) {
    this.pending.forEach((change, place) => {
      change.seq = last + 1 + place;
      this.record.answers[change.position] = { ...change };
    });
    this.record.next = last + 1 + this.pending.length;
    this.gone = last;
    return this.keep();
  }

  set(values) {
    Object.assign(this.record, values);
    return this.keep();
  }

  // Seconds that the oldest unsent change has waited, as far as this computer's clock can tell.
  lag() {
    const oldest = this.pending[0]?.at ?? Date.now();
    return Math.round(Math.min(100000, Math.max(0, (Date.now() - oldest) / 1000)) * 10) / 10;
  }

  keep() { return this.store.keep(this.record); }
}
