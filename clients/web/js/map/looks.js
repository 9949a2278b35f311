// The looks of the base map: which a user can choose, which belongs to a theme, and what a style needs to be used. Pure.

import { t } from "../i18n/messages.js";


/**
 * @typedef {"light" | "dark"} Tone
 * @typedef {{kind: "style" | "raster" | "archive", url: string, attribution?: string, flavor?: string}} Look
 * @typedef {{name: string, light: Look, dark?: Look}} MapStyle as of `GET /api/v1/screen`
 * @typedef {{mode: "auto" | "offline" | "chosen", styles: MapStyle[], problem: string}} MapSetting
 * @typedef {{look: Look | null, tone: Tone, inverted: boolean}} Chosen `look` is null for the built-in map
 */

export const BUILT_IN = "built-in";

/** @type {Record<string, string>} */
const LABELS = { streets: t("map-streets"), light: t("map-light"), dark: t("map-dark"), satellite: t("map-satellite"), [BUILT_IN]: t("map-built-in") };

/**
 * What a user can choose, the default first.
 * @param {MapSetting} setting
 * @returns {{name: string, label: string}[]}
 */
export function choicesOf(setting) {
  const names = setting.styles.map(({ name }) => name);
  // The built-in map is the default where the satellite images are not.
  const rest = names.filter((name) => name !== "satellite");
  return [...rest, BUILT_IN, ...names.filter((name) => name === "satellite")].map((name) => ({ name, label: LABELS[name] }));
}

/**
 * The look of a choice in a theme, and whether it is light or dark.
 * @param {MapSetting} setting
 * @param {string} choice
 * @param {Tone} theme
 * @returns {Chosen}
 */
export function lookOf(setting, choice, theme) {
  const style = setting.styles.find(({ name }) => name === choice);
  if (!style) return { look: null, tone: theme, inverted: false };
  if (choice === "dark") return { look: style.light, tone: "dark", inverted: false };
  if (choice !== "streets" || theme === "light") return { look: style.light, tone: "light", inverted: false };
  if (style.dark) return { look: style.dark, tone: "dark", inverted: false };
  const inverted = style.light.kind === "raster";
  return { look: style.light, tone: inverted ? "dark" : "light", inverted };
}

/**
 * The built-in style with raster tiles on top of it, so that it is seen where there are no tiles.
 * @param {{sources: object, layers: object[]}} offline
 * @param {{tiles?: string[], url?: string, attribution?: string, maxzoom?: number}} tiles
 * @param {boolean} inverted dark colours of light tiles: black and white are exchanged, hues stay
 */
export function rasterStyle(offline, tiles, inverted) {
  const paint = { "raster-fade-duration": 0, ...(inverted ? { "raster-brightness-min": 1, "raster-brightness-max": 0.1, "raster-hue-rotate": 180, "raster-saturation": -0.3 } : {}) };
  return {
    ...offline,
    sources: { ...offline.sources, tiles: { type: "raster", tileSize: 256, maxzoom: 19, ...tiles } },
    layers: [...offline.layers, { id: "tiles", type: "raster", source: "tiles", paint }],
  };
}

/**
 * A style of the layers for a PMTiles archive. Without a server of glyphs the browser draws the labels with its own fonts; icons, which would come from
 * a server too, are left out.
 * @param {string} address
 * @param {string | undefined} attribution
 * @param {any[]} layers whose source is named `protomaps`
 */
export function archiveStyle(address, attribution, layers) {
  /** @param {any} layer */
  const withoutIcon = (layer) => {
    if (layer.layout?.["icon-image"] === undefined) return [layer];
    const layout = Object.fromEntries(Object.entries(layer.layout).filter(([name]) => !name.startsWith("icon-")));
    return layout["text-field"] === undefined ? [] : [{ ...layer, layout }];
  };
  const style = { version: 8, sources: { protomaps: { type: "vector", url: address, attribution } }, layers: layers.flatMap(withoutIcon) };
  return adopted(style, address);
}

