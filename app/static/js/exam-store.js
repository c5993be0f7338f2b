// What this browser keeps of a sitting: on the disk (IndexedDB, flushed), and mirrored where it can be written at once.
const NAME = "exam";
const SITTINGS = "sittings";
const SEALED = "sealed"; // what an earlier candidate could not send, readable by the server alone
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const PREFIX = "exam-";

export class Store {
  static async open(attempt) {
    const store = new Store(attempt);
    store.base = await database();
    return store;
  }

  constructor(attempt) {
    this.attempt = String(attempt);
    this.base = null;
    this.mirrored = true;
    this.writing = null;
    this.next = null;
    this.over = false;
  }

  // False where the browser keeps nothing: then a closed page takes its unsent answers along, and must say so.
  get safe() { return Boolean(this.base) || this.mirrored; }

  async load() {
    const [kept, mirror] = [await this.get(SITTINGS, this.attempt), mirrorOf(this.attempt)];
    return [kept, mirror].filter(Boolean).sort((one, other) => other.version - one.version)[0] ?? null;
  }

  // Settles once it is on the disk. Of states that come faster than the disk, only the newest is written.
  keep(record) {
    if (this.over) return Promise.resolve();
    record.version += 1;
    this.mirror(record);
    if (!this.base) return Promise.resolve();
    this.next = record;
    this.writing ??= this.write().finally(() => { this.writing = null; });
    return this.writing;
  }

  async write() {
    while (this.next) {
      const record = this.next;
      this.next = null;
      await this.put(SITTINGS, record).catch(() => { this.base = null; });
    }
  }

  mirror(record) {
    try {
      localStorage.setItem(PREFIX + this.attempt, JSON.stringify(record));
      this.mirrored = true;
    } catch { this.mirrored = false; }
  }

  async forget() {
    this.over = true;
    this.next = null;
    await this.writing;
    drop(this.attempt);
    await this.remove(SITTINGS, this.attempt);
  }

  // Sittings of others at this computer: their papers are none of the present candidate's business.
  async others() {
    const found = new Map();
    for (const attempt of mirrors()) found.set(attempt, mirrorOf(attempt));
    for (const record of await this.all(SITTINGS)) {
      if (!(found.get(record.attempt)?.version > record.version)) found.set(record.attempt, record); // a page that was closed may not have come to the disk
    }
    found.delete(this.attempt);
    return [...found].map(([attempt, record]) => ({ attempt, record }));
  }

  async replace(attempt, sealed) {
    if (sealed && !(await this.put(SEALED, { attempt, sealed, at: Date.now() }).then(() => true, () => false))) return;
    drop(attempt);
    await this.remove(SITTINGS, attempt);
  }

  async sealed() {
    const [found, recent] = [await this.all(SEALED), Date.now() - KEPT_FOR];
    await Promise.all(found.filter((one) => one.at < recent).map((one) => this.remove(SEALED, one.attempt)));
    return found.filter((one) => one.at >= recent);
  }

  get(table, key) { return this.run(table, "readonly", (rows) => rows.get(key)).catch(() => null); }

  all(table) { return this.run(table, "readonly", (rows) => rows.getAll()).then((rows) => rows ?? [], () => []); }

  put(table, row) { return this.run(table, "readwrite", (rows) => rows.put(row)); }

  remove(table, key) { return this.run(table, "readwrite", (rows) => rows.delete(key)).catch(() => null); }

  run(table, mode, work) {
    if (!this.base) return mode === "readonly" ? Promise.resolve(null) : Promise.reject(new Error("no store"));
    return new Promise((resolve, reject) => {
      const change = this.base.transaction(table, mode, { durability: "strict" });
      const asked = work(change.objectStore(table));
      change.commit?.(); // goes on to its end although the page is left
      change.oncomplete = () => resolve(asked.result);
      change.onabort = () => reject(change.error);
      change.onerror = () => reject(change.error);
    });
  }
}

function database() {
  return new Promise((resolve) => {
    let asked;
    try { asked = indexedDB.open(NAME, 1); } catch { return resolve(null); }
    asked.onupgradeneeded = () => [SITTINGS, SEALED].forEach((table) => asked.result.createObjectStore(table, { keyPath: "attempt" }));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
    asked.onblocked = () => resolve(null);
    return setTimeout(() => resolve(null), 3000); // a hanging disk must not keep anybody from the paper
  });
}

function mirrors() {
  try { return Object.keys(localStorage).filter((key) => /^exam-(practice-)?\d+$/.test(key)).map((key) => key.slice(PREFIX.length)); } catch { return []; }
}

function mirrorOf(attempt) {
  try {
    const record = JSON.parse(localStorage.getItem(PREFIX + attempt));
    return record?.pending ? record : null;
  } catch { return null; }
}

function drop(attempt) {
  try { localStorage.removeItem(PREFIX + attempt); } catch { /* nothing was kept */ }
}
