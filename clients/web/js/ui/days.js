// Days of the calendar, as "2026-10-05", in a time zone by its IANA name.

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {number} time
 * @param {string} timeZone
 */
export function dayIn(time, timeZone) {
  return utcDay(wall(time, timeZone));
}

/** @param {number | Date} time */
export function utcDay(time) {
  return new Date(time).toISOString().slice(0, 10);
}

/**
 * [start, end) of a day in milliseconds: 23 or 25 hours apart when the clocks change.
 * @param {string} day
 * @param {string} timeZone
 * @returns {[number, number]}
 */
export function span(day, timeZone) {
  return [start(day, timeZone), start(shifted(day, 1), timeZone)];
}

/**
 * The first instant of a day. Where the clocks change at midnight there is no 0:00, or there are two.
 * @param {string} day
 * @param {string} timeZone
 */
function start(day, timeZone) {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const first = midnight - ahead(midnight, timeZone);
  const second = midnight - ahead(first, timeZone);
  return Math.min(...[first, second].filter((time) => dayIn(time, timeZone) >= day));
}

/**
 * Milliseconds by which the clocks of a time zone are ahead of UTC at an instant.
 * @param {number} time
 * @param {string} timeZone
 */
function ahead(time, timeZone) {
  return wall(time, timeZone) - time;
}

/**
 * What the clocks of a time zone show at an instant, as if they were those of UTC; `time` in whole seconds.
 * @param {number} time
 * @param {string} timeZone
 */
function wall(time, timeZone) {
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = /** @type {const} */ ("numeric");
    const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
    // Parts do not depend on how a language writes dates.
    format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", { timeZone, hourCycle: "h23", ...fields });
    formats.set(timeZone, format);
  }
  /** @type {Record<string, number>} */
  const part = {};
  for (const { type, value } of format.formatToParts(time)) part[type] = Number(value);
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
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
