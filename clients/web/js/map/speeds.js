// The speeds of a track, by the rule of the hub's trips (hub/core/trips/odometer.py), so that the chart and the figures of a trip
// agree: a reported speed counts unless it is nonsense for the way, and the way counts where none was reported.

import { GAP, metresBetween } from "./track.js";

/** Milliseconds over which the way is measured: noise of 5 m at both ends is 0.7 m/s then. */
const BASELINE = 10_000;

/** Whether a reported speed fits a measured one, in m/s. */
const fits = (reported, measured) => reported >= 0 && reported <= 2 * measured + 10;

/**
 * Speeds in m/s for each position, NaN where unknown; and whether none of them was reported.
 * @param {import("./track.js").Track} track `speeds` are those that were reported
 * @returns {{speeds: Float64Array, measured: boolean}}
 */
export function speedsOf({ length, times, latitudes, longitudes, speeds: reported }) {
  const speeds = Float64Array.from(reported);
  const none = reported.every(Number.isNaN);
  /** The way is measured from this position. */
  let base = 0;
  /** A wrong fix, or the way back to the truth, spoils one measurement: the lower one of two counts. */
  let before = 0;
  for (let index = 1; index < length; index += 1) {
    const elapsed = times[index] - times[base];
    if (times[index] - times[index - 1] > GAP) {
      [base, before] = [index, 0];
      continue;
    }
    if (elapsed < BASELINE) continue;
    const [from, to] = [base, index].map((each) => ({ latitude: latitudes[each], longitude: longitudes[each] }));
    const measured = (metresBetween(from, to) / elapsed) * 1000;
    const lower = Math.min(measured, before);
    const within = speeds.subarray(base + 1, index + 1);
    if (within.every(Number.isNaN)) within.fill(lower);
    else within.forEach((speed, at) => void (speed > 0 && !fits(speed, measured) && (within[at] = lower)));
    [base, before] = [index, measured];
  }
  return { speeds, measured: none && length > 1 };
}
