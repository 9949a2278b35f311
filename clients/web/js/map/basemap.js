// The built-in map, whose data comes from the hub.

import { PLACES } from "./places.js";

const WORLD = "/web/vendor/world/cells/";
/** Degrees of a cell of finer land (clients/web/coast.py), and the zoom from which it is worth loading. */
const CELL = 10;
const FINE_ZOOM = 4;

const COLOURS = {
  light: { sea: "#cfe0ec", land: "#f7f5f0", border: "#b9b3a6", road: "#d9c9a3", roadEdge: "#bda976", text: "#3d4852", halo: "#f7f5f0" },
  dark: { sea: "#0e1a26", land: "#1d2731", border: "#4b5660", road: "#3c4650", roadEdge: "#5a6570", text: "#b8c3cd", halo: "#1d2731" },
};

/** A MapLibre style of land, borders, the simulator's roads and names; without tiles, glyphs, or any other host. */
export function offlineStyle(theme) {
  const colour = COLOURS[theme];
  const empty = { type: "FeatureCollection", features: [] };
  const label = (size) => ({ "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": size, "text-max-width": 8 });
  const ink = { "text-color": colour.text, "text-halo-color": colour.halo, "text-halo-width": 1.2 };
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: empty, tolerance: 0.5 },
      fine: { type: "geojson", data: empty, tolerance: 0.2 },
      borders: { type: "geojson", data: empty },
      roads: { type: "geojson", data: new URL(`${WORLD}roads.json`, location.href).href },
      names: { type: "geojson", data: empty, attribution: "Natural Earth" },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour.sea } },
      { id: "land", type: "fill", source: "land", maxzoom: FINE_ZOOM + 1, paint: { "fill-color": colour.land, "fill-antialias": false } },
      { id: "fine", type: "fill", source: "fine", minzoom: FINE_ZOOM, paint: { "fill-color": colour.land, "fill-antialias": false } },
      { id: "borders", type: "line", source: "borders", paint: { "line-color": colour.border, "line-width": 1, "line-dasharray": [3, 2] } },
      { id: "road-edges", type: "line", source: "roads", minzoom: 7, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": colour.roadEdge, "line-width": ["interpolate", ["linear"], ["zoom"], 7, 1, 12, 7] } },
      { id: "roads", type: "line", source: "roads", minzoom: 8, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": colour.road, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 12, 5] } },
      { id: "country-names", type: "symbol", source: "names", maxzoom: 7, filter: ["all", ["==", ["get", "kind"], "country"], ["<=", ["get", "from"], ["zoom"]]], layout: { ...label(12), "text-letter-spacing": 0.08 }, paint: { ...ink, "text-opacity": 0.75 } },
      { id: "place-names", type: "symbol", source: "names", filter: ["all", ["==", ["get", "kind"], "place"], ["<=", ["get", "from"], ["zoom"]]], layout: { ...label(["interpolate", ["linear"], ["zoom"], 4, 11, 10, 14]), "text-anchor": "bottom-right" }, paint: ink },
    ],
  };
}

function point(name, longitude, latitude, kind, from) {
  return { type: "Feature", properties: { name, kind, from }, geometry: { type: "Point", coordinates: [longitude, latitude] } };
}

function collection(...geometries) {
  return { type: "FeatureCollection", features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

let world = null;
const loaded = new Map();

async function read(name) {
  const response = await fetch(`${WORLD}${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

/**
 * Fill the offline style of a map, and load cells that come into view. Returns a function that ends it; the removal of
 * the map ends it, too.
 */
export function fillOffline(map) {
  let ended = false;

  /** What is loaded may arrive after the map was removed, or after its style was replaced by one without this source. */
  function put(source, data) {
    if (!ended) map.getSource(source)?.setData(data);
  }

  async function fine() {
    if (ended || map.getZoom() < FINE_ZOOM || !world) return;
    const known = new Set(world.cells);
    const bounds = map.getBounds();
    const [west, east] = [bounds.getWest(), bounds.getEast()].map((degrees) => Math.floor((degrees + 180) / CELL));
    const [south, north] = [bounds.getSouth(), bounds.getNorth()].map((degrees) => Math.floor((degrees + 90) / CELL));
    const missing = [];
    for (let column = west; column <= east; column += 1) {
      for (let row = south; row <= north; row += 1) {
        const name = `${((column % 36) + 36) % 36}_${row}`;
        if (known.has(name) && !loaded.has(name)) missing.push(name);
      }
    }
    if (missing.length === 0) return;
    await Promise.all(missing.map(async (name) => loaded.set(name, await read(`${name}.json?v=${world.version}`))));
    show();
  }

  const show = () => put("fine", collection(...loaded.values()));

  async function start() {
    world ??= await read("world.json");
    if (ended) return;
    put("land", collection(world.land));
    put("borders", collection(world.borders));
    const countries = world.countries.map(({ name, longitude, latitude, size }) => point(name, longitude, latitude, "country", size > 20 ? 1.5 : size > 8 ? 3 : size > 3 ? 4 : 5));
    const places = PLACES.map(([name, longitude, latitude, from]) => point(name, longitude, latitude, "place", from));
    put("names", { type: "FeatureCollection", features: [...countries, ...places] });
    if (loaded.size) show();
    map.on("moveend", refine);
    await fine();
  }

  /** An error after the end changes nothing that is seen. */
  const report = (error) => void (ended || console.error("The built-in map could not be loaded.", error));
  const refine = () => fine().catch(report);

  function end() {
    ended = true;
    map.off("moveend", refine);
    map.off("remove", end);
  }

  map.on("remove", end);
  start().catch(report);
  return end;
}
