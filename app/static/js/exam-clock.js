// The server's time left. Its offset is measured by the quickest of several answers and carried on by the monotonic clock.
// The computer's own date only tells that one of both stood still or was set; which one, the server is asked.
const THRESHOLDS = [30, 10, 5, 1];
const JUMP = 2000;
const OLD = 600000;

export class Clock {
  constructor(place, say, announce, told) {
    Object.assign(this, { place, say, announce, told, held: false, done: false, unsure: false, toldAt: Infinity });
    this.quickest = Infinity;
    this.look();
    setInterval(() => this.show(), 500);
  }

  // From the page itself: it may have been long on its way, so that any answer is better.
  page(serverTime, deadline) {
    this.offset = Date.parse(serverTime) - performance.now();
    this.deadline = Date.parse(deadline);
    this.show();
  }

  // From an earlier page of this sitting without the server: the date must do, but never gives time back.
  resume(kept) {
    const left = Math.min(kept.left, kept.deadline - (Date.now() + kept.offset));
    this.deadline = kept.deadline;
    this.offset = kept.deadline - Math.max(0, Date.now() < kept.at ? kept.left : left) - performance.now();
    this.held = kept.held;
    this.unsure = true;
    this.show();
  }

  kept() {
    if (this.deadline === undefined) return null;
    return { deadline: this.deadline, left: this.left(), offset: this.now() - Date.now(), at: Date.now(), held: this.held };
  }

  sync(serverTime, deadline, sent, received) {
    if (!deadline) return;
    const trip = received - sent;
    const offset = Date.parse(serverTime) + trip / 2 - received;
    const apart = Math.abs(offset - this.offset) > (trip + Math.min(this.quickest, trip)) / 2 + 100; // both cannot be right
    if (trip <= this.quickest || apart || this.unsure || received - this.measured > OLD) {
      Object.assign(this, { offset, quickest: trip, measured: received });
    }
    const before = this.deadline;
    const waited = this.held;
    Object.assign(this, { deadline: Date.parse(deadline), held: false, unsure: false });
    if (this.done && this.seconds() > 0) {
      Object.assign(this, { done: false, toldAt: Infinity });
      this.told.again();
    }
    if (this.deadline > before + 999) {
      this.toldAt = Infinity; // thresholds that come a second time are told a second time
      if (!waited) this.told.extended(Math.round((this.deadline - before) / 1000));
    }
    this.show();
  }

  hold() { this.held = true; }

  now() { return performance.now() + this.offset; }

  left() { return Math.max(0, this.deadline - this.now()); }

  seconds() { return Math.ceil(this.left() / 1000); }

  words() {
    const seconds = this.seconds();
    return this.say("timeLeft", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
  }

  // Date and monotonic clock should have moved alike; a sleep or a hand at the date sets them apart.
  look() {
    const [steady, date] = [performance.now(), Date.now()];
    const jumped = this.steady !== undefined && Math.abs(date - this.date - (steady - this.steady)) > JUMP;
    Object.assign(this, { steady, date });
    if (!jumped) return;
    this.unsure = true;
    this.told.doubt();
  }

  show() {
    this.look();
    if (this.deadline === undefined || this.held || this.done) return;
    const seconds = this.seconds();
    const pad = (number) => String(number).padStart(2, "0");
    const text = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
    if (this.place.textContent !== text) this.place.textContent = text;
    this.place.dataset.tone = seconds <= 300 ? "bad" : seconds <= 600 ? "warn" : "";
    const passed = THRESHOLDS.filter((minutes) => seconds <= minutes * 60).pop();
    if (passed !== undefined && passed < this.toldAt) {
      if (this.toldAt !== Infinity || seconds > passed * 60 - 5) this.announce(this.words());
      this.toldAt = passed;
    }
    if (seconds === 0) {
      this.done = true;
      this.told.over();
    }
  }
}
