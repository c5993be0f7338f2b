// What this browser keeps of a task until the server has it: one record for each page that was ever open on it. What the
// server has stays beside it as long as the task runs, since the page that opens without a network does not know it yet.
const PREFIX = "task-";
const OLD = 3 * 24 * 3600 * 1000;
const TOLD_AGAIN = new Set(["say", "paste"]); // a line of a chat comes back in its transcript; a paste shows nowhere

export class Keep {
  constructor(task, client) {
    Object.assign(this, { task, client, key: `${PREFIX}${task}-${client}`, pending: [], done: [], clock: null, since: Date.now(), next: 1, safe: true });
  }

  add(kind, data, over, sent) {
    const last = this.pending.at(-1);
    if (over && last?.over === over && last.seq > sent) Object.assign(last, { data, made_at: new Date().toISOString() });
    else this.pending.push({ seq: this.next++, kind, data, over, made_at: new Date().toISOString() });
    this.write();
  }

  stored(acked) {
    this.pending.filter((entry) => entry.seq <= acked && !TOLD_AGAIN.has(entry.kind)).forEach((entry) => this.settle(entry));
    this.pending = this.pending.filter((entry) => entry.seq > acked);
    this.write();
  }

  settle({ kind, data, over, made_at }) {
    this.done = [...this.done.filter((one) => !over || one.over !== over), { kind, data, over, made_at }];
  }

  heard(turns) {
    this.done.push({ kind: "turns", data: turns });
    this.write();
  }

  tick(clock) {
    this.clock = clock;
    this.write();
  }

  // A page of the server holds all that it has; or the task is over.
  forgetDone() {
    Object.assign(this, { done: [], clock: null });
    this.write();
  }

  refused() {
    this.pending = [];
    this.forgetDone();
  }

  drop(seq) {
    this.pending = this.pending.filter((entry) => entry.seq !== seq);
    this.write();
  }

  write() {
    try {
      const { pending, done, clock, since } = this;
      if (pending.length || done.length || clock) localStorage.setItem(this.key, JSON.stringify({ pending, done, clock, since, at: Date.now() }));
      else localStorage.removeItem(this.key);
      this.safe = true;
    } catch { this.safe = false; }
  }

  // Earlier pages, the first before the next. What they could not send goes under their own names, so that what arrived
  // after all is not doubled.
  earlier() {
    try {
      const found = records();
      found.filter((one) => one.at < Date.now() - OLD).forEach((one) => localStorage.removeItem(one.name));
      return found.filter((one) => one.name.startsWith(`${PREFIX}${this.task}-`) && one.name !== this.key)
        .sort((one, other) => (one.since ?? 0) - (other.since ?? 0))
        .map(({ name, pending, done = [], clock = null, since = 0 }) =>
          Object.assign(new Keep(this.task, name.slice(`${PREFIX}${this.task}-`.length)), { pending, done, clock, since }));
    } catch { return []; }
  }
}

// Nobody goes on with a task here: only what the server does not have yet stays.
export function forgetDone() {
  try {
    for (const { name, pending, at } of records()) {
      if (pending.length) localStorage.setItem(name, JSON.stringify({ pending, at }));
      else localStorage.removeItem(name);
    }
  } catch { /* nothing is kept */ }
}

function records() {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  return names.map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) }));
}

// This computer's name. Where the browser cannot tell its tabs apart by a lock, each tab goes by a name of its own.
export function computer() {
  try {
    const place = navigator.locks ? localStorage : sessionStorage;
    const name = place.getItem("computer") ?? uuid();
    place.setItem("computer", name);
    return name;
  } catch { return uuid(); }
}

// crypto.randomUUID is kept from pages without TLS, where some stations still are.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
