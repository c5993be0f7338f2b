// Shows the certificate as it would look with what is typed just now, a moment after the typing stops.
const PAUSE = 600;

export function start(form) {
  const picture = form.querySelector("[data-picture]");
  const said = form.querySelector("[data-said]");
  let waiting = 0;
  let asked = 0;

  async function draw() {
    const number = ++asked;
    try {
      const answer = await fetch(form.dataset.try, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin",
      });
      if (number !== asked) return;
      if (answer.ok) {
        const before = picture.src;
        picture.src = URL.createObjectURL(await answer.blob());
        if (before.startsWith("blob:")) URL.revokeObjectURL(before);
        said.textContent = "";
      } else {
        const told = await answer.json();
        said.textContent = told.error ? told.error.message : "";
      }
    } catch {
      // No network: the picture before stays, and saving says what is wrong.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, PAUSE);
  });
}
