// Logging out with something unsent is asked about; in any case the pages kept for this user are taken off the tablet.
import { forget } from "./tablet-keeper.js";
import { tablet } from "./tablet.js";

export async function start(form) {
  const own = await tablet, dialog = document.querySelector("[data-leaving]");
  const words = dialog.querySelector("[data-leaving-count]");
  let sure = false;
  form.addEventListener("submit", async (event) => {
    if (sure) return;
    event.preventDefault();
    if (own.waiting) {
      words.textContent = words.dataset.text.replace("{count}", own.waiting);
      dialog.showModal();
      return;
    }
    await out();
  });
  const out = async () => {
    sure = true;
    await forget();
    form.requestSubmit();
  };
  dialog.querySelector("[data-leave]").addEventListener("click", out);
  dialog.querySelector("[data-stay]").addEventListener("click", () => {
    dialog.close();
    own.sender.flush();
  });
}
