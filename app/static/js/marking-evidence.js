// Evidence bound to a criterion: photo, recording or file, kept on the tablet first and sent once by its own key.
import { recorder } from "./marking-recorder.js";

const MOST = 5 * 1024 * 1024, LONGEST = 1600;

export function evidence(page, own, sheet) {
  const tools = page.querySelector("template[data-evidence-tools]");
  for (const place of page.querySelectorAll("[data-evidence]")) {
    place.hidden = false;
    place.append(tools.content.cloneNode(true));
    const criterion = place.closest("[data-criterion]").dataset.criterion;
    const offer = (blob, kind) => offered(page, place, own, sheet, { criterion, kind, blob });
    for (const field of place.querySelectorAll("input[type=file]")) {
      field.addEventListener("change", async () => {
        const file = field.files[0];
        field.value = "";
        if (file) await offer(file, field.dataset.kind === "auto" ? kindOf(file) : field.dataset.kind);
      });
    }
    recorder(place.querySelector("[data-record]"), (blob) => offer(blob, "audio"));
  }
  const show = () => waiting(page, own, sheet);
  own.addEventListener("changed", show);
  own.addEventListener("evidence", ({ detail }) => { if (detail.sheet === sheet) sent(page, detail); });
  show();
}

const kindOf = (file) => (file.type.startsWith("audio/") ? "audio" : file.type.startsWith("image/") ? "screen" : "file");

// Shown before it is attached: what it shows is said, and from when to when a recording is meant.
async function offered(page, place, own, sheet, { criterion, kind, blob }) {
  const said = place.querySelector("[data-evidence-said]");
  const file = kind === "photo" || kind === "screen" ? await smaller(blob).catch(() => blob) : blob;
  said.textContent = file.size > MOST ? said.dataset.large : "";
  if (file.size > MOST) return;
  const line = page.querySelector("template[data-piece]").content.firstElementChild.cloneNode(true);
  line.querySelector("[data-media]").append(shown(kind, file));
  line.querySelector("[data-cut-fields]").hidden = kind !== "audio";
  place.querySelector("[data-kept-pieces]").append(line);
  line.querySelector("[data-drop]").addEventListener("click", () => line.remove());
  line.querySelector("[data-attach]").addEventListener("click", async () => {
    const seconds = (name) => (line.querySelector(name).value === "" ? null : Math.floor(Number(line.querySelector(name).value)));
    const [from, to] = [seconds("[data-from]"), seconds("[data-to]")];
    const cut = from === null && to === null ? {} : { from_second: from ?? 0, to_second: Math.max(from ?? 0, to ?? from ?? 0) };
    const piece = { client_key: crypto.randomUUID(), criterion, kind, caption: line.querySelector("[data-caption]").value.trim(), ...cut };
    line.remove();
    await own.attach(sheet.id, piece, file);
  });
  line.querySelector("[data-caption]").focus();
}

// What is still only here, beside what the server has.
function waiting(page, own, sheet) {
  for (const place of page.querySelectorAll("[data-evidence]")) {
    const criterion = place.closest("[data-criterion]").dataset.criterion;
    const list = place.querySelector("[data-kept-pieces]");
    const here = sheet.evidence.filter((row) => row.piece.criterion === criterion);
    for (const row of here) {
      const line = list.querySelector(`[data-key="${row.piece.client_key}"]`) ?? list.appendChild(kept(page, row));
      line.querySelector("[data-waits]").hidden = own.store.unwritten.includes(row.id);
    }
    const server = place.querySelectorAll("ul.pieces:not([data-kept-pieces]) li").length;
    const all = server + list.querySelectorAll("[data-key]").length;
    place.querySelector("[data-evidence-count]").textContent = all ? `(${all})` : "";
  }
}

function kept(page, { piece, blob }) {
  const line = page.querySelector("template[data-piece]").content.firstElementChild.cloneNode(true);
  line.dataset.key = piece.client_key;
  line.querySelector("[data-media]").append(shown(piece.kind, blob));
  const words = document.createElement("span");
  words.textContent = piece.caption;
  line.querySelector("label").replaceWith(words);
  for (const gone of line.querySelectorAll("[data-cut-fields], [data-attach], [data-drop]")) gone.remove();
  return line;
}

function sent(page, { row, message }) {
  const line = page.querySelector(`[data-key="${row.piece.client_key}"]`);
  if (!line) return;
  line.querySelector("[data-waits]")?.remove();
  if (!message) return;
  line.closest("[data-evidence]").querySelector("[data-evidence-said]").textContent = message;
  line.remove();
}

function shown(kind, blob) {
  const made = document.createElement(kind === "audio" ? "audio" : kind === "file" ? "span" : "img");
  if (kind === "file") made.textContent = blob.name ?? "PDF";
  else made.src = URL.createObjectURL(blob);
  if (kind === "audio") made.controls = true;
  else if (kind !== "file") Object.assign(made, { alt: "", className: "piece-picture" });
  return made;
}

async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/jpeg", 0.85));
}
