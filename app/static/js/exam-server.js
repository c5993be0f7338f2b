// Calls to the server. The attempt's token goes first, so that a lapsed log-in stops nothing; the cookie is the second way.
const PATIENCE = 10000;

export class Server {
  constructor(data) {
    this.token = data.token ?? "";
    this.csrf = document.querySelector("meta[name=csrf-token]").content;
  }

  // {status, ok, answer, sent, received}; throws where no answer came.
  async call(url, body, { keepalive = false, method = "POST" } = {}) {
    const asked = await this.once(url, body, keepalive, method);
    return asked.status === 401 && this.token ? this.once(url, body, keepalive, method, false) : asked;
  }

  // A file, by the same two ways.
  async file(url) {
    const asked = await fetch(url, { headers: this.proof(true) });
    return asked.status === 401 && this.token ? fetch(url) : asked;
  }

  async once(url, body, keepalive, method, token = true) {
    const sent = performance.now();
    const response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json", ...this.proof(token) },
      body: method === "POST" ? JSON.stringify(body) : undefined,
      keepalive,
      signal: AbortSignal.timeout && !keepalive ? AbortSignal.timeout(PATIENCE) : undefined,
    });
    const received = performance.now();
    const answer = await response.json();
    return { status: response.status, ok: response.ok, answer, sent, received, rest: Number(response.headers.get("Retry-After")) || 0 };
  }

  proof(token) { return token && this.token ? { Authorization: `Bearer ${this.token}` } : { "X-CSRFToken": this.csrf }; }
}
