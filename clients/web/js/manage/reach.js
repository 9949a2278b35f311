// From where an address can be reached.

/**
 * `machine`: from this computer only; `network`: from the private network that it is in; `any`: as far as its text tells,
 * from anywhere.
 * @param {string} url
 * @returns {"machine" | "network" | "any"}
 */
export function reachOf(url) {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (host === "localhost" || host.endsWith(".localhost") || /^(127\.|::1$|::$|0\.0\.0\.0$)/.test(host)) return "machine";
  // RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291, RFC 6762.
  const local = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.)/;
  if (local.test(host) || (host.includes(":") && /^(f[cd]|fe[89ab])/.test(host)) || host.endsWith(".local")) return "network";
  return "any";
}
