// The screen as a display on a wall: the map follows the drivers of the address's filter, and the connection is kept for ever.

import { t } from "../i18n/messages.js";
import { keepInSight } from "../map/in-sight.js";
import { duration } from "../ui/text.js";
import { mountKiosk } from "../views/kiosk.js";

/** Milliseconds between two looks at whether the map has to be moved. */
const EVERY = 2_000;
/** Milliseconds until a display is loaded again that the hub has turned away: it may have been restarted, or the login renewed. */
const AGAIN = 60_000;

/** How current the map is: a state of the connection, and the time since the hub was heard. */
function words(name, since) {
  switch (name) {
    case "live":
      return t("live");
    case "connecting":
      return t("connecting");
    case "reconnecting":
      return since === null ? t("kiosk-reconnecting") : t("reconnecting-since", { duration: since });
    case "stale":
      return since === null ? t("status-stale") : t("kiosk-stale-since", { duration: since });
    default:
      return t("disconnected");
  }
}

/** Shows the map alone, with the time and the age of what is seen. */
export function showKiosk({ connection, fleet, map }) {
  const display = mountKiosk({ now: fleet.now });
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function state() {
    const { name, heard } = connection.state;
    display.tell(words(name, heard === null ? null : duration((Date.now() - heard) / 1000)), name);
  }

  function follow() {
    if (!map.available) return;
    const shown = fleet.shown().filter(({ latitude }) => Number.isFinite(latitude));
    keepInSight(map.maplibre, shown, calm.matches);
  }

  let reload;
  setInterval(state, 1_000);
  setInterval(follow, EVERY);
  connection.onState(({ name }) => {
    state();
    clearTimeout(reload);
    if (name === "ended") reload = setTimeout(() => location.reload(), AGAIN);
  });
  follow();
}
