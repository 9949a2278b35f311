// What the address of a driver's panel names: a day, a trip of it, and a moment. A dispatcher who opens the address sees the same.

import { isDay } from "../ui/days.js";

/** @typedef {{day?: string, trip?: string, at?: number}} Moment `day` in the time zone of the fleet; `at` in milliseconds */

/**
 * The moment of an address; what is not valid is left out.
 * @param {string | undefined} at an instant, from an address such as `#/drivers/7/at/2026-10-05T08:00:00Z`
 * @param {string | undefined} query such as `day=2026-10-05&trip=…&at=…`
 * @returns {Moment}
 */
export function momentOf(at, query) {
  const given = new URLSearchParams(query ?? "");
  /** @type {Moment} */
  const moment = {};
  const [day, trip] = [given.get("day") ?? "", given.get("trip") ?? ""];
  if (isDay(day)) moment.day = day;
  if (/^[0-9a-f-]{36}$/i.test(trip)) moment.trip = trip;
  const instant = Date.parse(at ?? given.get("at") ?? "");
  if (Number.isFinite(instant)) moment.at = instant;
  return moment;
}

/**
 * The address of a moment of a driver.
 * @param {string} driverId
 * @param {Moment} moment
 */
export function addressOf(driverId, { day, trip, at }) {
  const query = new URLSearchParams();
  if (day) query.set("day", day);
  if (trip) query.set("trip", trip);
  if (at !== undefined) query.set("at", new Date(Math.round(at / 1000) * 1000).toISOString().replace(".000Z", "Z"));
  // A colon needs no escape there, and the address is read by people.
  const text = query.toString().replaceAll("%3A", ":");
  return `#/drivers/${encodeURIComponent(driverId)}${text && `?${text}`}`;
}
