// The fences on the map, below the drivers: areas, corridors as wide as they are, and labels.

const EMPTY = { type: "FeatureCollection", features: [] };
const DEFAULT = "#7a4fbf";
/** From this zoom, fences have labels. */
const LABELS_FROM = 8;

const COLOUR = ["coalesce", ["get", "colour"], DEFAULT];
/** A corridor's width doubles with each zoom, as the map does. */
const wide = (more = 0) => ["interpolate", ["exponential", 2], ["zoom"], 0, ["+", ["get", "width"], more], 24, ["+", ["*", ["get", "width"], 2 ** 24], more]];

const only = (type) => ["==", ["geometry-type"], type];

/**
 * `show(features)` gets GeoJSON with the properties `fenceId`, `colour`, `width` (of corridors, in pixels at zoom 0), and
 * points with a `label`. `select(fenceId | null)` makes one stand out. `attach(map)`
 * and then `label(map, colours)` after each new style.
 */
export function createFencesLayer() {
  let map = null;
  let data = EMPTY;
  let selected = "";
  let draft = EMPTY;

  const chosen = (yes, no) => ["case", ["==", ["get", "fenceId"], selected], yes, no];

  function paint() {
    if (!map?.getLayer("fence-areas")) return;
    map.setPaintProperty("fence-areas", "fill-opacity", chosen(0.3, 0.14));
    map.setPaintProperty("fence-corridors", "line-opacity", chosen(0.45, 0.25));
    map.setPaintProperty("fence-edges", "line-width", chosen(4, 2));
  }

  return {
    attach(onto) {
      map = onto;
      map.addSource("fences", { type: "geojson", data });
      map.addSource("fence-draft", { type: "geojson", data: draft });
      const round = { "line-cap": "round", "line-join": "round" };
      map.addLayer({ id: "fence-areas", type: "fill", source: "fences", filter: only("Polygon"), paint: { "fill-color": COLOUR } });
      map.addLayer({ id: "fence-edges", type: "line", source: "fences", filter: only("Polygon"), paint: { "line-color": COLOUR } });
      map.addLayer({ id: "fence-corridors", type: "line", source: "fences", filter: only("LineString"), layout: round, paint: { "line-color": COLOUR, "line-width": wide() } });
      map.addLayer({ id: "fence-draft-area", type: "fill", source: "fence-draft", filter: only("Polygon"), paint: { "fill-color": COLOUR, "fill-opacity": 0.2 } });
      map.addLayer({ id: "fence-draft-edge", type: "line", source: "fence-draft", filter: only("Polygon"), paint: { "line-color": COLOUR, "line-width": 2, "line-dasharray": [2, 1] } });
      map.addLayer({ id: "fence-draft-corridor", type: "line", source: "fence-draft", filter: only("LineString"), layout: round, paint: { "line-color": COLOUR, "line-width": wide(), "line-opacity": 0.35 } });
      paint();
    },
    /** Above the drivers, which would cover the text. */
    label(onto, colours) {
      onto.addLayer({
        id: "fence-labels",
        type: "symbol",
        source: "fences",
        filter: only("Point"),
        minzoom: LABELS_FROM,
        layout: { "text-field": ["get", "label"], "text-font": colours.font, "text-size": 12, "text-max-width": 12, "text-anchor": "bottom", "text-offset": [0, -0.3] },
        paint: { "text-color": colours.text, "text-halo-color": colours.edge, "text-halo-width": 2 },
      });
    },
    show(features) {
      data = { type: "FeatureCollection", features };
      map?.getSource("fences")?.setData(data);
    },
    select(fenceId) {
      selected = fenceId ?? "";
      paint();
    },
    /** The features of a fence that is being drawn; none to end that. */
    sketch(features) {
      draft = { type: "FeatureCollection", features };
      map?.getSource("fence-draft")?.setData(draft);
    },
  };
}
