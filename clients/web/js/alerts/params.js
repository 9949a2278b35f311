// The numbers of rules: in the units that users enter, and in those of the API (seconds, metres, metres per second, 0–1).

/**
 * `factor`: what one of the user's units is in the API's. `missing`: nothing entered leaves the number out. `whole`: only
 * whole numbers.
 * @typedef {{key: string, label: string, factor: number, value?: number, min: number, max: number, missing?: boolean, whole?: boolean, hint?: string}} Param
 */

const MINUTE = 60;
const KMH = 1 / 3.6;
const PERCENT = 0.01;
const KM = 1_000;

/** @type {Record<string, Param[]>} kind of a rule -> its numbers */
export const PARAMS = {
  "fence.dwelled": [
    { key: "after", label: "Minutes in the fence", factor: MINUTE, min: 1, max: 44_640, missing: true, hint: "Leave empty for the dwell time of the fence." },
  ],
  overspeed: [
    { key: "limit", label: "Speed limit in km/h", factor: KMH, value: 100, min: 4, max: 1_440 },
    { key: "for", label: "Seconds above it", factor: 1, value: 15, min: 0, max: 3_600 },
  ],
  stopped: [{ key: "after", label: "Minutes standing", factor: MINUTE, value: 20, min: 5, max: 44_640 }],
  offline: [{ key: "after", label: "Minutes without a position", factor: MINUTE, value: 10, min: 1, max: 44_640 }],
  battery: [
    { key: "below", label: "Charge in % at which it begins", factor: PERCENT, value: 15, min: 1, max: 99 },
    { key: "above", label: "Charge in % at which it is over", factor: PERCENT, value: 25, min: 1, max: 100 },
  ],
  maintenance: [
    { key: "every", label: "Kilometres between two", factor: KM, value: 15_000, min: 10, max: 1_000_000, missing: true, hint: "Leave empty to count days only." },
    { key: "start", label: "Kilometres driven before", factor: KM, value: 0, min: 0, max: 10_000_000 },
    { key: "days", label: "Days between two", factor: 1, min: 1, max: 3_660, whole: true, missing: true, hint: "With kilometres: whichever comes first." },
  ],
};

/**
 * The text of a number of the API in its field.
 * @param {Param} param
 * @param {number | null | undefined} value
 */
export const entered = ({ factor }, value) => (value === null || value === undefined ? "" : String(Math.round((value / factor) * 1_000) / 1_000));

/**
 * The number of a text for the API: null where there is none. Raises `RangeError` with words for the field.
 * @param {Param} param
 * @param {string} text
 */
export function number({ factor, min, max, missing, whole }, text) {
  if (missing && text.trim() === "") return null;
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isNaN(value) || value < min || value > max) throw new RangeError(`Enter a number from ${min} to ${max}.`);
  if (whole && !Number.isInteger(value)) throw new RangeError(`Enter a whole number from ${min} to ${max}.`);
  // Metres per second of a round number of km/h have many digits.
  return Math.round(value * factor * 1e6) / 1e6;
}

/**
 * The numbers of a rule in one line.
 * @param {string} kind
 * @param {Record<string, any>} params
 */
export function summary(kind, params) {
  const known = (PARAMS[kind] ?? []).filter(({ key }) => params[key] !== null && params[key] !== undefined);
  const numbers = known.map((param) => `${param.label}: ${entered(param, params[param.key])}`);
  if (kind === "alarm" && params.alarms?.length) numbers.push(params.alarms.join(", "));
  return numbers.join("; ");
}
