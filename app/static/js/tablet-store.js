// What a tablet keeps of its user's work: every row encrypted with a key that only this user's pages carry.
const NAME = "tablet", ROWS = "rows";
const UNSENT = new Set(["entry", "sign", "evidence"]);
const text = new TextEncoder(), read = new TextDecoder();

export class Store {
  static async open(user, key) {
    const store = new Store(user);
    try {
      if (!globalThis.crypto?.subtle) throw new Error("no encryption here");
      const raw = Uint8Array.from(atob(key), (one) => one.charCodeAt(0));
      store.key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      store.base = await database();
    } catch { /* the page itself still holds everything, and says so */ }
    return store;
  }

  constructor(user) {
    this.user = user;
    this.memory = new Map();
    this.moving = new Map(); // id: what was put ({row}) or removed ({}) but may not be so on the disk while it is read
    this.reading = 0;
  }

  // False where nothing outlasts this page.
  get safe() { return Boolean(this.base && this.key); }

  // The names of what is not on the disk yet.
  get unwritten() { return [...this.moving].filter(([, change]) => change.row && !change.done).map(([id]) => id); }

  // Settles once it is on the disk. `blob` is kept as bytes, not as text.
  async put(row) {
    this.memory.set(row.id, row);
    if (!this.safe) return;
    const settled = this.move(row.id, { row });
    const { blob, ...rest } = row;
    const sealed = { id: `${this.user}/${row.id}`, user: this.user, type: row.type, ...(await this.seal(text.encode(JSON.stringify(rest)))) };
    if (blob) sealed.file = await this.seal(await blob.arrayBuffer());
    if (blob) sealed.kind = blob.type;
    await this.run("readwrite", (rows) => rows.put(sealed)).catch(() => { this.base = null; });
    settled();
  }

  async remove(ids) {
    ids.forEach((id) => this.memory.delete(id));
    if (!this.safe) return;
    const settled = ids.map((id) => this.move(id, {}));
    await this.run("readwrite", (rows) => ids.forEach((id) => rows.delete(`${this.user}/${id}`))).catch(() => {});
    settled.forEach((done) => done());
  }

  // Until it is settled, and as long as a reading that began before goes on, this counts and not the disk.
  move(id, change) {
    this.moving.set(id, change);
    return () => {
      change.done = true;
      this.forgetSettled();
    };
  }

  forgetSettled() {
    if (this.reading) return;
    for (const [id, change] of this.moving) if (change.done) this.moving.delete(id);
  }

  // Everything of this user; what cannot be read with this key is left alone.
  async all() {
    if (!this.safe) return [...this.memory.values()];
    this.reading += 1;
    const found = await this.run("readonly", (rows) => rows.index("user").getAll(this.user)).catch(() => []);
    const opened = await Promise.all((found ?? []).map((row) => this.open(row).catch(() => null)));
    this.reading -= 1;
    const rows = new Map(opened.filter(Boolean).map((row) => [row.id, row]));
    for (const [id, { row }] of this.moving) row ? rows.set(id, row) : rows.delete(id);
    this.forgetSettled();
    return [...rows.values()];
  }

  // How many unsent rows of other users wait here; what they say cannot be read.
  async others() {
    if (!this.base) return 0;
    const found = await this.run("readonly", (rows) => rows.getAll()).catch(() => []);
    return (found ?? []).filter((row) => row.user !== this.user && UNSENT.has(row.type)).length;
  }

  async open(row) {
    const value = JSON.parse(read.decode(await this.unseal(row)));
    if (row.file) value.blob = new Blob([await this.unseal(row.file)], { type: row.kind });
    return value;
  }

  async seal(bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, bytes) };
  }

  unseal({ iv, data }) { return crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, data); }

  run(mode, work) {
    return new Promise((resolve, reject) => {
      const change = this.base.transaction(ROWS, mode, { durability: "strict" });
      const asked = work(change.objectStore(ROWS));
      change.commit?.(); // goes on to its end although the page is left
      change.oncomplete = () => resolve(asked?.result);
      change.onabort = () => reject(change.error);
      change.onerror = () => reject(change.error);
    });
  }
}

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ROWS, { keyPath: "id" }).createIndex("user", "user");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
    setTimeout(() => reject(new Error("too slow")), 3000); // a hanging disk must not keep anybody from marking
  });
}
