// Measures with their units: metric, or miles and feet where the user has those. Arguments have the units of the wire.

import { locale } from "../i18n/messages.js";
import { miles } from "../i18n/preferences.js";

export const UNKNOWN = "–";

const FOOT = 0.3048;
const MILE = 1_609.344;

/** @param {string} unit of ECMA-402
 * @param {number} [digits] after the point */
const measure = (unit, digits = 0) =>
  new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", minimumFractionDigits: digits, maximumFractionDigits: digits });

const small = measure(miles ? "foot" : "meter");
const [tenths, large] = [1, 0].map((digits) => measure(miles ? "mile" : "kilometer", digits));
const fast = measure(miles ? "mile-per-hour" : "kilometer-per-hour");
const exact = measure("meter-per-second", 1);

/** @param {Intl.NumberFormat} format */
const nameOf = (format) => format.formatToParts(1).find(({ type }) => type === "unit")?.value ?? "";

/** The unit of speeds that users enter, in metres per second, and its name. */
export const SPEED = { size: miles ? MILE / 3_600 : 1 / 3.6, name: nameOf(fast) };
/** The unit of long distances that users enter, in metres, and its name. */
export const LONG = { size: miles ? MILE : 1_000, name: nameOf(large) };
/** The unit of short distances that users enter, in metres, and its name. */
export const SHORT = { size: miles ? FOOT : 1, name: nameOf(small) };

/**
 * @param {unknown} value
 * @returns {value is number}
 */
export const known = (value) => Number.isFinite(value);

/** @param {number | null | undefined} value */
export const speed = (value) => (known(value) ? fast.format(value / SPEED.size) : UNKNOWN);

/** @param {number | null | undefined} value */
export const metresPerSecond = (value) => (known(value) ? exact.format(value) : "");

/** @param {number | null | undefined} value */
export function distance(value) {
  if (!known(value)) return UNKNOWN;
  // A tenth of a mile is 528 feet.
  if (value < (miles ? 0.1 * MILE : 999.5)) return small.format(value / SHORT.size);
  const long = value / LONG.size;
  return (long < 99.95 ? tenths : large).format(long);
}

/** @param {number | null | undefined} metres */
export const altitude = (metres) => (known(metres) ? small.format(metres / SHORT.size) : UNKNOWN);
