// The buttons of the emergency file: there while something is unsent, honest where the browser cannot make one.
import { possible, save, seal } from "./exam-rescue.js";

export class Sticks {
  constructor(root, sitting, say) {
    Object.assign(this, { root, sitting, say });
    root.addEventListener("click", (event) => { if (event.target.closest("[data-rescue]")) this.save(); });
    this.show();
  }

  show() {
    const wanted = this.sitting.pending.length > 0 && Boolean(this.sitting.record.key.value);
    this.root.querySelectorAll("[data-rescue]").forEach((button) => { button.hidden = !wanted || !possible(); });
    this.root.querySelectorAll("[data-rescue-none]").forEach((text) => { text.hidden = !wanted || possible(); });
  }

  async save() {
    const record = this.sitting.record;
    const count = record.pending.length; // of the file, whatever is answered or sent while it is made
    this.sitting.left(record.pending);
    save(await seal(record), `exam-${record.attempt}-${Date.now()}.rescue`);
    this.root.querySelectorAll("[data-rescue-said]").forEach((place) => { place.textContent = this.say("rescueSaved", { count }); });
  }
}

// Whoever sat here before left: their paper goes, and what they could not send stays only as the server can read it.
export async function clearOthers(store, user) {
  for (const { attempt, record } of await store.others()) {
    if (record?.user === user && record.pending?.length) continue; // the same person's own
    const unsent = record?.pending?.length > 0 && record.key?.value;
    if (unsent && !possible()) continue; // kept as it is rather than lost
    await store.replace(attempt, unsent ? await seal(record) : null);
  }
}

export async function offerSealed(store, place) {
  const sealed = await store.sealed();
  place.hidden = !sealed.length;
  place.querySelector("button").addEventListener("click", () => sealed.forEach((one) => save(one.sealed, `exam-${one.attempt}.rescue`)));
}
