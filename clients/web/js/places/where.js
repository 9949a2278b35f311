// Where a driver is, in words: asked again when it has moved, not for each position.

import { metresBetween } from "../map/track.js";
import { element } from "../ui/element.js";
import { UNKNOWN } from "../ui/text.js";
import { placeWords } from "./words.js";

const PATH = "/api/v1/geocode/reverse";
/** Metres after which the place is asked again. */
const FAR = 300;
/** Milliseconds between two questions, the same for a driver on a motorway. */
const PAUSE = 5_000;
/** Milliseconds between two questions at the most, however often they failed. */
const LONGEST_PAUSE = 300_000;

/**
 * `element` for the panel; `show(latitude, longitude)` is called with each position.
 * @param {{api: any}} context
 */
export function createWhere({ api }) {
  const host = element("span", {}, UNKNOWN);
  /** @type {import("../map/track.js").Spot | null} of the place that is shown */
  let shown = null;
  /** @type {import("../map/track.js").Spot | null} */
  let latest = null;
  /** @type {any} */
  let timer = null;
  let asking = false;
  /** Questions in a row that failed. */
  let failures = 0;
  let ended = false;

  async function ask() {
    timer = null;
    if (ended || !latest || (shown && metresBetween(shown, latest) < FAR)) return;
    const asked = latest;
    asking = true;
    try {
      const { data } = await api.get(PATH, asked);
      shown = asked;
      failures = 0;
      // An address has a direction of its own; the words of a place have that of the page.
      if (!ended) host.replaceChildren(data.address ? element("bdi", {}, data.address) : placeWords(data.place) || UNKNOWN);
    } catch (error) {
      failures += 1;
      console.info("The name of the place is missing:", error instanceof Error ? error.message : error);
    }
    asking = false;
    if (!ended) timer = setTimeout(ask, Math.min(LONGEST_PAUSE, PAUSE * 2 ** failures));
  }

  return {
    element: host,
    /**
     * @param {number} latitude
     * @param {number} longitude
     */
    show(latitude, longitude) {
      latest = { latitude, longitude };
      if (!asking && timer === null) ask();
    },
    destroy() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
