// A driver's track: loaded page by page into arrays of numbers, and asked where the driver was at an instant.

// A day at one position a second, and some.
export const BOUND = 100_000;

// Longer silences are drawn as gaps: the way in between is unknown.
export const GAP = 300_000;

const PAGE = 5_000;
const RADIUS = 6_371_008.8;
const radians = Math.PI / 180;

/**
 * @typedef {{length: number, times: Float64Array, latitudes: Float64Array, longitudes: Float64Array, speeds: Float64Array, headings: Float64Array, measured: boolean}} Track
 * @typedef {{latitude: number, longitude: number}} Spot
 * @typedef {Spot & {heading?: number, speed?: number, stale: boolean, silence: number}} Place
 * @typedef {[number, number]} Point longitude and latitude
 */

/**
 * @param {{all: (path: string, name: string, params: object, options: object) => Promise<{items: any[], more: boolean}>}} api
 * @param {string} driverId
 * @param {number} from
 * @param {number} to
 * @param {object} [options]
 */
export async function loadTrack(api, driverId, from, to, options) {
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), limit: PAGE };
  const path = `/api/v1/drivers/${encodeURIComponent(driverId)}/track`;
  const { items, more } = await api.all(path, "positions", span, { bound: BOUND, ...options });
  return { ...trackOf(items), more };
}

/**
 * {length, times (ms), latitudes, longitudes, speeds (m/s), headings, measured}; a number that is unknown is NaN. `speeds` are
 * those that were reported; speeds.js corrects them, and says with `measured` that all are calculated from the places.
 * @param {any[]} positions
 * @returns {Track}
 */
export function trackOf(positions) {
  /** @param {string} name */
  const number = (name) => Float64Array.from(positions, (position) => position[name] ?? NaN);
  return {
    length: positions.length,
    times: Float64Array.from(positions, (position) => Date.parse(position.recordedAt)),
    latitudes: number("latitude"),
    longitudes: number("longitude"),
    speeds: number("speed"),
    headings: number("heading"),
    measured: false,
  };
}

/**
 * @param {Track} track
 * @param {number} index
 */
const place = (track, index) => ({ latitude: track.latitudes[index], longitude: track.longitudes[index] });

/**
 * The last position that is not after `time`, or -1.
 * @param {Track} track
 * @param {number} time
 */
