// Pictures that the candidate agreed to, at the rate agreed on. Answers come first: one picture at a time, none while
// the network is away, none kept for later.
import { headers } from "./exam-sender.js";

const WIDEST = 960;
const QUALITY = 0.6;

export function start(root) {
  const texts = root.querySelector("[data-capture-texts]").dataset;
  const said = root.querySelector("[data-capture-said]");
  const kinds = root.dataset.pictures.split(" ");
  const seconds = Number(root.dataset.seconds);
  const sources = new Map();
  let stopped = false, busy = false;

  if (kinds.includes("camera")) open("camera", () => navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false }));
  const share = root.querySelector("[data-share]");
  share?.addEventListener("click", () => open("screen", () => navigator.mediaDevices.getDisplayMedia({ video: true, audio: false })));
  root.querySelector("[data-stop]").addEventListener("click", takeBack);
  setInterval(take, seconds * 1000);

  async function open(kind, ask) {
    try {
      const stream = await ask();
      const video = document.createElement("video");
      Object.assign(video, { srcObject: stream, muted: true, playsInline: true });
      await video.play();
      if (stopped) return stream.getTracks().forEach((track) => track.stop()); // taken back while the camera was being started
      sources.set(kind, video);
      stream.getVideoTracks()[0].addEventListener("ended", () => lost(kind));
      if (kind === "screen") share.hidden = true;
      tell();
      take();
    } catch {
      lost(kind);
    }
  }

  function lost(kind) {
    sources.delete(kind);
    if (stopped) return;
    if (kind === "screen") share.hidden = false;
    document.dispatchEvent(new CustomEvent("exam-signal", { detail: { kind: "capture" } }));
    said.textContent = kind === "screen" ? texts.noScreen : texts.noCamera;
  }

  function tell() {
    const names = [...sources.keys()].map((kind) => texts[kind]).join(texts.join);
    said.textContent = texts.taking.replace("{kinds}", names).replace("{seconds}", seconds);
  }

  async function take() {
    if (stopped || busy || navigator.onLine === false) return;
    busy = true;
    for (const [kind, video] of sources) await send(kind, video).catch(() => {});
    busy = false;
  }

  async function send(kind, video) {
    if (!video.videoWidth) return;
    const scale = Math.min(1, WIDEST / video.videoWidth);
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) });
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
    await fetch(root.dataset.capturesUrl, {
      method: "POST", headers: headers(root), priority: "low", signal: AbortSignal.timeout?.(20000),
      body: JSON.stringify({ kind, at: new Date().toISOString(), picture }),
    });
  }

  async function takeBack() {
    stopped = true;
    for (const video of sources.values()) video.srcObject.getTracks().forEach((track) => track.stop());
    sources.clear();
    root.querySelector("[data-capture] .actions").hidden = true;
    said.textContent = texts.stopped;
    const token = document.querySelector("meta[name=csrf-token]").content;
    await fetch(root.dataset.consentUrl, {
      method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ agree: false }),
    }).catch(() => {});
  }
}
