// Days of the calendar, as "2026-10-05": those of this browser's time zone, and those of a fleet's.

/** @param {number} time */
export function localDay(time) {
  const date = new Date(time);
  return written(date.getFullYear(), date.getMonth() + 1, date.getDate());
}

/**
 * @param {number} time
 * @param {string} timeZone
 */
export function dayIn(time, timeZone) {
  // The English of Canada writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(time);
}

/** @param {number | Date} time */
export function utcDay(time) {
  return new Date(time).toISOString().slice(0, 10);
}

/**
 * [start, end) of a local day in milliseconds: 23 or 25 hours apart when the clocks change.
 * @param {string} day
 * @returns {[number, number]}
 */
export function span(day) {
  const [year, month, date] = day.split("-").map(Number);
  return [new Date(year, month - 1, date).getTime(), new Date(year, month - 1, date + 1).getTime()];
}

/**
 * The day that is `count` days after another.
 * @param {string} day
 * @param {number} count
 */
export function shifted(day, count) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return utcDay(date);
}

/**
 * Every day from one to another, both included.
 * @param {string} first
 * @param {string} last
 */
export function between(first, last) {
  const days = [];
  for (let day = first; day <= last; day = shifted(day, 1)) days.push(day);
  return days;
}

/** @param {string} text */
export function isDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

/** @param {...number} parts */
function written(...parts) {
  return parts.map((part, index) => String(part).padStart(index ? 2 : 4, "0")).join("-");
}
