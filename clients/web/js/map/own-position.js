// The place of the user on the map, from the browser. It is asked for when the button is pressed, stays in the browser, and is
// not sent to the hub.

import { t } from "../i18n/messages.js";

/** What a GeolocationPositionError is, by its code. */
const PROBLEMS = {
  1: t("own-position-denied"),
  2: t("own-position-unknown"),
  3: t("own-position-late"),
};

/**
 * A control of MapLibre. `tell` shows a sentence on the map, and takes its last one away when it is empty. `begun` is
 * called when the map begins to move with the own position.
 */
export function createOwnPosition(maplibre, { tell, announce, begun }) {
  const control = new maplibre.GeolocateControl({
    positionOptions: { enableHighAccuracy: true, timeout: 15_000 },
    fitBoundsOptions: { maxZoom: 15, animate: false },
    trackUserLocation: true,
  });
  control.on("error", ({ code }) => {
    tell(PROBLEMS[code] ?? PROBLEMS[2]);
    announce(PROBLEMS[code] ?? PROBLEMS[2]);
  });
  control.on("trackuserlocationstart", begun);
  control.on("geolocate", () => tell(""));
  return control;
}
