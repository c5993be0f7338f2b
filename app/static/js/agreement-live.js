// Puts the newest figures in place while the panel marks; what is opened stays open, and nothing moves under a reader's focus.
export function start(element) {
  const piece = (page) => page.querySelector("[data-live]");
  const look = async () => {
    const mine = piece(element);
    if (document.hidden || mine.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const fresh = piece(new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (!fresh) return;
      for (const opened of mine.querySelectorAll("details[open]")) fresh.querySelector(`#${opened.id}`)?.setAttribute("open", "");
      mine.replaceWith(document.adoptNode(fresh));
    } catch { /* the next look may reach the server */ }
  };
  setInterval(look, Number(element.dataset.seconds) * 1000);
}
