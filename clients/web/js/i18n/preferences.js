// Units, the clock and the first day of the week: as usual where the user is, unless the user has chosen otherwise.

import { locale } from "./messages.js";

const KEPT = "preferences";
/** Regions whose road signs are in miles. */
const MILES = new Set(["GB", "LR", "MM", "US"]);
/** Days of the week by their number in `Intl.Locale`. */
const DAYS = ["", "mo", "tu", "we", "th", "fr", "sa", "su"];

/**
 * `units`: `km` or `mi`; `clock`: `24` or `12`; `week`: the first day, `mo`, `su` or `sa`. Empty: as usual.
 * @typedef {{units: string, clock: string, week: string}} Preferences
 */

/** @returns {Preferences} what this user has chosen */
export function chosenPreferences() {
  const none = { units: "", clock: "", week: "" };
  try {
    return { ...none, ...JSON.parse(globalThis.localStorage?.getItem(KEPT) ?? "{}") };
  } catch {
    // Storage is closed to the page, or has something else in it.
    return none;
  }
}

/**
 * Remembers a choice, for the next page. Throws where storage is closed to the page.
 * @param {Preferences} chosen
 */
export const keepPreferences = (chosen) => localStorage.setItem(KEPT, JSON.stringify(chosen));

/** @param {string} tag */
const usualUnits = (tag) => (MILES.has(new Intl.Locale(tag).maximize().region ?? "") ? "mi" : "km");

/**
 * The first day of the week in a locale. Firefox has the information since version 143 only.
 * @param {string} tag
 */
export function usualWeek(tag) {
  const found = /** @type {any} */ (new Intl.Locale(tag));
  return DAYS[(found.getWeekInfo?.() ?? found.weekInfo)?.firstDay ?? 1];
}

const chosen = chosenPreferences();

/** Whether distances are in miles. */
export const miles = (chosen.units || usualUnits(locale)) === "mi";
/** The option of `Intl.DateTimeFormat`; none where the locale decides. */
export const hourCycle = /** @type {"h12" | "h23" | undefined} */ ({ 12: "h12", 24: "h23" }[chosen.clock]);
/** The first day of the week. */
export const firstDay = chosen.week || usualWeek(locale);
