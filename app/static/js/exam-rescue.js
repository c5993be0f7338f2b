// The file for the stick: what the server lacks, encrypted so that the server alone can read it.
const FORMAT = "exam-rescue";
const text = new TextEncoder();
const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const bytes = (written) => Uint8Array.from(atob(written), (one) => one.charCodeAt(0));

// Only pages with TLS, or at the server itself, are given the means.
export const possible = () => Boolean(globalThis.crypto?.subtle);

export async function seal(record) {
  const content = {
    attempt: Number(record.attempt), client: record.client, token: record.token, receipt: record.receipt, made_at: new Date().toISOString(),
    changes: record.pending.map(({ seq, position, answer, flagged }) => ({ seq, position, answer, flagged })),
  };
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", bytes(record.key.value), curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const ephemeral = await crypto.subtle.exportKey("raw", ours.publicKey);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const head = `${FORMAT} 1 ${record.key.id}`;
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: ephemeral, info: text.encode(head) }, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(head) }, key, text.encode(JSON.stringify(content)));
  return JSON.stringify({ format: FORMAT, version: 1, key: record.key.id, ephemeral: base64(ephemeral), iv: base64(iv), data: inPieces(data) });
}

// String.fromCharCode takes only so many arguments at once.
function inPieces(data) {
  const all = new Uint8Array(data);
  let written = "";
  for (let place = 0; place < all.length; place += 3 * 4096) written += base64(all.subarray(place, place + 3 * 4096));
  return written;
}

export function save(sealed, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([sealed], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
