// Texts of the screen: numbers with their units, ages, times. Arguments have the units of the wire: metres, metres per
// second, seconds, degrees, instants as RFC 3339 or milliseconds. An unknown value is a dash.

// The sentences are English, so the numbers and dates in them are too, in the reader's own variety of it.
const LANGUAGE = globalThis.navigator?.language; // Node before 21, which runs the unit tests, has no navigator
const LOCALE = LANGUAGE?.startsWith("en") ? LANGUAGE : "en-GB";

export const UNKNOWN = "–";

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
let formats = formatsIn(undefined);
const dayFormat = new Intl.DateTimeFormat(LOCALE, {
  weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
});
const shortDayFormat = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", timeZone: "UTC" });

/**
 * @param {string | undefined} timeZone that of the browser if undefined
 */
function formatsIn(timeZone) {
  const instant = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short", timeZone });
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const found = instant.resolvedOptions().timeZone;
  // The name of the API; browsers replace names by older ones, as Asia/Kathmandu by Asia/Katmandu.
  const zone = timeZone ?? own;
  return {
    clock: new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone }),
    minute: new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", timeZone }),
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

const WINDS = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];

/**
 * @param {unknown} value
 * @returns {value is number}
 */
const known = (value) => Number.isFinite(value);

/** @param {number | null | undefined} value */
export const count = (value) => (known(value) ? whole.format(value) : UNKNOWN);

/**
 * @param {number} value
 * @param {string} one
 * @param {string} [many]
 */
export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** @param {number | null | undefined} value */
export const speed = (value) => (known(value) ? `${whole.format(value * 3.6)} km/h` : UNKNOWN);

/** @param {number | null | undefined} value */
export const metresPerSecond = (value) => (known(value) ? `${tenths.format(value)} m/s` : "");

/** @param {number | null | undefined} value */
export function distance(value) {
  if (!known(value)) return UNKNOWN;
  if (value < 999.5) return `${whole.format(value)} m`;
  return `${(value < 99_950 ? tenths : whole).format(value / 1000)} km`;
}

/** @param {number | null | undefined} value */
export function duration(value) {
  if (!known(value)) return UNKNOWN;
  const seconds = Math.max(0, Math.round(value));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 100) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${whole.format(minutes / 60)} h`;
}

/**
 * How long ago something was: of one unit, so that it can be taken in while it changes.
 * @param {number | null | undefined} seconds
 */
export function age(seconds) {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 1) return "just now";
  if (seconds < 100) return `${Math.floor(seconds)} s ago`;
  if (seconds < 6_000) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${whole.format(Math.floor(seconds / 86_400))} days ago`;
}

/** @param {number} degrees */
export const wind = (degrees) => WINDS[Math.round(degrees / 45) % 8];

/** @param {number | null | undefined} degrees */
export const heading = (degrees) => (known(degrees) ? `${wind(degrees)}, ${whole.format(degrees)}°` : UNKNOWN);

/** @type {Record<string, string>} */
export const STATES = { free: "Free", busy: "Busy", off_duty: "Off duty" };

/** @param {string | null | undefined} value what the driver has set */
export const state = (value) => (value ? (STATES[value] ?? value) : UNKNOWN);

/** @param {number | null | undefined} metres */
export const accuracy = (metres) => (known(metres) ? `within ${distance(metres)}` : UNKNOWN);

/** @param {number | null | undefined} metres */
export const altitude = (metres) => (known(metres) ? `${whole.format(metres)} m` : UNKNOWN);

/** @param {number | null | undefined} value */
export const share = (value) => (known(value) ? `${whole.format(value * 100)} %` : UNKNOWN);

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

export const STATUSES = { online: "Online", stale: "Stale", offline: "Offline" };

/**
 * A status with what it means, for a driver that was heard `seconds` ago; `position` is the age of its position, and
 * `staleAfter` the age from which an online driver's position is called old.
 * @param {keyof typeof STATUSES} name
 * @param {number | null | undefined} seconds
 * @param {number} [position]
 * @param {number} [staleAfter]
 */
export function status(name, seconds, position = 0, staleAfter = Infinity) {
  if (name === "stale") return `Stale: not heard for ${duration(seconds)}`;
  if (name === "offline") return `Offline: not heard for ${duration(seconds)}`;
  if (name === "online" && position >= staleAfter) return `Online, no position for ${duration(position)}`;
  return STATUSES[name] ?? UNKNOWN;
}

/**
 * A status on a screen that has not heard the hub for a while.
 * @param {string} words
 */
export const lastKnown = (words) => `Last known: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;

/**
 * When a driver was heard. The hub says nothing while a driver stays online, so its last sign of life is within
 * `staleAfter`.
 * @param {keyof typeof STATUSES} name
 * @param {number} seconds
 * @param {number} staleAfter
 */
export function heard(name, seconds, staleAfter) {
  if (name === "online" && seconds >= staleAfter) return `within the last ${duration(staleAfter)}`;
  return age(seconds);
}

/**
 * A warning about a device's clock, "" where it is right.
 * @param {number | null | undefined} offset
 */
export function clockWarning(offset) {
  if (!known(offset) || offset === 0) return "";
  const seconds = Math.abs(offset);
  const span = seconds < 2 * 86_400 ? duration(seconds) : `${whole.format(seconds / 86_400)} days`;
  return `Clock ${span} ${offset > 0 ? "ahead" : "behind"}`;
}

/**
 * An error of a request for history, in plain words.
 * @param {{status?: number, message: string}} error
 */
export function wrong(error) {
  if (error.status === 404) return "No positions stored for this driver.";
  if (error.status === 503) return "History is temporarily unavailable. Live tracking continues.";
  return error.message;
}