export function indexAt(track, time) {
  let low = 0;
  let high = track.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (track.times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Where the driver was: {latitude, longitude, heading?, speed?, stale, silence}. Between two positions it is on the
 * straight line, unless they are more than GAP apart: then it is where it was last seen, `stale`, and `silence` seconds
 * have passed. null before the first position.
 * @param {Track} track
 * @param {number} time
 */
export function placeAt(track, time) {
  const index = indexAt(track, time);
  if (index < 0) return null;
  const since = time - track.times[index];
  /** @type {Place} */
  const at = { ...place(track, index), stale: false, silence: since / 1000 };
  put(at, "speed", track.speeds[index]);
  put(at, "heading", headingAt(track, index));
  if (index === track.length - 1) return { ...at, stale: since > GAP };
  const elapsed = track.times[index + 1] - track.times[index];
  if (elapsed > GAP) return { ...at, stale: since > 0 };
  const part = since / elapsed;
  const to = place(track, index + 1);
  at.latitude += (to.latitude - at.latitude) * part;
  at.longitude = around(at.longitude + around(to.longitude - at.longitude) * part);
  const [here, there] = [headingAt(track, index), headingAt(track, index + 1)];
  if (!Number.isNaN(here) && !Number.isNaN(there)) at.heading = (here + around(there - here) * part + 360) % 360;
  const [slow, fast] = [track.speeds[index], track.speeds[index + 1]];
  if (!Number.isNaN(slow) && !Number.isNaN(fast)) at.speed = slow + (fast - slow) * part;
  return at;
}

/**
 * @param {Place} at
 * @param {"speed" | "heading"} name
 * @param {number} value
 */
function put(at, name, value) {
  if (!Number.isNaN(value)) at[name] = value;
}

/**
 * What the device said, else the way to the next position, if there is one worth the name.
 * @param {Track} track
 * @param {number} index
 */
function headingAt(track, index) {
  const said = track.headings[index];
  if (!Number.isNaN(said) || index + 1 >= track.length) return said;
  const [from, to] = [place(track, index), place(track, index + 1)];
  const near = track.times[index + 1] - track.times[index] <= GAP;
  return near && metresBetween(from, to) > 5 ? bearing(from, to) : NaN;
}

/**
 * [from, to] in milliseconds of each silence longer than GAP.
 * @param {Track} track
 */
export function gaps(track) {
  const found = [];
  for (let index = 1; index < track.length; index += 1) {
    const [from, to] = [track.times[index - 1], track.times[index]];
    if (to - from > GAP) found.push([from, to]);
  }
  return found;
}

/**
 * The way in pieces of [longitude, latitude] that no gap interrupts, of what was recorded from … to. Longitudes go on
 * beyond 180 where the way does, so that no line is drawn around the world.
 * @param {Track} track
 * @param {number} [from]
 * @param {number} [to]
 * @returns {Point[][]}
 */
export function lines(track, from = -Infinity, to = Infinity) {
  /** @type {Point[][]} */
  const pieces = [];
  /** @type {Point[]} */
  let piece = [];
  let before = -Infinity;
  for (let index = 0; index < track.length; index += 1) {
    const time = track.times[index];
    if (time < from || time > to) continue;
    if (time - before > GAP) pieces.push((piece = []));
    const last = piece.at(-1);
    const longitude = track.longitudes[index];
    piece.push([last ? last[0] + around(longitude - last[0]) : longitude, track.latitudes[index]]);
    before = time;
  }
  return pieces;
}

/**
 * For each gap the straight line from where the driver was last seen to where it was seen again; nothing where it stayed.
 * @param {Track} track
 */
export function gapLines(track) {
  const found = [];
  for (let index = 1; index < track.length; index += 1) {
    if (track.times[index] - track.times[index - 1] <= GAP) continue;
    const [from, to] = [place(track, index - 1), place(track, index)];
    if (metresBetween(from, to) < 1) continue;
    found.push([[from.longitude, from.latitude], [from.longitude + around(to.longitude - from.longitude), to.latitude]]);
  }
  return found;
}

/**
 * [longitude, latitude] of each vertex of an encoded polyline of five digits.
 * @param {string} path
 */
export function decodePath(path) {
  const points = [];
  let index = 0;
  let [latitude, longitude] = [0, 0];
  const next = () => {
    let [value, shift] = [0, 0];
    let byte;
    do {
      byte = path.charCodeAt(index) - 63;
      index += 1;
      value |= (byte & 31) << shift;
      shift += 5;
    } while (byte >= 32);
    return value & 1 ? ~(value >> 1) : value >> 1;
  };
  while (index < path.length) {
    latitude += next();
    longitude += next();
    points.push([longitude / 1e5, latitude / 1e5]);
  }
  return points;
}

/**
 * Metres on a sphere: good enough to tell near from far.
 * @param {Spot} from
 * @param {Spot} to
 */
export function metresBetween(from, to) {
  const [a, b] = [from.latitude * radians, to.latitude * radians];
  const across = Math.sin(((to.longitude - from.longitude) * radians) / 2);
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * across ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/**
 * @param {Spot} from
 * @param {Spot} to
 */
function bearing(from, to) {
  const [a, b] = [from.latitude * radians, to.latitude * radians];
  const across = (to.longitude - from.longitude) * radians;
  const y = Math.sin(across) * Math.cos(b);
  const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(across);
  return (Math.atan2(y, x) / radians + 360) % 360;
}

/**
 * Degrees within -180 … 180.
 * @param {number} degrees
 */
const around = (degrees) => ((((degrees + 180) % 360) + 360) % 360) - 180;

/**
 * At most so many of a row: every second one of its older half is left out, until they are few enough. The newest stay.
 * @template Item
 * @param {Item[]} items
 * @param {number} most
 * @returns {Item[]}
 */
export function thinned(items, most) {
  let kept = items;
  while (kept.length > most) {
    const half = Math.ceil(kept.length / 2);
    const fewer = kept.filter((_, index) => index >= half || index % 2 === 0);
    if (fewer.length === kept.length) return kept.slice(-most);
    kept = fewer;
  }
  return kept;
}

/** Metres by which a place may be farther from one part of the way than from another to be on both. */
const SAME = 5;

/**
 * When the driver was nearest to a place, in milliseconds; of several times that fit as well, the nearest to `around`. null
 * for a track of less than two positions in [from, to].
 * @param {Track} track
 * @param {Spot} spot
 * @param {{around?: number, from?: number, to?: number}} [options]
 */
export function timeNear(track, spot, { around: wanted = -Infinity, from = -Infinity, to = Infinity } = {}) {
  /** @type {[number, number][]} */
  const found = [];
  const scale = Math.cos(spot.latitude * radians);
  /** Degrees east, in those of a meridian, and north of the spot.
   * @param {number} index */
  const degrees = (index) => [around(track.longitudes[index] - spot.longitude) * scale, track.latitudes[index] - spot.latitude];
  for (let index = 1; index < track.length; index += 1) {
    const [start, end] = [track.times[index - 1], track.times[index]];
    if (start < from || end > to || end - start > GAP) continue;
    const [[x, y], [x2, y2]] = [degrees(index - 1), degrees(index)];
    const [dx, dy] = [x2 - x, y2 - y];
    const square = dx * dx + dy * dy;
    const part = square ? Math.min(1, Math.max(0, -(x * dx + y * dy) / square)) : 0;
    found.push([Math.hypot(x + dx * part, y + dy * part) * radians * RADIUS, start + (end - start) * part]);
  }
  if (found.length === 0) return null;
  const least = found.reduce((one, [metres]) => Math.min(one, metres), Infinity);
  /** @param {number} time */
  const away = (time) => Math.abs(time - (Number.isFinite(wanted) ? wanted : found[0][1]));
  return found.filter(([metres]) => metres <= least + SAME).reduce((one, other) => (away(other[1]) < away(one[1]) ? other : one))[1];
}
