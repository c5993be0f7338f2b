// What must not be missed, across the whole page: said once when it comes, and again only when it changes.
export class Alarm {
  constructor(root, say) {
    Object.assign(this, { place: root.querySelector("[data-alarm]"), say, shown: "" });
  }

  show(name) {
    if (name === this.shown) return;
    this.shown = name;
    this.place.hidden = !name;
    this.place.dataset.kind = name;
    this.place.querySelector("p").textContent = name ? this.say(name) : "";
    this.place.querySelector("[data-take-back]").hidden = name !== "alarmWish";
  }
}
