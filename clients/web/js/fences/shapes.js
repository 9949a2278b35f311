// The shape of a fence: as GeoJSON has it, and as it is drawn. Longitude comes first everywhere here.

import { t } from "../i18n/messages.js";

const RADIUS = 6_371_008.8;
const radians = Math.PI / 180;
/** Vertices of a circle on the map. */
const SEGMENTS = 64;
/** Decimal places of a coordinate: a centimetre. */
const PLACES = 7;
/** Metres of a pixel at zoom 0, on the equator. */
const PIXEL = 78_271.516_964;

/**
 * @typedef {[number, number]} Pair longitude and latitude
 * @typedef {"circle" | "polygon" | "corridor"} Kind
 * @typedef {{kind: Kind, points: Pair[], holes: Pair[][], radius: number}} Draft a circle has one point, its centre; the
 * ring of a polygon is open; `radius` in metres is that of the circle, or half the width of the corridor
 * @typedef {{shape: {type: string, coordinates: any}, radius?: number | null}} Shaped
 */

/** @type {Record<Kind, string>} */
export const KINDS = { circle: t("fence-circle"), polygon: t("fence-polygon"), corridor: t("fence-corridor") };

/** @type {Record<Kind, number>} fewest points */
export const FEWEST = { circle: 1, polygon: 3, corridor: 2 };

/** @param {number} degrees within -180 … 180 */
export const around = (degrees) => (degrees >= -180 && degrees <= 180 ? degrees : ((((degrees + 180) % 360) + 360) % 360) - 180);

/** @param {number} value */
const round = (value) => Number(value.toFixed(PLACES));

/**
 * Longitudes that go on beyond 180 where the line does, all near the first one.
 * @param {Pair[]} points
 * @param {number} [near]
 * @returns {Pair[]}
 */
export function unrolled(points, near = points[0]?.[0] ?? 0) {
  let before = near;
  return points.map(([longitude, latitude]) => {
    before = longitude + 360 * Math.round((before - longitude) / 360);
    return [before, latitude];
  });
}

/** @param {Pair[]} points
 * @returns {Pair[]} */
const rolled = (points) => points.map(([longitude, latitude]) => [round(around(longitude)), round(latitude)]);

/** @param {Pair[]} ring
 * @returns {Pair[]} */
const closed = (ring) => [...ring, ring[0]];

/**
 * What can be drawn of a fence; null for shapes of several parts, which are edited as GeoJSON only.
 * @param {Shaped} fence
 * @returns {Draft | null}
 */
export function draftOf({ shape, radius }) {
  const { type, coordinates } = shape;
  if (type === "Point") return { kind: "circle", points: [plain(coordinates)], holes: [], radius: radius ?? 0 };
  if (type === "LineString") return { kind: "corridor", points: coordinates.map(plain), holes: [], radius: radius ?? 0 };
  if (type !== "Polygon") return null;
  const [outer, ...holes] = coordinates.map((/** @type {number[][]} */ ring) => ring.slice(0, -1).map(plain));
  return { kind: "polygon", points: outer, holes, radius: 0 };
}

/** A position without its altitude.
 * @param {number[]} position
 * @returns {Pair} */
const plain = ([longitude, latitude]) => [longitude, latitude];

/**
 * `{shape, radius}` for the API; `radius` is null for areas.
 * @param {Draft} draft
 * @returns {Shaped}
 */
export function shapeOf({ kind, points, holes, radius }) {
  if (kind === "circle") return { shape: { type: "Point", coordinates: rolled(points)[0] }, radius };
  if (kind === "corridor") return { shape: { type: "LineString", coordinates: rolled(points) }, radius };
  return { shape: { type: "Polygon", coordinates: [points, ...holes].map((ring) => rolled(closed(ring))) }, radius: null };
}

/**
 * What is wrong with a draft, in a sentence; "" where it can be sent.
 * @param {Draft} draft
 */
export function complaint({ kind, points, radius }) {
  const fewest = FEWEST[kind];
  if (points.length < fewest) return kind === "circle" ? t("fence-need-circle") : t(kind === "polygon" ? "fence-need-polygon" : "fence-need-corridor", { count: fewest });
  if (points.some((pair) => !pair.every(Number.isFinite))) return t("fence-need-coordinates");
  if (points.some(([, latitude]) => Math.abs(latitude) > 90)) return t("fence-latitudes");
  if (kind !== "polygon" && !(radius >= 1)) return kind === "circle" ? t("fence-need-radius") : t("fence-need-width");
  return "";
}

/**
 * The place that is `metres` from another, on a sphere.
 * @param {Pair} from
 * @param {number} metres
 * @param {number} bearing degrees
 * @returns {Pair}
 */
export function destination([longitude, latitude], metres, bearing) {
  const [angle, direction, from] = [metres / RADIUS, bearing * radians, latitude * radians];
  const to = Math.asin(Math.sin(from) * Math.cos(angle) + Math.cos(from) * Math.sin(angle) * Math.cos(direction));
  const across = Math.atan2(Math.sin(direction) * Math.sin(angle) * Math.cos(from), Math.cos(angle) - Math.sin(from) * Math.sin(to));
  return [longitude + across / radians, to / radians];
}

