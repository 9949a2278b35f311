// The area and rate of the map's subscription.

/** Milliseconds that the map has to be still; and the longest interval while it keeps moving. */
const STILL = 200;
const LONGEST = 600;
/** Margin as a share of the view, so that a small move needs no request. */
const MARGIN = 0.25;

/** @import { Area, Bounds, Timer } from "./types.js" */

/** Positions a second and driver that can be told apart at a zoom: a lorry moves a pixel in nine seconds at zoom 9.
 * @param {number} zoom */
export function rateAt(zoom) {
  if (zoom < 5) return 0.2;
  if (zoom < 8) return 0.5;
  if (zoom < 12) return 1;
  return zoom < 15 ? 2 : 5;
}

/** The area of bounds `{west, south, east, north}` (which may lie beyond ±180) with a margin: `[west, south, east, north]`.
 * @param {Bounds} bounds */
export function areaOf({ west, south, east, north }, margin = MARGIN) {
  const [width, height] = [east - west, north - south];
  const [low, high] = [Math.max(-90, south - height * margin), Math.min(90, north + height * margin)].map(round);
  if (width * (1 + 2 * margin) >= 360) return [-180, low, 180, high];
  return [wrap(west - width * margin), low, wrap(east + width * margin), high];
}

/** @param {number} degrees */
function round(degrees) {
  return Math.round(degrees * 1e5) / 1e5;
}

/** @param {number} longitude */
function wrap(longitude) {
  return round(((((longitude + 180) % 360) + 360) % 360) - 180);
}

/** Call `watch(area, maxHz)` with the visible area, while the map moves and once it is still. Returns a function that
 * ends it.
 * @param {any} map of MapLibre
 * @param {(area: Area, rate: number) => void} watch */
export function followViewport(map, watch) {
  /** @type {Timer} */
  let timer;
  let due = Infinity;
  /** @type {{view: Bounds, rate: number} | null} */
  let covered = null;

  function bounds() {
    const box = map.getBounds();
    return { west: box.getWest(), south: box.getSouth(), east: box.getEast(), north: box.getNorth() };
  }

  /** @param {Bounds} view */
  function inside(view) {
    if (!covered || rateAt(map.getZoom()) !== covered.rate) return false;
    const { west, south, east, north } = covered.view;
    const [width, height] = [east - west, north - south];
    const within = view.west >= west - width * MARGIN && view.east <= east + width * MARGIN && view.south >= south - height * MARGIN && view.north <= north + height * MARGIN;
    // Much smaller than the watched area: watch less.
    return within && view.east - view.west > width / 2;
  }

  function look() {
    clearTimeout(timer);
    timer = undefined;
    due = Infinity;
    const view = bounds();
    if (inside(view)) return;
    covered = { view, rate: rateAt(map.getZoom()) };
    watch({ bbox: areaOf(view) }, covered.rate);
  }

  function moved() {
    const now = performance.now();
    due = Math.min(due, now + LONGEST);
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(0, Math.min(STILL, due - now)));
  }

  map.on("move", moved);
  map.on("resize", moved);
  look();
  return () => {
    clearTimeout(timer);
    map.off("move", moved);
    map.off("resize", moved);
  };
}
