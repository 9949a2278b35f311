// The drivers on the map: one GeoJSON source that gets what changed, and arrows that glide from where they were.

import { kindOf } from "../ui/vehicle-kinds.js";
import { ALERT, kindImage } from "./badges.js";

const SOURCE = "drivers";
/** Below this zoom drivers that stand close together are one circle with their number. */
const CLUSTER_BELOW = 8;
/** Gliding repaints the map again and again: it is for as many as one can look at, where a movement can be seen. */
const MOST_GLIDING = 500;
const GLIDE_FROM_ZOOM = 11;
/** The map is redrawn for each third of a pixel that a lorry moves at 30 m/s, but at most 30 times a second, and at least
 * four times, because of changes other than movement. */
const SPEED = 30;
const STEP = 1 / 3;
const [SHORTEST, LONGEST] = [33, 250];
/** Metres of a pixel at zoom 0, on the equator. */
const PIXEL = 78_271.5;
/** Degrees beyond which a driver has not driven there, but was last seen elsewhere. */
const JUMP = 0.05;
const LONGEST_GLIDE = 1_500;
/** Where arrows stand apart far enough for pictures next to them. */
const BADGES_FROM_ZOOM = 9;
/** Milliseconds between two looks at which positions have become old: no message says so. */
const LOOK_EVERY = 5_000;
/** Opacity of drivers while the past of another is looked at. */
const FAINT = 0.35;

/**
 * `update(changedIds, removedIds)` after a frame of the fleet; `attach(map, colours)` after each new style; `at(id)` is
 * where an arrow is drawn now, `[longitude, latitude]`; `onDrawn(fn)` is called after each change of the picture. Only
 * drivers that match the `search` are on it, and the selected one; `alarmed()` is the set of those with alerts that no user has
 * acknowledged, and `marked()` is called after a change of it. `staleAfter` are the seconds after which the position of a driver
 * that was heard is old, for drivers without a threshold of their own.
 */