/**
 * Metres between two places, on a sphere.
 * @param {Pair} from
 * @param {Pair} to
 */
export function metresBetween(from, to) {
  const [a, b] = [from[1] * radians, to[1] * radians];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(((to[0] - from[0]) * radians) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/**
 * The open ring of a circle.
 * @param {Pair} centre
 * @param {number} radius
 * @returns {Pair[]}
 */
export function circle(centre, radius) {
  return Array.from({ length: SEGMENTS }, (_, index) => destination(centre, radius, (360 * index) / SEGMENTS));
}

/**
 * Centre and radius of a ring that was drawn as a circle.
 * @param {Pair[]} ring
 * @returns {{centre: Pair, radius: number}}
 */
export function circleOf(ring) {
  const [longitudes, latitudes] = [ring.map(([longitude]) => longitude), ring.map(([, latitude]) => latitude)];
  const middle = (/** @type {number[]} */ values) => (Math.min(...values) + Math.max(...values)) / 2;
  // In a circle on the Earth, the northernmost and the southernmost place are equally far from the centre.
  const centre = /** @type {Pair} */ ([middle(longitudes), middle(latitudes)]);
  const north = /** @type {Pair} */ ([centre[0], Math.max(...latitudes)]);
  return { centre, radius: metresBetween(centre, north) };
}

/** Width in pixels at zoom 0 of a corridor on the map; it doubles with each zoom.
 * @param {number} radius
 * @param {number} latitude */
export const widthAtZero = (radius, latitude) => (2 * radius) / (PIXEL * Math.cos(latitude * radians));

/**
 * A fence as the map draws it: a Polygon or MultiPolygon, or for a corridor the line or lines in its middle.
 * @param {Shaped} fence
 * @returns {{type: string, coordinates: any}}
 */
export function outline({ shape, radius }) {
  const { type, coordinates } = shape;
  if (type === "Point") return { type: "Polygon", coordinates: [closed(circle(plain(coordinates), radius ?? 0))] };
  const near = pairsOf(shape)[0][0];
  const unroll = (/** @type {any} */ part) => (Array.isArray(part[0][0]) ? part.map(unroll) : unrolled(part.map(plain), near));
  return { type, coordinates: unroll(coordinates) };
}

/** All positions of a GeoJSON geometry.
 * @param {{type?: string, coordinates: any}} shape
 * @returns {Pair[]} */
export function pairsOf({ coordinates }) {
  return typeof coordinates[0] === "number" ? [plain(coordinates)] : coordinates.flatMap((/** @type {any} */ part) => pairsOf({ coordinates: part }));
}

/**
 * The corners of the box around a fence, for the map to show.
 * @param {Shaped} fence
 */
export function corners(fence) {
  const { coordinates } = outline(fence);
  const pairs = pairsOf({ coordinates });
  const more = fence.radius && fence.shape.type !== "Point" ? pairs.flatMap((pair) => [0, 90, 180, 270].map((bearing) => destination(pair, fence.radius ?? 0, bearing))) : [];
  const all = [...pairs, ...more];
  const [longitudes, latitudes] = [all.map(([longitude]) => longitude), all.map(([, latitude]) => latitude)];
  const least = (/** @type {number[]} */ values) => values.reduce((one, other) => Math.min(one, other));
  const most = (/** @type {number[]} */ values) => values.reduce((one, other) => Math.max(one, other));
  return [
    { longitude: least(longitudes), latitude: least(latitudes) },
    { longitude: most(longitudes), latitude: most(latitudes) },
  ];
}

/**
 * Where the label of a fence stands: above the northernmost place of a circle or of an area's largest ring, so that it hides none of the drivers
 * inside, and the middle of a corridor.
 * @param {Shaped} fence
 * @returns {Pair}
 */
export function labelPlace(fence) {
  const { type, coordinates } = outline(fence);
  if (fence.shape.type === "Point") return destination(plain(fence.shape.coordinates), fence.radius ?? 0, 0);
  if (type === "LineString") return coordinates[Math.floor(coordinates.length / 2)];
  if (type === "MultiLineString") return coordinates[0][Math.floor(coordinates[0].length / 2)];
  const rings = type === "Polygon" ? [coordinates[0]] : coordinates.map((/** @type {Pair[][]} */ polygon) => polygon[0]);
  return top(rings.toSorted((/** @type {Pair[]} */ one, /** @type {Pair[]} */ other) => area(other) - area(one))[0]);
}

/** The northernmost place; of an edge along a parallel its middle.
 * @param {Pair[]} ring
 * @returns {Pair} */
function top(ring) {
  const north = ring.reduce((most, [, latitude]) => Math.max(most, latitude), -90);
  const longitudes = ring.filter(([, latitude]) => latitude === north).map(([longitude]) => longitude);
  return [(Math.min(...longitudes) + Math.max(...longitudes)) / 2, north];
}

/** In square degrees.
 * @param {Pair[]} ring closed */
function area(ring) {
  const [x0, y0] = ring[0];
  let twice = 0;
  for (let index = 1; index < ring.length; index += 1) {
    twice += (ring[index - 1][0] - x0) * (ring[index][1] - y0) - (ring[index][0] - x0) * (ring[index - 1][1] - y0);
  }
  return Math.abs(twice) / 2;
}
