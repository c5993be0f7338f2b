// What every request of the exam page carries: the attempt's own token where there is one, the log-in otherwise.
export function headers(element) {
  const token = element.closest("[data-token]")?.dataset.token;
  const given = token ? { Authorization: `Bearer ${token}` } : { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
  return { "Content-Type": "application/json", Accept: "application/json", ...given };
}
