// The badge of the connection: whether the screen is current.

import { t } from "../i18n/messages.js";
import { duration } from "../ui/text.js";

/** Show the connection's state in `host`; `announce` is called for changes, not every second. */
export function mountBadge(host, { connection, announce }) {
  let said = "";

  function words({ name, heard, reason }) {
    const since = heard === null ? 0 : (Date.now() - heard) / 1000;
    switch (name) {
      case "live":
        return t("live");
      case "connecting":
        return t("connecting");
      case "reconnecting":
        return since < 1 ? t("reconnecting") : t("reconnecting-since", { duration: duration(since) });
      case "stale":
        return t("stale-since", { duration: duration(since) });
      default:
        return t("disconnected-reason", { reason });
    }
  }

  function show() {
    const { state } = connection;
    const text = words(state);
    if (host.textContent !== text) host.textContent = text;
    host.dataset.state = state.name;
    if (said && said !== state.name) announce(text);
    said = state.name;
  }

  // Not a live region: a screen reader would read every second of "as of 12 s ago".
  host.removeAttribute("role");
  const end = connection.onState(show);
  const timer = setInterval(show, 1_000);
  return {
    destroy() {
      end();
      clearInterval(timer);
    },
  };
}
