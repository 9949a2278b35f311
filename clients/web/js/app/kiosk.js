// The screen as a display on a wall: the map follows the drivers of the address's filter, and the connection is kept for ever.

import { keepInSight } from "../map/in-sight.js";
import { duration } from "../ui/text.js";
import { mountKiosk } from "../views/kiosk.js";

/** Milliseconds between two looks at whether the map has to be moved. */
const EVERY = 2_000;
/** Milliseconds until a display is loaded again that the hub has turned away: it may have been restarted, or the login renewed. */
const AGAIN = 60_000;

/** Shows the map alone, with the time and the age of what is seen. */
export function showKiosk({ connection, fleet, map }) {
  const display = mountKiosk({ now: fleet.now });
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function state() {
    const { name, heard } = connection.state;
    const since = heard === null ? "" : ` · as of ${duration((Date.now() - heard) / 1000)} ago`;
    const words = { live: "Live", connecting: "Connecting …", reconnecting: `Reconnecting${since}`, stale: `Stale${since}` };
    display.tell(words[name] ?? "Disconnected", name);
  }

  function follow() {
    if (!map.available) return;
    const shown = fleet.shown().filter(({ latitude }) => Number.isFinite(latitude));
    keepInSight(map.maplibre, shown, calm.matches);
  }

  setInterval(state, 1_000);
  setInterval(follow, EVERY);
  connection.onState(({ name }) => {
    state();
    if (name === "ended") setTimeout(() => location.reload(), AGAIN);
  });
  follow();
}
