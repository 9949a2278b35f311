// Texts of the screen: numbers with their units, ages, times. Arguments have the units of the wire: metres, metres per
// second, seconds, degrees, instants as RFC 3339 or milliseconds. An unknown value is a dash.

import { locale, language, t } from "../i18n/messages.js";
import { hourCycle } from "../i18n/preferences.js";
import { distance, known, UNKNOWN } from "./units.js";

export { altitude, distance, metresPerSecond, speed, UNKNOWN } from "./units.js";

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const twoDigits = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
const ungrouped = new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 3 });
const listFormat = new Intl.ListFormat(locale);
let formats = formatsIn(undefined);
const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
});
const dailyFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: "UTC", hourCycle });
const shortDayFormat = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });

/**
 * @param {string | undefined} timeZone that of the browser if undefined
 */
function formatsIn(timeZone) {
  const instant = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone, hourCycle });
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const found = instant.resolvedOptions().timeZone;
  // The name of the API; browsers replace names by older ones, as Asia/Kathmandu by Asia/Katmandu.
  const zone = timeZone ?? own;
  return {
    clock: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone, hourCycle }),
    minute: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone, hourCycle }),
    instant,
    zone,
    /** What follows a time that is not that of the reader's clock. */
    note: found === own ? "" : ` (${zone})`,
  };
}

/**
 * Write all times in a time zone from now on, by its IANA name. A browser that does not know it stays with its own.
 * @param {string} timeZone
 */
