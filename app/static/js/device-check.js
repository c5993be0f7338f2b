// What this computer can do for the exam, told before it begins.
import { clockOffset, learn } from "./server-time.js";

const OFF_BY = 60000, SLOW = 800, SMALL = { width: 900, height: 550 };

export function start(card) {
  const said = card.querySelector("[data-texts]").dataset;
  const tell = (name, tone, text = "") => {
    const line = card.querySelector(`[data-check=${name}]`), badge = line.querySelector(".badge"), help = line.querySelector(".help");
    badge.className = `badge ${tone}`;
    badge.textContent = said[tone];
    help.textContent = text;
    help.hidden = !text;
  };

  storage().then(() => tell("storage", "good"), () => tell("storage", "bad", said.storage));
  const worker = window.isSecureContext && "serviceWorker" in navigator;
  tell("worker", worker ? "good" : "warn", worker ? "" : said.worker);
  const screen = () => {
    const small = innerWidth < SMALL.width || innerHeight < SMALL.height;
    tell("screen", small ? "warn" : "good", small ? said.screen : "");
  };
  screen();
  addEventListener("resize", screen);
  connection(card.dataset.address).then(
    (trip) => {
      const slow = trip > SLOW, minutes = Math.round(Math.abs(clockOffset()) / 60000);
      tell("connection", slow ? "warn" : "good", slow ? said.connection.replace("{milliseconds}", Math.round(trip)) : "");
      const off = Math.abs(clockOffset()) > OFF_BY;
      tell("clock", off ? "warn" : "good", off ? said.clock.replace("{minutes}", minutes) : "");
    },
    () => tell("connection", "bad", said.unreachable),
  );
}

function storage() {
  return new Promise((done, failed) => {
    localStorage.setItem("device-check", "1");
    localStorage.removeItem("device-check");
    const asked = indexedDB.open("device-check", 1);
    asked.onerror = failed;
    asked.onsuccess = () => { asked.result.close(); indexedDB.deleteDatabase("device-check"); done(); };
  });
}

async function connection(address) {
  let shortest = Infinity;
  for (let tries = 0; tries < 3; tries += 1) {
    const sent = performance.now();
    const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    shortest = Math.min(shortest, learn(found.server_time, sent, performance.now()));
  }
  return shortest;
}
