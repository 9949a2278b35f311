// A driver's track on the map: a line, its stops, and the place of the player on it.

const EMPTY = { type: "FeatureCollection", features: [] };

/**
 * `show({pieces, gaps, chosen, stops})`: lines of `[longitude, latitude]`, of which `gaps` are dashed and `chosen` stands
 * out; `stops` have `latitude`, `longitude` and a `label`. `mark(position | null)` places the player: a disc where the
 * heading is not known, hollow where the position is `stale`. `attach(map, colours)` after each new style.
 */
export function createTrack() {
  let map = null;
  let line = EMPTY;
  let stops = EMPTY;
  let marker = EMPTY;

  const at = ({ longitude, latitude }) => [longitude, latitude];
  const point = (position, properties) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates: at(position) } });
  const path = (kind) => (coordinates) => ({ type: "Feature", properties: { kind }, geometry: { type: "LineString", coordinates } });
  const collection = (features) => ({ type: "FeatureCollection", features });

  function set() {
    map?.getSource("track")?.setData(line);
    map?.getSource("stops")?.setData(stops);
  }

  return {
    attach(onto, colours) {
      map = onto;
      map.addSource("track", { type: "geojson", data: line });
      map.addSource("stops", { type: "geojson", data: stops });
      map.addSource("marker", { type: "geojson", data: marker });
      const round = { "line-cap": "round", "line-join": "round" };
      const only = (kind) => ["==", ["get", "kind"], kind];
      const lineLayer = (id, kind, paint) => map.addLayer({ id, type: "line", source: "track", filter: only(kind), layout: round, paint });
      lineLayer("gaps", "gap", { "line-color": colours.player, "line-width": 2, "line-dasharray": [1, 3] });
      lineLayer("track-edge", "piece", { "line-color": colours.edge, "line-width": 6 });
      lineLayer("track", "piece", { "line-color": colours.player, "line-width": 2.5 });
      lineLayer("chosen-edge", "chosen", { "line-color": colours.edge, "line-width": 10 });
      lineLayer("chosen", "chosen", { "line-color": colours.player, "line-width": 6 });
      map.addLayer({ id: "stops", type: "circle", source: "stops", paint: { "circle-radius": 6, "circle-color": colours.edge, "circle-stroke-color": colours.player, "circle-stroke-width": 3 } });
      map.addLayer({
        id: "stop-labels",
        type: "symbol",
        source: "stops",
        minzoom: 9,
        layout: { "text-field": ["get", "label"], "text-font": colours.font, "text-size": 12, "text-offset": [0, 0.9], "text-anchor": "top" },
        paint: { "text-color": colours.text, "text-halo-color": colours.edge, "text-halo-width": 1.4 },
      });
      map.addLayer({
        id: "marker",
        type: "symbol",
        source: "marker",
        layout: { "icon-image": ["get", "icon"], "icon-rotate": ["get", "heading"], "icon-rotation-alignment": "map", "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": 1.3 },
      });
    },

    show({ pieces = [], gaps = [], chosen = [], stops: places = [] }) {
      const long = (each) => each.length > 1;
      line = collection([
        ...gaps.map(path("gap")),
        ...pieces.filter(long).map(path("piece")),
        ...chosen.filter(long).map(path("chosen")),
      ]);
      stops = collection(places.map((stop) => point(stop, { label: stop.label ?? "" })));
      set();
    },

    /** Whether a line is drawn. */
    get shown() {
      return line.features.length > 0;
    },

    clear() {
      line = stops = EMPTY;
      set();
      this.mark(null);
    },

    mark(position) {
      const known = Number.isFinite(position?.heading);
      const icon = position?.stale ? "disc-stale" : known ? "arrow-player" : "disc-player";
      marker = position ? collection([point(position, { icon, heading: position.heading ?? 0 })]) : EMPTY;
      map?.getSource("marker")?.setData(marker);
    },
  };
}