export function createDriversLayer({ fleet, calm, search, alarmed, staleAfter }) {
  /** driverId -> {from, to, start, length, icon, heading, name, kind, alert}: what is on the map. */
  const shown = new Map();
  const moving = new Set();
  const dirty = new Set();
  const gone = new Set();
  const added = new Set();
  const drawnListeners = new Set();
  let map = null;
  let busy = false;
  /** Counts styles: an answer of the map's worker for the source of an earlier one may never come. */
  let styles = 0;
  let frame = 0;
  let timer = null;
  let drawnAt = -Infinity;
  let selected = null;
  let receded = false;
  let alarms = alarmed();

  function collection() {
    return { type: "FeatureCollection", features: [...shown].map(([id, arrow]) => feature(id, arrow)) };
  }

  function feature(id, arrow) {
    arrow.sent = { kind: arrow.kind, alert: arrow.alert };
    return { type: "Feature", id, properties: { id, ...properties(arrow) }, geometry: { type: "Point", coordinates: position(arrow) } };
  }

  /** Without those that are undefined: the layers of the badges ask for what is there. */
  function properties({ icon, heading, name, kind, alert }) {
    return { icon, heading, name, ...(kind && { kind }), ...(alert && { alert }) };
  }

  function changeOf(arrow) {
    const put = Object.entries(properties(arrow)).map(([key, value]) => ({ key, value }));
    const lost = ["kind", "alert"].filter((key) => arrow.sent?.[key] && !arrow[key]);
    arrow.sent = { kind: arrow.kind, alert: arrow.alert };
    return lost.length ? { addOrUpdateProperties: put, removeProperties: lost } : { addOrUpdateProperties: put };
  }

  /** Heard and measured are told apart: an arrow of a driver that is online says whether it is there now. */
  function statusOf(driver) {
    return driver.status === "online" && fleet.age(driver) >= (driver.staleAfter ?? staleAfter) ? "old" : driver.status;
  }

  const iconOf = (driver) => `${Number.isFinite(driver.heading) ? "arrow" : "disc"}-${statusOf(driver)}`;

  const visible = (driver) => driver?.live && driver.seq >= 0 && (driver.driverId === selected || search.matches(driver));

  function position(arrow, now = performance.now()) {
    const share = arrow.length ? Math.min(1, (now - arrow.start) / arrow.length) : 1;
    if (share >= 1) return arrow.to;
    return [arrow.from[0] + (arrow.to[0] - arrow.from[0]) * share, arrow.from[1] + (arrow.to[1] - arrow.from[1]) * share];
  }

  function glides() {
    return !calm() && shown.size <= MOST_GLIDING && map.getZoom() >= GLIDE_FROM_ZOOM;
  }

  function place(id, driver, now) {
    const to = [driver.longitude, driver.latitude];
    const known = shown.get(id);
    /** @type {Record<string, any>} `sent` are the badges that the map has */
    const arrow = { sent: known?.sent, to, from: to, start: now, length: 0, icon: iconOf(driver), heading: driver.heading ?? 0, name: fleet.nameOf(id), kind: kindOf(driver.vehicle?.type), alert: alarms.has(id), measuredAt: driver.measuredAt };
    if (known) {
      const from = position(known, now);
      const moved = from[0] !== to[0] || from[1] !== to[1];
      const near = Math.abs(from[0] - to[0]) < JUMP && Math.abs(from[1] - to[1]) < JUMP;
      if (moved && near && glides()) {
        // As long as the driver took for it, so that it arrives when the next position does.
        const took = driver.measuredAt - known.measuredAt;
        Object.assign(arrow, took > 0 ? { from, length: Math.min(LONGEST_GLIDE, took) } : { from: known.from, start: known.start, length: known.length });
        if (arrow.length) moving.add(id);
      }
    } else {
      added.add(id);
    }
    shown.set(id, arrow);
    dirty.add(id);
  }

  function take(id) {
    if (!shown.delete(id)) return;
    moving.delete(id);
    dirty.delete(id);
    if (!added.delete(id)) gone.add(id);
  }

  function schedule() {
    if (!map || busy || frame || timer || !(dirty.size || gone.size || moving.size)) return;
    const wait = drawnAt + layer.pace() - performance.now();
    // Up to a frame too early, for the frame comes on top.
    if (wait < 16) frame = requestAnimationFrame(draw);
    else {
      timer = setTimeout(() => {
        timer = null;
        schedule();
      }, wait - 8);
    }
  }

  /** One change at a time: while the map's worker is at one, the next gathers. */
  async function draw(now) {
    frame = 0;
    const source = map?.getSource(SOURCE);
    if (!source) return;
    drawnAt = now;
    const diff = { remove: [...gone], add: [], update: [] };
    for (const id of new Set([...dirty, ...moving])) {
      const arrow = shown.get(id);
      if (added.has(id)) diff.add.push(feature(id, arrow));
      else {
        const change = { id, newGeometry: { type: "Point", coordinates: position(arrow, now) } };
        if (dirty.has(id)) Object.assign(change, changeOf(arrow));
        diff.update.push(change);
      }
      if (now - arrow.start >= arrow.length) moving.delete(id);
    }
    for (const set of [dirty, gone, added]) set.clear();
    busy = true;
    const style = styles;
    for (const listener of drawnListeners) listener();
    try {
      await source.updateData(diff);
    } finally {
      if (style === styles) {
        busy = false;
        schedule();
      }
    }
  }

  function emphasise() {
    if (!map?.getLayer("arrows")) return;
    map.setPaintProperty("arrows", "icon-opacity", receded ? ["case", ["==", ["get", "id"], selected ?? ""], 1, FAINT] : 1);
    map.setLayoutProperty("driver-names", "visibility", receded ? "none" : "visible");
  }

  const layer = {
    /** All that is on the map, as GeoJSON. */
    collection,

    /** Milliseconds between two pictures. */
    pace() {
      const metres = (PIXEL * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
      return Math.min(LONGEST, Math.max(SHORTEST, (1000 * STEP * metres) / SPEED));
    },

    update(changed, removed) {
      if (!map) return;
      const now = performance.now();
      for (const id of changed) {
        const driver = fleet.get(id);
        if (visible(driver)) place(id, driver, now);
        else take(id);
      }
      for (const id of removed) take(id);
      schedule();
    },

    attach(onto, colours) {
      map = onto;
      styles += 1;
      busy = false;
      shown.clear();
      for (const set of [moving, dirty, gone, added]) set.clear();
      for (const driver of fleet.all()) if (visible(driver)) place(driver.driverId, driver, performance.now());
      for (const set of [dirty, added]) set.clear();
      map.addSource(SOURCE, {
        type: "geojson",
        promoteId: "id",
        data: collection(),
        cluster: true,
        clusterMaxZoom: CLUSTER_BELOW - 1,
        clusterRadius: 44,
        clusterProperties: { alerts: ["+", ["case", ["has", "alert"], 1, 0]] },
        maxzoom: 18,
      });
      const alone = ["!", ["has", "point_count"]];
      map.addLayer({
        id: "groups",
        type: "circle",
        source: SOURCE,
        filter: ["has", "point_count"],
        paint: {
          "circle-color": colours.group,
          "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "point_count"]], 1, 12, 30, 34],
          "circle-stroke-color": colours.edge,
          "circle-stroke-width": 2,
        },
      });
      map.addLayer({
        id: "group-counts",
        type: "symbol",
        source: SOURCE,
        filter: ["has", "point_count"],
        layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": colours.font, "text-size": 13, "text-allow-overlap": true },
        paint: { "text-color": colours.edge },
      });
      map.addLayer({
        id: "selected",
        type: "circle",
        source: SOURCE,
        filter: ["==", ["get", "id"], selected ?? ""],
        paint: { "circle-radius": 20, "circle-color": colours.player, "circle-opacity": 0.22, "circle-stroke-color": colours.player, "circle-stroke-width": 2 },
      });
      map.addLayer({
        id: "arrows",
        type: "symbol",
        source: SOURCE,
        filter: alone,
        layout: {
          "icon-image": ["get", "icon"],
          "icon-rotate": ["get", "heading"],
          "icon-rotation-alignment": "map",
          "icon-allow-overlap": true,
          "icon-ignore-placement": true,
          "icon-size": ["interpolate", ["linear"], ["zoom"], 6, 0.6, 12, 1],
        },
      });
      const badge = (id, image, offset, only, minzoom) =>
        map.addLayer({
          id,
          type: "symbol",
          source: SOURCE,
          minzoom,
          filter: only,
          layout: { "icon-image": image, "icon-offset": offset, "icon-allow-overlap": true, "icon-ignore-placement": true },
        });
      badge("kinds", ["concat", kindImage(""), ["get", "kind"]], [15, 12], ["has", "kind"], BADGES_FROM_ZOOM);
      badge("alert-marks", ALERT, [15, -12], ["has", "alert"], 0);
      // A group of drivers has the mark of those in it.
      badge("group-alert-marks", ALERT, [15, -15], ["all", ["has", "point_count"], [">", ["get", "alerts"], 0]], 0);
      map.addLayer({
        id: "driver-names",
        type: "symbol",
        source: SOURCE,
        minzoom: 12,
        filter: alone,
        layout: { "text-field": ["get", "name"], "text-font": colours.font, "text-size": 12, "text-offset": [0, 1.6], "text-anchor": "top" },
        paint: { "text-color": colours.text, "text-halo-color": colours.edge, "text-halo-width": 1.4 },
      });
      emphasise();
    },

    at(id) {
      const arrow = shown.get(id);
      return arrow && position(arrow);
    },

    select(id) {
      const before = selected;
      selected = id;
      if (search.chosen) layer.update(new Set([before, id].filter((each) => each !== null)), new Set());
      if (map?.getLayer("selected")) map.setFilter("selected", ["==", ["get", "id"], id ?? ""]);
      emphasise();
    },

    /** Look again at the drivers whose alerts have begun or ended to wait for a user. */
    marked() {
      const before = alarms;
      alarms = alarmed();
      const changed = new Set([...before, ...alarms].filter((id) => before.has(id) !== alarms.has(id)));
      layer.update(changed, new Set());
    },

    /** Let the past of one driver be seen before the present of the others. */
    recede(wanted) {
      receded = wanted;
      emphasise();
    },

    get size() {
      return shown.size;
    },

    onDrawn(listener) {
      drawnListeners.add(listener);
    },
  };
  setInterval(() => {
    const aged = new Set();
    for (const [id, { icon }] of shown) {
      const driver = fleet.get(id);
      if (driver && iconOf(driver) !== icon) aged.add(id);
    }
    layer.update(aged, new Set());
  }, LOOK_EVERY);
  search.onChange(() => layer.update(new Set(Array.from(fleet.all(), ({ driverId }) => driverId)), new Set()));
  return layer;
}
