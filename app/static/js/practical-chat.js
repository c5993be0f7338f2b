// Two or three conversations side by side. Customers speak when the server says so; what was sent shows at once.
export function mount(work, page) {
  const words = work.querySelector(".chats").dataset;
  const chats = new Map([...work.querySelectorAll("[data-chat]")].map((element) => [element.dataset.chat, new Chat(element, words)]));
  const switches = [...work.querySelectorAll("[data-switch]")];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  let known = 0;
  take(page.work.turns);
  page.work.ended.forEach((id) => chats.get(id)?.end());
  chats.forEach((chat) => { chat.unread = 0; });
  show(switches[0].dataset.switch, false);

  for (const chat of chats.values()) {
    chat.on("[data-send]", "click", () => send(chat));
    chat.on("[data-end]", "click", () => { page.add("end", { conversation: chat.id }); chat.end(); refresh(); });
    chat.on("[data-say]", "keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send(chat);
    });
    chat.element.querySelector("[data-phrases]")?.addEventListener("change", (event) => chat.insert(event.target));
    chat.element.addEventListener("focusin", () => show(chat.id, false));
  }
  switches.forEach((button) => button.addEventListener("click", () => show(button.dataset.switch, true)));
  document.addEventListener("keydown", (event) => {
    const button = event.altKey && switches[Number(event.key) - 1];
    if (!button) return;
    event.preventDefault();
    show(button.dataset.switch, true);
  });
  const ticking = setInterval(refresh, 1000);

  function send(chat) {
    const text = chat.field.value.trim();
    if (!text || chat.over) return;
    chat.field.value = "";
    chat.sent(text);
    page.add("say", { conversation: chat.id, text });
    refresh();
  }

  function show(id, focus) {
    for (const chat of chats.values()) chat.element.classList.toggle("current", chat.id === id);
    chats.get(id).unread = 0;
    if (focus) chats.get(id).field.focus();
    refresh();
  }

  function take(turns) {
    for (const turn of turns) {
      if (turn.number <= known) continue;
      known = turn.number;
      chats.get(turn.conversation)?.heard(turn);
    }
  }

  function refresh() {
    for (const button of switches) {
      const chat = chats.get(button.dataset.switch);
      const badge = button.querySelector("[data-unread]");
      button.setAttribute("aria-pressed", String(chat.element.classList.contains("current")));
      badge.hidden = !chat.unread;
      badge.textContent = chat.unread ? fill(words.unreadText, { count: chat.unread }) : "";
      const seconds = chat.over ? 0 : Math.round(chat.waiting(page.clock.now()));
      const place = chat.element.querySelector("[data-waiting]");
      place.textContent = seconds >= 10 ? fill(words.waitingText, { seconds }) : "";
      place.dataset.tone = seconds >= 60 ? "bad" : seconds >= 30 ? "warn" : "";
    }
  }

  return {
    heard: () => known,
    heardFrom: ({ turns }) => { take(turns); refresh(); },
    replay: (kind, data) => {
      if (kind === "turns") take(data);
      if (kind === "say") chats.get(data.conversation)?.sent(data.text);
      if (kind === "end") chats.get(data.conversation)?.end();
    },
    stop: () => clearInterval(ticking),
    open() {
      const standing = [...chats.values()].filter((chat) => !chat.over);
      const written = standing.filter((chat) => chat.field.value.trim()).length;
      return [written && page.say("chatsWritten", { count: written }), standing.length && page.say("chatsOpen", { count: standing.length })].filter(Boolean).join(" ");
    },
  };
}

class Chat {
  constructor(element, words) {
    Object.assign(this, { element, words, id: element.dataset.chat, log: element.querySelector("[data-log]"), field: element.querySelector("[data-say]"), unread: 0, over: false, since: null, unsent: [] });
  }

  on(selector, event, act) { this.element.querySelector(selector).addEventListener(event, act); }

  waiting(now) { return this.since === null ? 0 : (now - this.since) / 1000; }

  heard({ who, text, at }) {
    if (who === "agent") {
      this.since = null;
      const place = this.unsent.findIndex((one) => one.dataset.text === text);
      if (place < 0) this.line("agent", this.words.you, text);
      else this.unsent.splice(place, 1)[0].classList.remove("unsent");
      return;
    }
    this.since ??= Date.parse(at);
    if (!this.element.contains(document.activeElement)) this.unread += 1;
    this.line("customer", this.element.dataset.name, text);
  }

  sent(text) {
    const line = this.line("agent", this.words.you, text);
    line.classList.add("unsent");
    line.dataset.text = text;
    line.dataset.unsent = this.words.unsent;
    this.unsent.push(line);
    this.since = null;
  }

  line(who, name, text) {
    const line = document.createElement("p");
    line.className = `turn ${who}`;
    const label = document.createElement("span");
    label.className = "turn-who";
    label.textContent = `${name}：`;
    line.append(label, text);
    this.log.append(line);
    this.log.scrollTop = this.log.scrollHeight;
    return line;
  }

  insert(select) {
    if (!select.value) return;
    this.field.value = [this.field.value, select.value].filter(Boolean).join("");
    select.value = "";
    this.field.focus();
  }

  end() {
    this.over = true;
    this.since = null;
    this.element.classList.add("over");
    this.element.querySelectorAll("textarea, button, select").forEach((control) => { control.disabled = true; });
    this.element.querySelector("[data-end]").setAttribute("aria-pressed", "true");
    const said = document.createElement("p");
    said.className = "turn-over";
    said.textContent = this.words.endedText;
    this.log.append(said);
  }
}
