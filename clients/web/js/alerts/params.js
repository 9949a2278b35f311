// The numbers of rules: in the units that users enter, and in those of the API (seconds, metres, metres per second, 0–1).

/**
 * `factor`: what one of the user's units is in the API's. `missing`: nothing entered leaves the number out. `whole`: only
 * whole numbers.
 * @typedef {{key: string, label: string, factor: number, value?: number, min: number, max: number, missing?: boolean, whole?: boolean, hint?: string}} Param
 */

import { t } from "../i18n/messages.js";
import { miles } from "../i18n/preferences.js";
import { plain } from "../ui/text.js";
import { LONG, SPEED } from "../ui/units.js";

const MINUTE = 60;
const PERCENT = 0.01;

/**
 * Bounds of the API in the user's unit, as whole numbers inside of them.
 * @param {number} factor
 * @param {number} least
 * @param {number} most
 */
const within = (factor, least, most) => ({ factor, min: Math.ceil(least / factor), max: Math.floor(most / factor) });

/** @type {Record<string, Param[]>} kind of a rule -> its numbers */
export const PARAMS = {
  "fence.dwelled": [
    { key: "after", label: t("rule-dwell"), factor: MINUTE, min: 1, max: 44_640, missing: true, hint: t("rule-dwell-hint") },
  ],
  overspeed: [
    { key: "limit", label: t("rule-speed-limit", { unit: SPEED.name }), value: miles ? 60 : 100, ...within(SPEED.size, 1, 400) },
    { key: "for", label: t("rule-seconds-above"), factor: 1, value: 15, min: 0, max: 3_600 },
  ],
  stopped: [{ key: "after", label: t("rule-standing"), factor: MINUTE, value: 20, min: 5, max: 44_640 }],
  offline: [{ key: "after", label: t("rule-silent"), factor: MINUTE, value: 10, min: 1, max: 44_640 }],
  battery: [
    { key: "below", label: t("rule-battery-below"), factor: PERCENT, value: 15, min: 1, max: 99 },
    { key: "above", label: t("rule-battery-above"), factor: PERCENT, value: 25, min: 1, max: 100 },
  ],
  maintenance: [
    { key: "every", label: t("rule-distance-between", { unit: miles ? "mi" : "km" }), value: miles ? 10_000 : 15_000, ...within(LONG.size, 10_000, 1e9), missing: true, hint: t("rule-distance-hint") },
    { key: "start", label: t("rule-distance-before", { unit: miles ? "mi" : "km" }), value: 0, ...within(LONG.size, 0, 1e10) },
    { key: "days", label: t("rule-days-between"), factor: 1, min: 1, max: 3_660, whole: true, missing: true, hint: t("rule-days-hint", { unit: miles ? "mi" : "km" }) },
  ],
};

/**
 * The text of a number of the API in its field.
 * @param {Param} param
 * @param {number | null | undefined} value
 */
export const entered = ({ factor }, value) => (value === null || value === undefined ? "" : String(Math.round((value / factor) * 1_000) / 1_000));

/**
 * The number of a text for the API: null where there is none, and `before` where the text is that of this number, which may have
 * more digits than are shown. Raises `RangeError` with words for the field.
 * @param {Param} param
 * @param {string} text
 * @param {number | null} [before]
 */
export function number(param, text, before) {
  const { factor, min, max, missing, whole } = param;
  if (before !== undefined && text.trim() === entered(param, before)) return before;
  if (missing && text.trim() === "") return null;
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isNaN(value) || value < min || value > max) throw new RangeError(t("number-range", { min: plain(min), max: plain(max) }));
  if (whole && !Number.isInteger(value)) throw new RangeError(t("whole-number-range", { min: plain(min), max: plain(max) }));
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
  const numbers = known.map((param) => t("rule-number", { label: param.label, value: plain(params[param.key] / param.factor) }));
  if (kind === "alarm" && params.alarms?.length) numbers.push(params.alarms.join(", "));
  return numbers.join("; ");
}
