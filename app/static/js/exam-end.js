// The exam is over. What this computer could not send in time goes to the server as evidence; then nothing stays here.
import { forget } from "./exam-keeper.js";
import { Outbox } from "./exam-outbox.js";
import { Server } from "./exam-server.js";
import { Store } from "./exam-store.js";

export function start(section) { clear(section.dataset); }

async function clear({ attempt, changesUrl }) {
  await forget();
  const store = await Store.open(attempt);
  const record = await store.load();
  const pending = record?.pending ?? [];
  if (pending.length && !(await given(pending, record, store, changesUrl))) return;
  await store.forget();
  if (pending.length) location.reload();
}

// True once the server has heard of all of it, be it that it counts nothing of it.
async function given(pending, record, store, url) {
  const sitting = {
    record, store, pending, lag: () => 0, left() {},
    stored: (acked) => { sitting.pending = sitting.pending.filter((change) => change.seq > acked); },
    given: (changes) => sitting.stored(changes.at(-1).seq, ""),
    renumber: () => { sitting.pending = []; },
  };
  const told = { changed() {}, saved() {}, lost() {}, merged() {}, refused() {} };
  const outbox = new Outbox(url, new Server({ token: record.token }), sitting, told);
  await outbox.drained();
  outbox.stop();
  return !outbox.waiting;
}
