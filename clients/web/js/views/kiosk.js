// A display on a wall: the map over the whole window, the time, and a screen that stays on. `?kiosk` in the address.

import { element } from "../ui/element.js";
import { clock } from "../ui/text.js";

/** Whether the address asks for it.
 * @param {string} query such as `?group=vans&kiosk` */
export const isKiosk = (query) => new URLSearchParams(query).has("kiosk");

/**
 * Hides all of the page but the map, shows the time over it, and keeps the screen on where the browser can. Has `tell(text, state)`: how current the
 * map is; `state` as of a badge.
 * @param {{now: () => number}} parts the hub's clock, epoch milliseconds
 */
export function mountKiosk({ now }) {
  document.documentElement.dataset.kiosk = "";
  const time = element("time", { class: "kiosk-time" });
  const state = element("p", { class: "badge kiosk-state", role: "status" });
  document.body.append(element("div", { class: "kiosk" }, time, state));
  const show = () => void (time.textContent = clock(now()));
  setInterval(show, 1_000);
  show();
  keepAwake();
  return {
    /** @param {string} text
     * @param {string} name */
    tell(text, name) {
      if (state.textContent !== text) state.textContent = text;
      state.dataset.state = name;
    },
  };
}

/** The lock ends when the page is hidden, so it is requested again. */
function keepAwake() {
  const request = () => {
    if (document.hidden) return;
    navigator.wakeLock?.request("screen").catch((error) => console.info("The screen may be turned off:", error.message));
  };
  document.addEventListener("visibilitychange", request);
  request();
}
