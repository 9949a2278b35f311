// What MapLibre writes on the page, and on which side of the map its controls are.

import { mirrored, t } from "../i18n/messages.js";

/** The corner of the buttons: where a line ends. */
export const END = mirrored ? "top-left" : "top-right";
/** The corner of the scale: where a line begins. */
export const SCALE = mirrored ? "bottom-right" : "bottom-left";

/**
 * The texts of MapLibre's controls, for its option `locale`.
 * @param {string} title of the map
 */
export const mapTexts = (title) => ({
  "Map.Title": title,
  "AttributionControl.ToggleAttribution": t("map-attribution"),
  "GeolocateControl.FindMyLocation": t("own-position"),
  "GeolocateControl.LocationNotAvailable": t("own-position-unavailable"),
  "NavigationControl.ZoomIn": t("map-zoom-in"),
  "NavigationControl.ZoomOut": t("map-zoom-out"),
});
