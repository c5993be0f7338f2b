// Recordings: the server counts a play and hands out its sound once. It cannot be wound, and stands still in a pause.
export class Players {
  constructor(root, say, server) {
    Object.assign(this, { root, say, server, context: null, playing: null });
    this.all = [...root.querySelectorAll("[data-player]")];
    this.all.forEach((player) => player.querySelector("[data-play]").addEventListener("click", () => this.play(player)));
    this.show();
  }

  hold() { this.context?.suspend(); }

  go() { if (this.playing) this.context.resume(); }

  stop() {
    clearInterval(this.ticking);
    this.context?.close();
    this.context = null;
    this.playing = null;
    this.all.forEach((player) => { player.querySelector("[data-play]").disabled = true; });
  }

  show() {
    this.all.forEach((player) => {
      const left = Number(player.dataset.left);
      player.querySelector("[data-plays-left]").textContent = left ? this.say("playsLeft", { count: left }) : this.say("playsNone");
      // A button that has just been pressed keeps the focus: it is barred, not taken away.
      const barred = this.playing !== null || !(left || this.wish(player, false));
      const button = player.querySelector("[data-play]");
      button.disabled = false;
      button.setAttribute("aria-disabled", barred);
    });
  }

  async play(player) {
    if (player.querySelector("[data-play]").getAttribute("aria-disabled") === "true") return;
    this.context ??= new AudioContext();
    this.context.resume();
    this.begin(player);
    try {
      const granted = await this.ask(player);
      if (granted) await this.sound(player, granted);
    } catch {
      this.tell(player, this.say("playOffline"));
      this.end();
    }
  }

  async ask(player) {
    const wish = { client: this.root.dataset.client, position: Number(player.dataset.position), key: this.wish(player, true) };
    const { ok, status, answer } = await this.server.call(this.root.dataset.playsUrl, wish);
    if (ok) {
      player.dataset.left = answer.plays_left;
      this.show();
      return answer;
    }
    if (status >= 500) throw new Error(answer.error.code);
    if (answer.error.details.plays_left === 0) player.dataset.left = 0;
    this.forget(player);
    this.tell(player, answer.error.message);
    this.end();
    return null;
  }

  async sound(player, { url }) {
    let sound = null;
    try {
      const response = url && await this.server.file(url);
      sound = response?.ok ? await this.context.decodeAudioData(await response.arrayBuffer()) : null;
    } catch { /* lost on the way */ }
    this.forget(player);
    if (!sound) {
      this.tell(player, this.say("playLost"));
      return this.end();
    }
    const source = new AudioBufferSourceNode(this.context, { buffer: sound });
    source.connect(this.context.destination);
    source.onended = () => { this.tell(player, this.say("played")); this.end(); };
    this.tell(player, this.say("playing"));
    const since = this.context.currentTime;
    source.start();
    this.ticking = setInterval(() => this.move(player, (this.context.currentTime - since) / sound.duration), 200);
    return undefined;
  }

  begin(player) {
    this.playing = player;
    this.tell(player, this.say("playLoading"));
    this.move(player, 0);
    this.show();
  }

  end() {
    clearInterval(this.ticking);
    if (this.playing) this.move(this.playing, 0);
    this.playing = null;
    this.show();
  }

  move(player, share) { player.querySelector("progress").value = Math.min(1, share); }

  tell(player, text) { player.querySelector("[data-play-said]").textContent = text; }

  // The same wish goes on through a lost network and a reload, until its sound has come.
  wish(player, make) {
    const place = `play-${this.root.dataset.attempt}-${player.dataset.player}`;
    let key = player.dataset.wish ?? "";
    try { key ||= sessionStorage.getItem(place) ?? ""; } catch { /* no store: this page remembers */ }
    if (make && !key) {
      key = uuid();
      player.dataset.wish = key;
      try { sessionStorage.setItem(place, key); } catch { /* as above */ }
    }
    return key;
  }

  forget(player) {
    delete player.dataset.wish;
    try { sessionStorage.removeItem(`play-${this.root.dataset.attempt}-${player.dataset.player}`); } catch { /* as above */ }
  }
}

// crypto.randomUUID is kept from pages without TLS, where some exam rooms still are.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
