// The map of the pages of share links: the base map with its choice of styles, and the images of drivers.

import { addArrows, offerArrows } from "./arrows.js";
import { createBaseMap } from "./base-map.js";
import { loadMapLibre } from "./maplibre.js";
import { createStyleMenu } from "./style-menu.js";
import { END, mapTexts } from "./texts.js";

/**
 * Resolves to the MapLibre map; rejects where it cannot be shown. `onStyle(style)` adds the layers of the page to each new style, once the map is there.
 * Without `controls` the map has no buttons. `credit`: an attribution besides those of the map.
 * @param {{host: HTMLElement, title: string, controls?: boolean, credit?: string, onStyle: (style: any) => void}} parts
 */
export async function createSharedMap({ host, title, controls = true, credit, onStyle }) {
  const screen = await (await fetch("/api/v1/screen")).json();
  if (!screen.mapAvailable) throw new Error("the packages of the map are not installed");
  const maplibre = await loadMapLibre();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
  let tone = theme;
  const base = createBaseMap({
    setting: screen.map,
    theme,
    onStyle(style) {
      tone = style.tone;
      addArrows(map, tone);
      onStyle(style);
      host.dataset.ready = "true";
    },
  });
  const map = new maplibre.Map({
    ...base.options,
    container: host,
    center: [25, 25],
    zoom: 1.4,
    maxZoom: 18,
    fadeDuration: 0,
    attributionControl: { compact: false, customAttribution: credit },
    locale: mapTexts(title),
  });
  if (controls) {
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), END);
    if (base.choices.length > 1) map.addControl(createStyleMenu(base), END);
  }
  map.dragRotate.disable();
  map.touchZoomRotate.disableRotation();
  offerArrows(map, () => tone);
  base.mount(map);
  dark.addEventListener("change", () => {
    if (!document.documentElement.dataset.theme) base.setTheme(dark.matches ? "dark" : "light");
  });
  return map;
}
