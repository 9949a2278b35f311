// When a client does not come back.

/** Close codes below 4500 after which a client does not reconnect. */
const FINAL = new Set([1000, 1002, 1003, 1007, 1008, 1009]);

/** The hub refuses this client for good. `code` is a close code, an HTTP status, or the code of an `error` message. */
export class Refused extends Error {
  /**
   * @param {number | string} code
   * @param {string} detail
   */
  constructor(code, detail) {
    super(detail || `code ${code}`);
    this.name = "Refused";
    this.code = code;
  }
}

/** Whether a close code means that a client must not reconnect.
 * @param {number} code */
export function finalClose(code) {
  return FINAL.has(code) || code >= 4500;
}

/** The refusal of a token, or null if it is valid, or if the hub does not answer, or not to a page of another site.
 * @param {string} url of the socket
 * @param {string | undefined} token */
export async function refusalOf(url, token) {
  const { protocol, host } = new URL(url);
  try {
    const answer = await fetch(`${protocol === "wss:" ? "https" : "http"}://${host}/api/v1/auth/me`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      signal: AbortSignal.timeout(5_000),
    });
    if (answer.status !== 401 && answer.status !== 403) return null;
    const { detail } = await answer.json();
    return new Refused(answer.status, detail);
  } catch {
    // Unreachable: the next attempt shows whether it still is.
    return null;
  }
}
