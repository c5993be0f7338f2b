// Copies a text of the page; where the browser does not let it, the text is selected to be copied by hand.
export function start(button) {
  button.addEventListener("click", async () => {
    const place = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(place.textContent);
      button.textContent = button.dataset.copied;
    } catch { getSelection().selectAllChildren(place); }
  });
}
