// Figures per day and driver: sums, orders, and the file of them. Nothing here touches the page.

import { t } from "../i18n/messages.js";
import { between, isDay, shifted } from "../ui/days.js";
import * as text from "../ui/text.js";

/** Days that the hub answers at once. */
const MOST_DAYS = 366;

/** The columns of the file with their units, and their names in the API. */
const FILE = {
  day: "day",
  driver: "driverId",
  trips: "trips",
  distance_m: "distance",
  duration_s: "duration",
  moving_time_s: "movingTime",
  average_speed_m_s: "averageSpeed",
  max_speed_m_s: "maxSpeed",
};

/** Why a range cannot be shown, or an empty text. */
export function wrongRange({ from, to }) {
  if (!isDay(from) || !isDay(to)) return t("figures-need-days");
  if (from > to) return t("report-order");
  if (shifted(from, MOST_DAYS - 1) < to) return t("figures-too-many-days", { count: MOST_DAYS });
  return "";
}

/** A row for every day of a range, with zeros where the fleet did not drive. */
export function everyDay({ from, to }, days) {
  const found = new Map(days.map((row) => [row.day, row]));
  const none = { distance: 0, trips: 0, movingTime: 0, drivers: 0 };
  return between(from, to).map((day) => ({ ...none, ...found.get(day), day }));
}

const blank = (driverId) => ({ driverId, distance: 0, trips: 0, duration: 0, movingTime: 0, maxSpeed: 0 });

function add(sum, row) {
  for (const key of ["distance", "trips", "duration", "movingTime"]) sum[key] += row[key];
  sum.maxSpeed = Math.max(sum.maxSpeed, row.maxSpeed);
  return sum;
}

const averageOf = ({ distance, duration }) => (duration > 0 ? distance / duration : undefined);

/** The days of each driver as one row. */
export function perDriver(each) {
  const drivers = new Map();
  for (const row of each) {
    if (!drivers.has(row.driverId)) drivers.set(row.driverId, blank(row.driverId));
    add(drivers.get(row.driverId), row);
  }
  return [...drivers.values()].map((driver) => ({ ...driver, averageSpeed: averageOf(driver) }));
}

/** Rows of drivers as one. */
export function total(drivers) {
  const sum = drivers.reduce(add, blank(""));
  return { ...sum, averageSpeed: averageOf(sum) };
}

/** Rows of drivers in an order `{key, up}`; `nameOf(driverId)` is what `key: "name"` sorts by. */
export function sorted(drivers, { key, up }, nameOf) {
  const value = key === "name" ? (driver) => nameOf(driver.driverId) : (driver) => driver[key] ?? -1;
  const compare = key === "name" ? new Intl.Collator(undefined, { numeric: true }).compare : (a, b) => a - b;
  const keyed = drivers.map((driver) => [value(driver), driver]);
  keyed.sort((a, b) => (up ? 1 : -1) * compare(a[0], b[0]) || (a[1].driverId < b[1].driverId ? -1 : 1));
  return keyed.map(([, driver]) => driver);
}

/** One line per day and driver, in the units and digits of the API. Days, ids and numbers need no quotes. */
export function csvOf(each) {
  const lines = [Object.keys(FILE).join(",")];
  for (const row of each) lines.push(Object.values(FILE).map((key) => row[key] ?? "").join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** The days at the ends of a range, in short. */
export const ends = ({ from, to }) => (from === to ? [from] : [from, to]).map(text.shortDay);
