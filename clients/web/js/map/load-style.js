// Loads the style of a look, with one tile of it: what cannot be shown is not tried on the map.

import { t } from "../i18n/messages.js";
import { loadArchive, usePmtiles } from "./archive.js";
import { offlineStyle } from "./basemap.js";
import { absolute, adopted, fontOf, OWN_FONT, rasterStyle, tileAddress, tileAt } from "./looks.js";
import { MapProblem } from "./map-problem.js";

/** Tile servers require to know the site; they get its origin, and never the path of a share link. */
export const REFERRER = "strict-origin";

/** Statuses of a place that a tile server has no tile of. */
const NO_TILE = new Set([404, 410]);

const hostOf = (url) => new URL(url, location.href).host;

async function request(url, signal, accepted = new Set()) {
  let response;
  try {
    response = await fetch(url, { signal, referrerPolicy: REFERRER, credentials: "omit" });
  } catch {
    signal.throwIfAborted();
    throw new MapProblem(t("map-host-silent", { host: hostOf(url) }));
  }
  if (!response.ok && !accepted.has(response.status)) throw new MapProblem(t("map-host-status", { host: hostOf(url), status: String(response.status) }));
  return response;
}

async function json(url, signal) {
  const response = await request(url, signal);
  try {
    return await response.json();
  } catch {
    signal.throwIfAborted();
    throw new MapProblem(t("map-host-not-json", { host: hostOf(url) }));
  }
}

/** What a promise resolves to, unless `signal` ends the wait. */
function until(signal, promise) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

/** One tile in the middle of the view; returns a sentence if there is none. */
async function tryTile(source, { center, zoom }, signal) {
  const { tiles, minzoom = 0, maxzoom = 22, scheme } = source.tiles ? source : await json(source.url, signal);
  if (!Array.isArray(tiles) || tiles.length === 0) throw new MapProblem(t("map-host-no-tiles", { host: hostOf(source.url) }));
  const place = tileAt(center.lng, center.lat, Math.max(minzoom, Math.min(maxzoom, Math.floor(zoom))));
  const address = tileAddress(absolute(tiles[0], source.url ?? location.href), place, scheme);
  if (address === null) return "";
  const response = await request(address, signal, NO_TILE);
  try {
    // Read, so that the browser keeps it.
    await response.arrayBuffer();
  } catch {
    signal.throwIfAborted();
    throw new MapProblem(t("map-host-part-of-tile", { host: hostOf(address) }));
  }
  return response.ok ? "" : t("map-host-no-tile", { host: hostOf(address), status: String(response.status) });
}

/**
 * `{style, font, ours, note, source}`: a MapLibre style, a font for other layers on it, whether the built-in map is below
 * it, and a sentence where `source` has no tile in the middle of `view` (`{center, zoom}`). Rejects with a `MapProblem`, or with the
 * reason of `signal`.
 */
export async function loadStyle({ look, tone, inverted }, view, signal) {
  if (look.kind === "archive") return until(signal, loadArchive({ look, tone }, view));
  if (look.kind === "raster") {
    const style = rasterStyle(offlineStyle(tone), { tiles: [look.url], attribution: look.attribution }, inverted);
    return { style, font: OWN_FONT, ours: true, note: await tryTile(style.sources.tiles, view, signal), source: "tiles" };
  }
  const url = new URL(look.url, location.href).href;
  const received = await json(url, signal);
  const objects = (values) => values.every((value) => typeof value === "object" && value !== null);
  if (!objects([received, received?.sources, ...Object.values(received?.sources ?? {})]) || !Array.isArray(received.layers) || !objects(received.layers)) {
    throw new MapProblem(t("map-host-not-style", { host: hostOf(url) }));
  }
  const style = adopted(received, url);
  const [name, source] = Object.entries(style.sources).find(([, { type, url: from, tiles }]) => (type === "vector" || type === "raster") && (tiles || /^https?:/.test(from))) ?? [];
  if (Object.values(style.sources).some(({ url: from }) => from?.startsWith("pmtiles://"))) await until(signal, usePmtiles());
  const note = source ? await tryTile(source, view, signal) : "";
  return { style, font: fontOf(style), ours: false, note, source: name };
}
