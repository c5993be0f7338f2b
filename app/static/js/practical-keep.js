// What this browser keeps of a task until the server has it: one record for each page that was ever open on it.
const PREFIX = "task-";
const OLD = 3 * 24 * 3600 * 1000;

export class Keep {
  constructor(task, client) {
    Object.assign(this, { task, client, key: `${PREFIX}${task}-${client}`, pending: [], next: 1, safe: true });
  }

  add(kind, data, over, sent) {
    const last = this.pending.at(-1);
    if (over && last?.over === over && last.seq > sent) Object.assign(last, { data, made_at: new Date().toISOString() });
    else this.pending.push({ seq: this.next++, kind, data, over, made_at: new Date().toISOString() });
    this.write();
  }

  stored(acked) {
    this.pending = this.pending.filter((entry) => entry.seq > acked);
    this.write();
  }

  drop(seq) {
    this.pending = this.pending.filter((entry) => entry.seq !== seq);
    this.write();
  }

  write() {
    try {
      if (this.pending.length) localStorage.setItem(this.key, JSON.stringify({ pending: this.pending, at: Date.now() }));
      else localStorage.removeItem(this.key);
      this.safe = true;
    } catch { this.safe = false; }
  }

  // What earlier pages could not send. It goes under their own names, so that what arrived after all is not doubled.
  earlier() {
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
      const found = names.map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) }));
      found.filter((one) => one.at < Date.now() - OLD).forEach((one) => localStorage.removeItem(one.name));
      return found.filter((one) => one.name.startsWith(`${PREFIX}${this.task}-`) && one.name !== this.key)
        .map((one) => Object.assign(new Keep(this.task, one.name.slice(`${PREFIX}${this.task}-`.length)), { pending: one.pending }));
    } catch { return []; }
  }
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
