// The desk at the door: a photo by the computer's camera or made smaller before it is sent, search while typing,
// and Enter for a match. Without all this the page works by its forms.
const LONGEST = 1200;
const LOOK = 700; // milliseconds: a second Enter meant for the last person confirms nobody

export function start(desk) {
  const field = desk.querySelector("#photo");
  if (field) {
    const chosen = () => field.files[0] && keep(desk, field, field.files[0]);
    field.addEventListener("change", chosen);
    chosen(); // before this ran
    camera(desk, field);
  }
  seek(desk);
  const shown = performance.now();
  document.addEventListener("keydown", (event) => {
    const nothing = document.activeElement === document.body || document.activeElement.id === "content";
    const looked = performance.now() - shown > LOOK;
    if (event.key === "Enter" && nothing && looked && !event.repeat) desk.querySelector("[data-enter]")?.click();
  });
}

async function keep(desk, field, file) {
  const picture = await smaller(file).catch(() => null);
  if (!picture) return; // the server says what is wrong with it
  const chosen = new DataTransfer();
  chosen.items.add(new File([picture], "photo.jpg", { type: "image/jpeg" }));
  field.files = chosen.files;
  show(desk, picture);
}

async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  return drawn(image, image.width, image.height);
}

function drawn(source, width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed()), "image/jpeg", 0.9));
}

function show(desk, picture) {
  const before = desk.querySelector("[data-shown]");
  const image = document.createElement("img");
  image.className = "face";
  image.dataset.shown = "";
  image.alt = desk.querySelector("label[for=photo]").firstChild.textContent.trim();
  image.src = URL.createObjectURL(picture);
  before.replaceWith(image);
}

function camera(desk, field) {
  const button = desk.querySelector("[data-camera]"), lens = desk.querySelector("[data-lens]");
  const video = desk.querySelector("[data-video]");
  if (!navigator.mediaDevices?.getUserMedia) return;
  button.hidden = false;
  let stream = null;
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
  };
  button.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, facingMode: "environment" } });
    } catch {
      button.hidden = true; // no camera, or not allowed: the file field remains
      field.focus();
      return;
    }
    video.srcObject = stream;
    lens.showModal();
  });
  desk.querySelector("[data-take]").addEventListener("click", async () => {
    const picture = await drawn(video, video.videoWidth, video.videoHeight).catch(() => null);
    lens.close();
    if (picture) await keep(desk, field, picture);
  });
  desk.querySelector("[data-leave]").addEventListener("click", () => lens.close());
  lens.addEventListener("close", stop);
}

function seek(desk) {
  const typed = desk.querySelector("[data-seek]"), lines = [...desk.querySelectorAll("[data-roll] li")];
  const found = () => {
    const words = typed.value.replace(/\s/g, "").toLowerCase();
    for (const line of lines) line.hidden = !line.dataset.words.toLowerCase().includes(words);
  };
  typed.addEventListener("input", found);
  if (typed.value !== typed.defaultValue) found(); // before this ran
}
