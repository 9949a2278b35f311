// What the map shows of the driver that it follows, besides its arrow: its way in the last minutes, the circle of its accuracy,
// and its name above everything else. Without a followed driver the layers are hidden, and cost nothing.

import { lines, loadTrack, thinned, trackOf } from "./track.js";

/** Milliseconds of the trail. */
const TRAIL = 15 * 60_000;
/** Points of it: more are seen by no one, and each new position draws all of them again. */
const MOST_POINTS = 2_000;
/** Positions that are read: a quarter of an hour at the most that the hub sends of one driver. */
const BOUND = 20_000;
/** Milliseconds between two drawings of the trail. */
const DRAW_EVERY = 1_000;
/** Metres of a pixel at zoom 0, on the equator. */
const PIXEL = 78_271.517;
const FARTHEST_ZOOM = 24;

const SOURCE = "trail";
const LAYERS = ["followed-accuracy", "followed-trail-edge", "followed-trail", "followed-name"];

/**
 * The radius of a circle of so many metres, for each zoom.
 * @param {number} metres
 * @param {number} latitude
 */
export function radiusOf(metres, latitude) {
  const pixels = metres / (PIXEL * Math.cos((latitude * Math.PI) / 180));
  return ["interpolate", ["exponential", 2], ["zoom"], 0, pixels, FARTHEST_ZOOM, pixels * 2 ** FARTHEST_ZOOM];
}

/**
 * `follow(driverId | null)` begins and ends; `update(changedIds)` after a frame of the fleet; `attach(map, colours)` after each
 * new style, when the layers of the drivers are there, and `raise(map, colours)` when all others are.
 */
export function createFollowed({ api, fleet }) {
  let map = null;
  let followed = null;
  /** Positions of the last minutes: {measuredAt, latitude, longitude}, in order; `measuredAt` by the hub's clock. */
  let points = [];
  let reading = new AbortController();
  let timer = null;
  /** What the circle was drawn for. */
  let circle = "";

  async function read(driverId) {
    const { signal } = reading;
    // The API has the times of the device, whose clock may be wrong.
    const shift = (fleet.get(driverId)?.clockOffset ?? 0) * 1_000;
    const now = fleet.now() + shift;
    let found;
    try {
      found = await loadTrack(api, driverId, now - TRAIL, now, { signal, bound: BOUND });
    } catch (error) {
      // The trail begins with the next positions.
      if (!signal.aborted) console.info("The trail could not be read:", error.message);
      return;
    }
    if (signal.aborted) return;
    const live = points;
    points = [];
    for (let index = 0; index < found.length; index += 1) {
      points.push({ measuredAt: found.times[index] - shift, latitude: found.latitudes[index], longitude: found.longitudes[index] });
    }
    const last = points.at(-1)?.measuredAt ?? -Infinity;
    points.push(...live.filter(({ measuredAt }) => measuredAt > last));
    bound();
    draw();
  }

  function bound() {
    const from = fleet.now() - TRAIL;
    const first = points.findIndex(({ measuredAt }) => measuredAt >= from);
    points.splice(0, first < 0 ? points.length : first);
    points = thinned(points, MOST_POINTS);
  }

  /** Takes over the driver's latest position. */
  function take() {
    const driver = fleet.get(followed);
    if (!Number.isFinite(driver?.latitude)) return;
    const { measuredAt, latitude, longitude } = driver;
    if (!(measuredAt <= (points.at(-1)?.measuredAt ?? -Infinity))) points.push({ measuredAt, latitude, longitude });
    showCircle(driver);
    timer ??= setTimeout(() => {
      timer = null;
      bound();
      draw();
    }, DRAW_EVERY);
  }

  function draw() {
    const track = trackOf(points.map(({ measuredAt, ...place }) => ({ ...place, recordedAt: new Date(measuredAt).toISOString() })));
    const pieces = lines(track).filter((piece) => piece.length > 1);
    const features = pieces.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } }));
    map?.getSource(SOURCE)?.setData({ type: "FeatureCollection", features });
  }

  function showCircle({ accuracy, latitude }) {
    if (!map?.getLayer("followed-accuracy")) return;
    const metres = Number.isFinite(accuracy) ? accuracy : 0;
    // A step of a thousandth of a degree does not change its size by a pixel.
    const wanted = `${metres} ${latitude.toFixed(3)}`;
    if (wanted === circle) return;
    circle = wanted;
    map.setPaintProperty("followed-accuracy", "circle-radius", radiusOf(metres, latitude));
  }

  /** Filters and visibility of the layers for the present driver. */
  function show() {
    if (!map?.getLayer("followed-name")) return;
    const only = ["==", ["get", "id"], followed ?? ""];
    for (const name of ["followed-accuracy", "followed-name"]) map.setFilter(name, only);
    for (const name of LAYERS) map.setLayoutProperty(name, "visibility", followed === null ? "none" : "visible");
  }

  return {
    follow(driverId) {
      if (driverId === followed) return;
      reading.abort();
      reading = new AbortController();
      clearTimeout(timer);
      [followed, points, timer, circle] = [driverId, [], null, ""];
      draw();
      show();
      if (driverId === null) return;
      take();
      read(driverId);
    },

    update(changed) {
      if (followed !== null && changed.has(followed)) take();
    },

    attach(onto, colours) {
      map = onto;
      circle = "";
      const hidden = { visibility: "none" };
      map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
      const below = "groups";
      map.addLayer(
        {
          id: "followed-accuracy",
          type: "circle",
          source: "drivers",
          filter: ["==", ["get", "id"], ""],
          layout: hidden,
          paint: { "circle-radius": 0, "circle-color": colours.player, "circle-opacity": 0.14, "circle-stroke-color": colours.player, "circle-stroke-opacity": 0.6, "circle-stroke-width": 1, "circle-pitch-alignment": "map" },
        },
        below,
      );
      const line = { "line-cap": "round", "line-join": "round" };
      const way = (id, paint) => map.addLayer({ id, type: "line", source: SOURCE, layout: { ...line, ...hidden }, paint }, below);
      way("followed-trail-edge", { "line-color": colours.edge, "line-width": 7, "line-opacity": 0.8 });
      way("followed-trail", { "line-color": colours.player, "line-width": 3, "line-opacity": 0.85 });
    },

    raise(onto, colours) {
      onto.addLayer({
        id: "followed-name",
        type: "symbol",
        source: "drivers",
        filter: ["==", ["get", "id"], ""],
        layout: { "visibility": "none", "text-field": ["get", "name"], "text-font": colours.font, "text-size": 13, "text-offset": [0, 1.5], "text-anchor": "top", "text-allow-overlap": true, "text-ignore-placement": true },
        paint: { "text-color": colours.text, "text-halo-color": colours.edge, "text-halo-width": 2 },
      });
      show();
      if (followed === null) return;
      draw();
      take();
    },

    /** Points of the trail. */
    get length() {
      return points.length;
    },
  };
}
