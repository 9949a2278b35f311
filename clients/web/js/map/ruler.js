// A ruler: points are set by clicks, or by Enter at the middle of the map, and the way between them is measured.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { distance } from "../ui/text.js";
import { metresBetween } from "./track.js";

const SVG = "http://www.w3.org/2000/svg";
const SOURCE = "ruler";

/** Points of one way: many times what one measures by hand. */
const MOST_POINTS = 200;

/**
 * Metres along a way of [longitude, latitude].
 * @param {[number, number][]} points
 */
export function lengthOf(points) {
  const spot = ([longitude, latitude]) => ({ longitude, latitude });
  return points.slice(1).reduce((sum, point, index) => sum + metresBetween(spot(points[index]), spot(point)), 0);
}

function icon() {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: "20", height: "20", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M3 16 16 3l5 5L8 21zM6.5 12.5l2 2M9.5 9.5l3 3M12.5 6.5l2 2");
  svg.append(path);
  return svg;
}

/**
 * A control of MapLibre. `handle` is what mountMap returns: while one measures, its `measuring` is true, so that clicks open
 * nothing; no way is measured while its `drawing` is true. `place` is where the length is said; `attach(map, colours)` after each new style.
 */
export function createRuler({ handle, place, announce }) {
  let map = null;
  let colours = null;
  /** @type {[number, number][] | null} of [longitude, latitude]; null while nothing is measured. */
  let points = null;

  const button = element("button", { type: "button", class: "map-ruler-button", title: t("ruler"), "aria-label": t("ruler"), "aria-pressed": "false", onclick: () => (points ? end() : begin()) }, icon());
  const container = element("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" }, button);
  const length = element("strong", {});
  const hint = element("span", { class: "soft" });
  const undo = element("button", { type: "button", onclick: back }, t("ruler-remove-last"));
  const done = element("button", { type: "button", onclick: end }, t("ruler-done"));
  const bar = element("div", { class: "map-ruler", hidden: true }, element("span", { role: "status" }, length, " ", hint), undo, done);
  const middle = element("div", { class: "map-middle", "aria-hidden": "true", hidden: true });
  place.append(bar, middle);

  function begin() {
    if (handle.drawing) return announce(t("ruler-drawing"));
    points = [];
    handle.measuring = true;
    button.setAttribute("aria-pressed", "true");
    map.doubleClickZoom.disable();
    map.getCanvas().style.cursor = "crosshair";
    map.getCanvas().focus();
    show();
  }

  function end() {
    if (!points) return;
    points = null;
    handle.measuring = false;
    button.setAttribute("aria-pressed", "false");
    map.doubleClickZoom.enable();
    map.getCanvas().style.cursor = "";
    if (bar.contains(document.activeElement) || map.getCanvas() === document.activeElement) button.focus();
    show();
    announce(t("ruler-ended"));
  }

  function add([longitude, latitude]) {
    if (points.length === MOST_POINTS) return;
    points.push([longitude, latitude]);
    show();
  }

  function back() {
    points.pop();
    if (points.length === 0) map.getCanvas().focus();
    show();
  }

  function show() {
    bar.hidden = middle.hidden = !points;
    undo.disabled = !points?.length;
    if (points) {
      length.textContent = points.length > 1 ? distance(lengthOf(points)) : "";
      hint.textContent = [t("ruler-first"), t("ruler-next")][points.length] ?? t("ruler-over", { count: points.length });
    }
    draw();
  }

  function draw() {
    const source = map?.getSource(SOURCE);
    if (!source) return;
    const line = points?.length > 1 ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points } }] : [];
    const ends = (points ?? []).map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } }));
    source.setData({ type: "FeatureCollection", features: [...line, ...ends] });
  }

  function clicked(event) {
    if (points) add(event.lngLat.toArray());
  }

  /** Before the map's own keys, and before those of the page. */
  function pressed(event) {
    if (!points || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const onMap = event.target === map.getCanvas();
    if (event.key === "Escape") end();
    else if (event.key === "Enter" && onMap) add(map.getCenter().toArray());
    else if (event.key === "Backspace" && onMap) back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    onAdd(onto) {
      map = onto;
      map.on("click", clicked);
      document.addEventListener("keydown", pressed, true);
      return container;
    },
    onRemove() {
      map.off("click", clicked);
      document.removeEventListener("keydown", pressed, true);
      container.remove();
    },
    end,
    attach(onto, given) {
      colours = given;
      onto.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
      onto.addLayer({ id: "ruler-edge", type: "line", source: SOURCE, filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": colours.edge, "line-width": 5 } });
      onto.addLayer({ id: "ruler", type: "line", source: SOURCE, filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": colours.text, "line-width": 2, "line-dasharray": [2, 1] } });
      onto.addLayer({ id: "ruler-points", type: "circle", source: SOURCE, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 4, "circle-color": colours.edge, "circle-stroke-color": colours.text, "circle-stroke-width": 2 } });
      if (map) draw();
    },
  };
}
