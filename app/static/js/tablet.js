// The tablet of one examiner: everything entered is on its disk first, then at the server, and the page says which.
import { keep, purgeOthers } from "./tablet-keeper.js";
import { Sender } from "./tablet-sender.js";
import { Sheet } from "./tablet-sheet.js";
import { Store } from "./tablet-store.js";

const PAUSE = 250, LOOK = 15000;
const element = document.getElementById("tablet");

export class Tablet extends EventTarget {
  async open() {
    this.texts = element.dataset;
    this.user = this.texts.user;
    this.device = uuid(); // each page numbers its own entries
    this.seq = 0;
    this.sheets = new Map();
    this.store = await Store.open(this.user, this.texts.key);
    await this.reload();
    this.sender = new Sender(this, this.texts.pass, this.user);
    this.others = new BroadcastChannel("tablet");
    this.others.onmessage = () => this.reload().then(() => this.changed());
    return this;
  }

  sheet(id) {
    const name = String(id);
    if (!this.sheets.has(name)) this.sheets.set(name, new Sheet(name));
    return this.sheets.get(name);
  }

  get waiting() { return [...this.sheets.values()].reduce((all, sheet) => all + sheet.waiting, 0); }

  // From the disk: another page of this tablet may have changed it.
  async reload() {
    const rows = await this.store.all();
    const before = this.sheets;
    this.sheets = new Map([...before].map(([id, sheet]) => [id, Object.assign(sheet, { entries: [], refused: [], evidence: [], sign: null })]));
    for (const row of rows) {
      const sheet = this.sheet(row.sheet);
      if (row.type === "known") {
        sheet.hear(row.known);
        this.offset ??= row.offset;
      } else if (row.type === "sign") sheet.sign = row;
      else ({ entry: sheet.entries, refused: sheet.refused, evidence: sheet.evidence })[row.type].push(row);
    }
  }

  /** One tap; settles once it is on the disk. */
  enter(...tap) { return this.entering(this.entry(...tap)); }

  attach(...file) { return this.entering(this.piece(...file)); }

  // `entered` settles once all of it is on the disk, and the page may be left.
  entering(work) {
    this.entered = Promise.allSettled([this.entered, work]);
    return work;
  }

  async entry(sheetId, kind, key, part = {}) {
    const sheet = this.sheet(sheetId);
    if (sheet.sign) await this.takeBack(sheetId);
    await this.dropRefused(sheet, key);
    this.seq += 1;
    const entry = { seq: this.seq, stamp: sheet.stamp + 1, kind, key, made_at: this.now().toISOString(), ...part };
    const row = { id: `entry/${sheetId}/${this.device}/${this.seq}`, type: "entry", sheet: sheet.id, device: this.device, entry };
    sheet.entries.push(row);
    this.changed();
    await this.store.put(row);
    this.told();
    this.sender.later(PAUSE);
  }

  async piece(sheetId, piece, blob) {
    const sheet = this.sheet(sheetId);
    const row = { id: `evidence/${piece.client_key}`, type: "evidence", sheet: sheet.id, piece: { ...piece, made_at: this.now().toISOString() }, blob };
    sheet.evidence.push(row);
    this.changed();
    await this.store.put(row);
    this.told();
    this.sender.later(PAUSE);
  }

  /** The wish to sign what is shown; the server locks the sheet if it still is that. */
  async wish(sheetId) {
    const sheet = this.sheet(sheetId);
    if (sheet.sign && !sheet.sign.refused) return;
    sheet.sign = { id: `sign/${sheet.id}`, type: "sign", sheet: sheet.id, seen: await sheet.digest(), made_at: this.now().toISOString() };
    await this.store.put(sheet.sign);
    this.told();
  }

  async takeBack(sheetId) {
    const sheet = this.sheet(sheetId);
    if (!sheet.sign) return;
    await this.store.remove([sheet.sign.id]);
    sheet.sign = null;
    this.told();
  }

  // The server's time, as far as it is known here.
  now() { return new Date(Date.now() + (this.offset ?? 0)); }

  async heard(sheet, known, { arrived = Date.now() } = {}) {
    if (!sheet.hear(known)) return;
    if (arrived !== null) this.offset = Date.parse(known.server_time) - arrived;
    await this.store.put({ id: `known/${sheet.id}`, type: "known", sheet: sheet.id, known, offset: this.offset });
    this.changed();
  }

  async acknowledged(sheet, rows, answer) {
    sheet.entries = sheet.entries.filter((row) => !rows.includes(row));
    await this.heard(sheet, answer);
    await this.store.remove(rows.map((row) => row.id));
    if (answer.kept_late) this.dispatchEvent(new CustomEvent("late", { detail: { sheet, count: answer.kept_late } }));
    this.told();
  }

