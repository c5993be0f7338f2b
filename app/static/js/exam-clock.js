// The server's time left. The computer's own clock plays no part: only the time passed since the server last told.
const THRESHOLDS = [30, 10, 5, 1];

export class Clock {
  constructor(place, say, announce, over) {
    Object.assign(this, { place, say, announce, over, held: false, done: false, told: Infinity });
    setInterval(() => this.show(), 500);
  }

  set(serverTime, deadline) {
    if (!deadline) return;
    this.held = false;
    this.left = Date.parse(deadline) - Date.parse(serverTime);
    this.since = performance.now();
    this.show();
  }

  hold() { this.held = true; }

  seconds() { return Math.max(0, Math.ceil((this.left - (performance.now() - this.since)) / 1000)); }

  words() {
    const seconds = this.seconds();
    return this.say("timeLeft", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
  }

  show() {
    if (this.left === undefined || this.held || this.done) return;
    const seconds = this.seconds();
    const pad = (number) => String(number).padStart(2, "0");
    this.place.textContent = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
    this.place.dataset.tone = seconds <= 300 ? "bad" : seconds <= 600 ? "warn" : "";
    const passed = THRESHOLDS.filter((minutes) => seconds <= minutes * 60).pop();
    if (passed !== undefined && passed < this.told) {
      if (this.told !== Infinity || seconds > passed * 60 - 5) this.announce(this.words());
      this.told = passed;
    }
    if (seconds === 0) {
      this.done = true;
      this.over();
    }
  }
}
