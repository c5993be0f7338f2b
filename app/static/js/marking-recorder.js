// Records sound where the browser can; elsewhere the button stays away and a file can be chosen.
const LONGEST = 10 * 60 * 1000; // about 5 MB at the rate asked for
const RATE = 48000;

export function recorder(button, done) {
  if (!globalThis.MediaRecorder || !navigator.mediaDevices?.getUserMedia) return;
  let running = null;
  button.hidden = false;
  button.textContent = button.dataset.start;
  button.addEventListener("click", async () => {
    if (running) return running.stop();
    try {
      running = await begin(button, (blob) => {
        running = null;
        button.textContent = button.dataset.start;
        done(blob);
      });
    } catch {
      button.hidden = true; // no microphone, or not allowed
    }
    return undefined;
  });
}

async function begin(button, done) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const kind = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg"].find((one) => MediaRecorder.isTypeSupported(one));
  const made = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: RATE });
  const parts = [], began = Date.now();
  const show = () => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    button.textContent = button.dataset.stop.replace("{time}", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    if (Date.now() - began > LONGEST) made.stop();
  };
  const ticking = setInterval(show, 500);
  made.ondataavailable = ({ data }) => parts.push(data);
  made.onstop = () => {
    clearInterval(ticking);
    stream.getTracks().forEach((track) => track.stop());
    done(new Blob(parts, { type: made.mimeType.split(";")[0] }));
  };
  made.start();
  show();
  return made;
}