  // True if the others may still be sent: one that can never stand is put aside with the reason, and shown.
  async entryRefused(sheet, rows, { message, details }) {
    const wrong = rows.find((row) => row.entry.seq === details?.seq);
    if (!wrong) {
      sheet.blocked = message; // the session is not open, say: all of it stays here, and other sheets go on
      return false;
    }
    sheet.entries = sheet.entries.filter((row) => row !== wrong);
    const kept = { ...wrong, id: wrong.id.replace("entry/", "refused/"), type: "refused", message };
    sheet.refused.push(kept);
    await this.store.put(kept);
    await this.store.remove([wrong.id]);
    return true;
  }

  async dropRefused(sheet, key) {
    const gone = sheet.refused.filter((row) => row.entry?.key === key || row.piece?.criterion === key);
    sheet.refused = sheet.refused.filter((row) => !gone.includes(row));
    if (gone.length) await this.store.remove(gone.map((row) => row.id));
  }

  async evidenceKept(sheet, row, answer) {
    sheet.evidence = sheet.evidence.filter((one) => one !== row);
    await this.store.remove([row.id]);
    this.told();
    this.dispatchEvent(new CustomEvent("evidence", { detail: { sheet, row, answer } }));
  }

  async evidenceRefused(sheet, row, { message }) {
    sheet.evidence = sheet.evidence.filter((one) => one !== row);
    const kept = { id: `refused/${row.id}`, type: "refused", sheet: sheet.id, piece: row.piece, message };
    sheet.refused.push(kept);
    await this.store.put(kept);
    await this.store.remove([row.id]);
    this.dispatchEvent(new CustomEvent("evidence", { detail: { sheet, row, message } }));
  }

  async signed(sheet) {
    await this.store.remove([sheet.sign.id]);
    sheet.sign = null;
    await this.heard(sheet, { ...sheet.known, state: "signed", server_time: this.now().toISOString() }, { arrived: null });
    this.told();
    this.dispatchEvent(new CustomEvent("signed", { detail: { sheet } }));
  }

  async signatureRefused(sheet, { message }, known) {
    if (known) await this.heard(sheet, known);
    sheet.sign = { ...sheet.sign, refused: message };
    await this.store.put(sheet.sign);
    this.changed();
  }

  changed() { this.dispatchEvent(new Event("changed")); }

  told() {
    this.others.postMessage("changed");
    this.changed();
  }

  /** What is where, in words: of one sheet, or of all; `typing` is nowhere but in the fields yet. */
  words(waiting = this.waiting, typing = 0) {
    const { state, savedAt } = this.sender, texts = this.texts;
    const time = (at) => at.toLocaleTimeString(texts.language, { hour12: false, timeZone: "Asia/Shanghai" });
    const filled = (text) => text.replace("{count}", waiting).replace("{time}", savedAt ? time(savedAt) : "");
    if (!waiting && !typing) return { text: savedAt ? filled(texts.saved) : texts.unchanged, tone: "good" };
    if (!this.store.safe) return { text: texts.unsafe, tone: "bad" };
    if (typing || this.store.unwritten.length) return { text: texts.saving, tone: "" };
    if (state === "login") return { text: filled(texts.ended), tone: "bad" };
    if (state === "foreign") return { text: filled(texts.foreign), tone: "bad" };
    const blocked = [...this.sheets.values()].find((sheet) => sheet.blocked)?.blocked;
    if (state === "blocked" && blocked) return { text: texts.refused.replace("{message}", blocked), tone: "bad" };
    if (state === "waiting") return { text: filled(savedAt ? texts.waitingSince : texts.waiting), tone: "warn" };
    return { text: texts.saving, tone: "" };
  }
}

export const tablet = element ? new Tablet().open() : null;

export async function start() {
  const own = await tablet;
  await purgeOthers(own.user);
  const show = () => paint(own);
  own.addEventListener("changed", show);
  show();
  element.querySelector("[data-others]").hidden = !(await own.store.others());
  own.sender.flush();
  keep(element.dataset, own);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) own.sender.flush(); });
  addEventListener("beforeunload", (event) => { if (own.waiting && (!own.store.safe || own.store.unwritten.length)) event.preventDefault(); });
  if (element.dataset.sheet) setInterval(() => { if (!document.hidden) own.sender.look(own.sheet(element.dataset.sheet)); }, LOOK);
}

function paint(own) {
  element.querySelector("[data-login]").hidden = own.sender.state !== "login";
  const { text, tone } = own.words();
  for (const place of document.querySelectorAll("[data-tablet-state]")) Object.assign(place, { textContent: text }).dataset.tone = tone;
  for (const row of document.querySelectorAll("[data-row]")) paintRow(row, own.sheet(row.dataset.row));
}

function paintRow(row, sheet) {
  const here = row.querySelector("[data-kept-here]");
  const count = sheet.entries.length + sheet.evidence.length;
  here.textContent = sheet.sign ? here.dataset.signature : count ? here.dataset.text.replace("{count}", count) : "";
  if (!sheet.known && !sheet.entries.length) return;
  const place = row.querySelector("[data-progress]");
  const done = Object.keys(sheet.view().points).length;
  place.textContent = place.dataset.progress.replace("{done}", done).replace("{all}", row.dataset.all);
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("").replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
