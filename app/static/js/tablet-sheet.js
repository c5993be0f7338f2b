// One sheet as this tablet knows it: what the server last said, and over it what is only here.
const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");

export class Sheet {
  constructor(id) {
    this.id = id;
    this.known = null; // the server's last word
    this.entries = []; // not acknowledged yet
    this.refused = [];
    this.evidence = [];
    this.sign = null;
  }

  get waiting() { return this.entries.length + this.evidence.length + (this.sign && !this.sign.refused ? 1 : 0); }

  get stamp() { return Math.max(this.known?.stamp ?? 0, ...this.entries.map((one) => one.entry.stamp), 0); }

  // Takes over the server's word if it is newer than the one that is here.
  hear(known) {
    if (this.known && Date.parse(known.server_time) < Date.parse(this.known.server_time)) return false;
    this.known = known;
    return true;
  }

  get gone() { return this.known?.state === "discarded"; } // another examiner has taken over

  get signed() { return this.known?.state === "signed"; }

  view() {
    const known = this.known ?? { marks: {}, notes: {}, tasks: [] };
    const seen = { points: {}, notes: { ...known.notes }, spans: { "": { began: known.began_at, ended: known.ended_at } } };
    for (const [key, points] of Object.entries(known.marks)) seen.points[key] = plain(points);
    for (const task of known.tasks) seen.spans[task.slot] = { began: task.began_at, ended: task.ended_at };
    for (const { entry } of [...this.entries].sort((one, other) => one.entry.stamp - other.entry.stamp)) overlay(seen, entry);
    return seen;
  }

  // Names exactly what is shown, as the server names what stands.
  async digest() {
    const { points, notes } = this.view();
    const keys = [...new Set([...Object.keys(points), ...Object.keys(notes)])].sort();
    const lines = keys.map((key) => [key, points[key] ?? "", notes[key] ?? ""]).filter(([, given, note]) => given !== "" || note);
    const said = JSON.stringify([Number(this.id), lines]);
    return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(said)));
  }
}

function overlay(seen, { kind, key, points, note, made_at: at }) {
  if (kind === "points") {
    if (points === null) delete seen.points[key];
    else seen.points[key] = plain(points);
  } else if (kind === "note") {
    if (note) seen.notes[key] = note;
    else delete seen.notes[key];
  } else if (kind === "undo") {
    const span = seen.spans[key];
    if (span && !span.ended) span.began = null;
  } else {
    const span = (seen.spans[key] ??= { began: null, ended: null });
    const which = kind === "begin" ? "began" : "ended";
    if (!span[which] || Date.parse(at) < Date.parse(span[which])) span[which] = at;
    if (kind === "begin" && !seen.spans[""].began) seen.spans[""].began = at;
  }
}

export const plain = (points) => (points === null || points === "" ? "" : String(Number(points)));
