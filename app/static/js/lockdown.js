// Shows the keys that Safe Exam Browser gives to scripts, where it puts none into its headers (macOS, iOS).
const PATIENCE = 5000;

export function start(card) {
  if (!window.SafeExamBrowser) return;
  card.querySelector("[data-checking]").hidden = false;
  confirm(card.dataset.url).then((confirmed) => {
    if (confirmed) return location.reload();
    card.querySelector("[data-checking]").hidden = true;
    card.querySelector("[data-wrong]").hidden = false;
    return undefined;
  });
}

// True once the server knows the key; false if it does not.
export async function confirm(url) {
  const keys = await ours();
  const token = document.querySelector("meta[name=csrf-token]").content;
  const answer = await fetch(url, {
    method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ page: location.pathname + location.search, ...keys }),
  });
  return answer.ok && (await answer.json()).confirmed;
}

async function ours() {
  const security = window.SafeExamBrowser.security ?? {};
  if (!security.configKey && security.updateKeys) await asked(security);
  return { config_key: security.configKey ?? "", exam_key: security.browserExamKey ?? "" };
}

function asked(security) {
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE);
    window.lockdownKeysReady = resolve;
    try { security.updateKeys(window.lockdownKeysReady); } catch { resolve(); }
  });
}