export function useZone(timeZone) {
  try {
    formats = formatsIn(timeZone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

const WINDS = [t("wind-north"), t("wind-north-east"), t("wind-east"), t("wind-south-east"), t("wind-south"), t("wind-south-west"), t("wind-west"), t("wind-north-west")];

/** @param {number | null | undefined} value */
export const count = (value) => (known(value) ? whole.format(value) : UNKNOWN);

/** A number without marks between its digits, as in a field of numbers.
 * @param {number} value */
export const plain = (value) => ungrouped.format(value);

/** Texts as a list in a sentence.
 * @param {string[]} texts */
export const list = (texts) => listFormat.format(texts);

/** A label in the middle of a sentence: English writes it small there.
 * @param {string} label */
export const inSentence = (label) => (language === "en" ? label.toLowerCase() : label);

/** @param {number | null | undefined} value */
export function duration(value) {
  if (!known(value)) return UNKNOWN;
  const seconds = Math.max(0, Math.round(value));
  if (seconds < 60) return t("duration-seconds", { value: seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("duration-minutes", { value: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 100) return t("duration-hours-minutes", { hours, minutes: twoDigits.format(minutes % 60) });
  return t("duration-hours", { value: Math.round(minutes / 60) });
}

/**
 * How long ago something was: of one unit, so that it can be taken in while it changes.
 * @param {number | null | undefined} seconds
 */
export function age(seconds) {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 1) return t("age-now");
  if (seconds < 100) return t("age-seconds", { value: Math.floor(seconds) });
  if (seconds < 6_000) return t("age-minutes", { value: Math.floor(seconds / 60) });
  if (seconds < 2 * 86_400) return t("age-hours", { value: Math.floor(seconds / 3_600) });
  return t("age-days", { value: Math.floor(seconds / 86_400) });
}

/** @param {number} degrees */
export const wind = (degrees) => WINDS[Math.round(degrees / 45) % 8];

/** @param {number | null | undefined} degrees */
export const heading = (degrees) => (known(degrees) ? t("heading", { wind: wind(degrees), degrees: whole.format(degrees) }) : UNKNOWN);

/** @type {Record<string, string>} */
export const STATES = { free: t("state-free"), busy: t("state-busy"), off_duty: t("state-off-duty") };

/** @param {string | null | undefined} value what the driver has set */
export const state = (value) => (value ? (STATES[value] ?? value) : UNKNOWN);

/** @param {number | null | undefined} metres */
export const accuracy = (metres) => (known(metres) ? t("within-distance", { distance: distance(metres) }) : UNKNOWN);

/** @param {number | null | undefined} value */
export const share = (value) => (known(value) ? t("share-percent", { value: whole.format(value * 100) }) : UNKNOWN);

/**
 * As maps and search fields take it: always with points.
 * @param {number} latitude
 * @param {number} longitude
 */
export const coordinates = (latitude, longitude) => `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`;

/** @param {number | string | Date} time */
export const clock = (time) => formats.clock.format(new Date(time));

/**
 * A day and its minute, with the time zone if it is not that of the reader.
 * @param {number | string | Date} time
 */
export const instant = (time) => `${formats.instant.format(new Date(time))}${formats.note}`;

/**
 * An instant of today as a time, an older one with its day.
 * @param {number | string | Date} time
 * @param {number} now
 */
export const recent = (time, now) => (new Date(time).toDateString() === new Date(now).toDateString() ? clock(time) : instant(time));

/** @param {number | string | Date} time */
export const minute = (time) => formats.minute.format(new Date(time));

/**
 * A time of each day, "06:00" of the API, on the clock that the user has.
 * @param {string} time
 */
export const timeOfDay = (time) => dailyFormat.format(new Date(`1970-01-01T${time}Z`));

/**
 * "Mon, 5 Oct 2026" of "2026-10-05".
 * @param {string} text
 */
export const day = (text) => dayFormat.format(new Date(`${text}T00:00:00Z`));

/** @param {string} text */
export const shortDay = (text) => shortDayFormat.format(new Date(`${text}T00:00:00Z`));

/** @param {number | string | Date} time */
export const utc = (time) => `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** IANA name of the time zone in which times are written. */
export const zone = () => formats.zone;

/** Whether that is the time zone of the browser. */
export const zoneIsOwn = () => formats.note === "";

export const STATUSES = { online: t("status-online"), stale: t("status-stale"), offline: t("status-offline") };

/**
 * A status with what it means, for a driver that was heard `seconds` ago; `position` is the age of its position, and
 * `staleAfter` the age from which an online driver's position is called old.
 * @param {keyof typeof STATUSES} name
 * @param {number | null | undefined} seconds
 * @param {number} [position]
 * @param {number} [staleAfter]
 */
export function status(name, seconds, position = 0, staleAfter = Infinity) {
  if (name === "stale") return t("status-stale-for", { duration: duration(seconds) });
  if (name === "offline") return t("status-offline-for", { duration: duration(seconds) });
  if (name === "online" && position >= staleAfter) return t("status-online-old", { duration: duration(position) });
  return STATUSES[name] ?? UNKNOWN;
}

/**
 * A status on a screen that has not heard the hub for a while.
 * @param {string} words
 */
export const lastKnown = (words) => t("status-last-known", { status: words.charAt(0).toLocaleLowerCase(locale) + words.slice(1) });

/**
 * When a driver was heard. The hub says nothing while a driver stays online, so its last sign of life is within
 * `staleAfter`.
 * @param {keyof typeof STATUSES} name
 * @param {number} seconds
 * @param {number} staleAfter
 */
export function heard(name, seconds, staleAfter) {
  if (name === "online" && seconds >= staleAfter) return t("heard-within", { duration: duration(staleAfter) });
  return age(seconds);
}

/**
 * A warning about a device's clock, "" where it is right.
 * @param {number | null | undefined} offset
 */
export function clockWarning(offset) {
  if (!known(offset) || offset === 0) return "";
  const seconds = Math.abs(offset);
  const span = seconds < 2 * 86_400 ? duration(seconds) : t("duration-days", { value: Math.round(seconds / 86_400) });
  return offset > 0 ? t("clock-ahead", { span }) : t("clock-behind", { span });
}

/**
 * An error of a request for history, in plain words.
 * @param {{status?: number, message: string}} error
 */
export function wrong(error) {
  if (error.status === 404) return t("problem-no-history");
  if (error.status === 503) return t("problem-history-unavailable");
  return error.message;
}