/**
 * An address in a style, made absolute; its placeholders stay.
 * @param {string} address
 * @param {string} base
 */
export function absolute(address, base) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return address;
  return new URL(address, base).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}

/**
 * A style whose addresses do not depend on its own, and whose sources and layers have names unlike ours.
 * @param {any} style
 * @param {string} base
 * @returns {any}
 */
export function adopted(style, base) {
  /** @param {any} value */
  const at = (value) => (typeof value === "string" ? absolute(value, base) : value);
  /** @param {string} name */
  const named = (name) => `base:${name}`;
  /** @param {any} given */
  const source = (given) => {
    const made = { ...given };
    if (made.url !== undefined) made.url = at(made.url);
    if (Array.isArray(made.tiles)) made.tiles = made.tiles.map(at);
    if (made.data !== undefined) made.data = at(made.data);
    return made;
  };
  /** @param {any} given */
  const layer = (given) => ({ ...given, id: named(given.id), ...(given.source === undefined ? {} : { source: named(given.source) }) });
  const sources = Object.fromEntries(Object.entries(style.sources).map(([name, each]) => [named(name), source(each)]));
  const made = { ...style, sources, layers: style.layers.map(layer) };
  if (style.glyphs) made.glyphs = at(style.glyphs);
  if (style.sprite) made.sprite = Array.isArray(style.sprite) ? style.sprite.map((/** @type {any} */ each) => ({ ...each, url: at(each.url) })) : at(style.sprite);
  if (style.terrain) made.terrain = { ...style.terrain, source: named(style.terrain.source) };
  return made;
}

/** The attribution of the names of places, which the licence requires (CC BY 4.0). */
export const PLACES_BY = t("map-places-by", { source: '<a href="https://www.geonames.org/" target="_blank">GeoNames</a>' });

/** The font of our own labels where a style has none: that of the browser. */
export const OWN_FONT = ["sans-serif"];

/**
 * A font that the style itself uses, since its server of glyphs has no others; an upright one if there is one.
 * @param {any} style
 * @returns {string[]}
 */
export function fontOf(style) {
  if (!style.glyphs) return OWN_FONT;
  /** @type {string[][]} */
  const found = [];
  for (const { layout } of style.layers ?? []) {
    const font = layout?.["text-font"];
    const names = Array.isArray(font) && font[0] === "literal" ? font[1] : font;
    if (Array.isArray(names) && names.length && names.every((name) => typeof name === "string")) found.push(names);
  }
  return found.find(([name]) => /regular/i.test(name)) ?? found.find(([name]) => !/italic|bold/i.test(name)) ?? found[0] ?? OWN_FONT;
}

/**
 * The tile that has a place.
 * @param {number} longitude
 * @param {number} latitude
 * @param {number} zoom
 * @returns {{z: number, x: number, y: number}}
 */
export function tileAt(longitude, latitude, zoom) {
  const count = 2 ** zoom;
  const radians = (Math.max(-85, Math.min(85, latitude)) * Math.PI) / 180;
  const part = (1 - Math.log(Math.tan(radians) + 1 / Math.cos(radians)) / Math.PI) / 2;
  const within = (/** @type {number} */ value) => Math.min(count - 1, Math.max(0, Math.floor(value * count)));
  return { z: zoom, x: within((((longitude + 180) % 360) + 360) % 360 / 360), y: within(part) };
}

/**
 * The address of a tile; null where the template has other placeholders.
 * @param {string} template
 * @param {{z: number, x: number, y: number}} tile
 * @param {string} [scheme]
 */
export function tileAddress(template, { z, x, y }, scheme = "xyz") {
  const row = scheme === "tms" ? 2 ** z - 1 - y : y;
  const address = template.replaceAll("{z}", String(z)).replaceAll("{x}", String(x)).replaceAll("{y}", String(row)).replaceAll("{ratio}", "");
  return address.includes("{") ? null : address;
}
