// What a report is of: its kind, drivers and days. The address of the view keeps it, and the API is asked with it.

import { t } from "../i18n/messages.js";
import { isDay, shifted } from "../ui/days.js";
import { SPEED } from "../ui/units.js";

/** Metres per second: the highest limit that the API takes. */
const FASTEST = 400;

/** Days that are shown at first, today included. */
const DAYS = 7;

/**
 * @typedef {{kind: string, from: string, to: string, drivers: string[], group: string, speedLimit: number | null}} Choice
 * `speedLimit` in metres per second; null: the limits of the fences.
 */

/**
 * The choice that an address has: a kind, and the text after its question mark.
 * @param {string | undefined} kind
 * @param {string | undefined} query
 * @param {string} today
 * @returns {Choice}
 */
export function choiceOf(kind, query, today) {
  const given = new URLSearchParams(query ?? "");
  const [from, to] = [given.get("from") ?? "", given.get("to") ?? ""];
  const days = isDay(from) && isDay(to) ? { from, to } : latest(DAYS, today);
  const limit = Number(given.get("speedLimit"));
  return {
    kind: kind || "trips",
    ...days,
    drivers: [...new Set(given.getAll("driver"))],
    group: given.get("group") ?? "",
    speedLimit: limit > 0 ? limit : null,
  };
}

/**
 * The last days up to today.
 * @param {number} days
 * @param {string} today
 */
export const latest = (days, today) => ({ from: shifted(today, 1 - days), to: today });

/**
 * The address of a choice.
 * @param {Choice} choice
 */
export function addressOf({ kind, from, to, drivers, group, speedLimit }) {
  const query = new URLSearchParams({ from, to });
  for (const driver of drivers) query.append("driver", driver);
  if (group) query.set("group", group);
  if (kind === "speeding" && speedLimit !== null) query.set("speedLimit", String(speedLimit));
  return `#/reports/${kind}?${query}`;
}

/**
 * The parameters of the API.
 * @param {Choice} choice
 */
export function paramsOf({ kind, from, to, drivers, group, speedLimit }) {
  return {
    from,
    to,
    driverId: drivers,
    group: group || undefined,
    speedLimit: kind === "speeding" && speedLimit !== null ? speedLimit : undefined,
  };
}

/**
 * Why a choice cannot be shown, and the field that says so; null where it can be.
 * @param {Choice} choice
 */
export function wrongChoice({ from, to }) {
  if (!isDay(from)) return { field: "from", words: t("report-first-day") };
  if (!isDay(to)) return { field: "to", words: t("report-last-day") };
  if (from > to) return { field: "from", words: t("report-order") };
  return null;
}

/**
 * A limit that was typed in the user's unit, as metres per second; null for an empty text, undefined for what is not a limit.
 * A text that is that of `before` is this limit, which may have more digits than are shown.
 * @param {string} typed
 * @param {number | null} [before]
 */
export function limitOf(typed, before = null) {
  if (before !== null && typed.trim() === typedLimit(before)) return before;
  if (typed.trim() === "") return null;
  const value = Number(typed.replace(",", "."));
  return value > 0 && value * SPEED.size <= FASTEST ? value * SPEED.size : undefined;
}

/**
 * A limit as it is typed.
 * @param {number | null} limit
 */
export const typedLimit = (limit) => (limit === null ? "" : String(Math.round((limit / SPEED.size) * 100) / 100));
