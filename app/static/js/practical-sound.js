// The recording of a task: the server counts a play and hands out its sound once. It cannot be wound.
import { uuid } from "./practical-keep.js";

export class Sound {
  constructor(place, page, moved = () => {}) {
    Object.assign(this, { place, page, moved, playing: false, left: Number(place.dataset.left), since: 0, at: 0 });
    this.button = place.querySelector("[data-play]");
    this.button.addEventListener("click", () => this.play());
    this.show();
  }

  get wish() {
    try { return sessionStorage.getItem(`play-task-${this.page.id}`) ?? this.key ?? ""; } catch { return this.key ?? ""; }
  }

  set wish(key) {
    this.key = key;
    try { sessionStorage.setItem(`play-task-${this.page.id}`, key); } catch { /* this page remembers */ }
  }

  async play() {
    if (this.playing || !(this.left || this.wish)) return;
    this.context ??= new AudioContext();
    this.context.resume();
    this.playing = true;
    this.tell("playLoading");
    this.show();
    try {
      if (!this.wish) this.wish = uuid();
      const { ok, status, answer } = await this.page.server.call(this.page.playsUrl, { key: this.wish });
      if (!ok && status >= 500) throw new Error(answer.error.code);
      if (ok) this.left = answer.plays_left;
      else this.left = answer.error.details?.plays_left ?? this.left;
      this.show();
      if (!ok) return this.fail(answer.error.message);
      await this.sound(answer.url);
    } catch {
      this.end("playOffline");
    }
    return undefined;
  }

  async sound(url) {
    let sound = null;
    try {
      const response = url && await fetch(url);
      sound = response?.ok ? await this.context.decodeAudioData(await response.arrayBuffer()) : null;
    } catch { /* lost on the way */ }
    this.wish = "";
    if (!sound) return this.end("playLost");
    const source = new AudioBufferSourceNode(this.context, { buffer: sound });
    source.connect(this.context.destination);
    source.onended = () => this.end("played");
    this.tell("playing");
    this.since = this.context.currentTime;
    source.start();
    this.ticking = setInterval(() => this.move(Math.min(sound.duration, this.context.currentTime - this.since), sound.duration), 200);
    return undefined;
  }

  // Second that is heard now; of a recording that stands still, the last one heard.
  now() { return this.at; }

  move(at, duration) {
    this.at = at;
    this.place.querySelector("progress").value = duration ? at / duration : 0;
    const whole = Math.floor(at);
    this.place.querySelector("[data-at]").textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    this.moved(at);
  }

  fail(message) {
    this.wish = "";
    this.playing = false;
    this.place.querySelector("[data-play-said]").textContent = message;
    this.show();
  }

  end(said) {
    clearInterval(this.ticking);
    this.playing = false;
    this.tell(said);
    this.show();
  }

  stop() {
    clearInterval(this.ticking);
    this.context?.close();
    this.context = null;
    this.playing = true; // for good
    this.show();
  }

  tell(name) { this.place.querySelector("[data-play-said]").textContent = this.page.say(name); }

  show() {
    this.button.setAttribute("aria-disabled", String(this.playing || !(this.left || this.wish)));
    this.place.querySelector("[data-plays-left]").textContent = this.left ? this.page.say("playsLeft", { count: this.left }) : this.page.say("playsNone");
  }
}
