// Keeps a piece of the page fresh while work goes on, and loads the page anew once it is over.
export function start(element) {
  const every = Number(element.dataset.seconds) * 1000;
  const look = async () => {
    try {
      const answer = await fetch(element.dataset.url, { headers: { Accept: "text/html" } });
      if (answer.status === 204) return location.reload();
      if (answer.ok) element.innerHTML = await answer.text();
    } catch { /* the next look may reach the server */ }
    return setTimeout(look, every);
  };
  setTimeout(look, every);
}
