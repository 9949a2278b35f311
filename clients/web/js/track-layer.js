// Where a driver was: a line, its stops, and the place of the player on it.

const EMPTY = { type: "FeatureCollection", features: [] };

/**
 * `show(positions, {stops, trips})`: positions in time order; `trips` are drawn apart where they are given, each with
 * `positions` of its own; `stops` have `latitude`, `longitude` and a `label`. `mark(position | null)` places the player.
 * `attach(map, colours)` after each new style.
 */
export function createTrack() {
  let map = null;
  let line = EMPTY;
  let stops = EMPTY;
  let marker = EMPTY;

  const at = ({ longitude, latitude }) => [longitude, latitude];
  const point = (position, properties) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates: at(position) } });
  const path = (positions) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: positions.map(at) } });
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
      map.addLayer({ id: "track-edge", type: "line", source: "track", layout: round, paint: { "line-color": colours.edge, "line-width": 7 } });
      map.addLayer({ id: "track", type: "line", source: "track", layout: round, paint: { "line-color": colours.player, "line-width": 3.5 } });
      map.addLayer({ id: "stops", type: "circle", source: "stops", paint: { "circle-radius": 6, "circle-color": colours.edge, "circle-stroke-color": colours.player, "circle-stroke-width": 3 } });
      map.addLayer({
        id: "stop-labels",
        type: "symbol",
        source: "stops",
        minzoom: 9,
        layout: { "text-field": ["get", "label"], "text-font": ["sans-serif"], "text-size": 12, "text-offset": [0, 0.9], "text-anchor": "top" },
        paint: { "text-color": colours.text, "text-halo-color": colours.edge, "text-halo-width": 1.4 },
      });
      map.addLayer({
        id: "marker",
        type: "symbol",
        source: "marker",
        layout: { "icon-image": ["get", "icon"], "icon-rotate": ["get", "heading"], "icon-rotation-alignment": "map", "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": 1.3 },
      });
    },

    show(positions, { stops: places = [], trips = [] } = {}) {
      const lines = trips.some((trip) => trip.positions) ? trips.map((trip) => trip.positions ?? []) : [positions];
      line = collection(lines.filter((each) => each.length > 1).map(path));
      stops = collection(places.map((stop) => point(stop, { label: stop.label ?? "" })));
      set();
    },

    clear() {
      line = stops = EMPTY;
      set();
      this.mark(null);
    },

    mark(position) {
      const icon = Number.isFinite(position?.heading) ? "arrow-player" : "disc-player";
      marker = position ? collection([point(position, { icon, heading: position.heading ?? 0 })]) : EMPTY;
      map?.getSource("marker")?.setData(marker);
    },
  };
}
