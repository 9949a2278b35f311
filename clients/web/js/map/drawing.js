// Drawing with Terra Draw: one shape at a time, which is drawn, and then moved and bent.

import { loadTerraDraw } from "./terra-draw.js";

/** Mode of Terra Draw for a kind of shape. */
const MODES = { circle: "circle", polygon: "polygon", corridor: "linestring" };
/** Decimal places that Terra Draw accepts. */
const PLACES = 9;

const round = (value) => Number(value.toFixed(PLACES));

/**
 * Loads the library; rejects where it was not installed. `changed(kind, coordinates)` is called with the ring (closed) or
 * line while a user draws or bends it; `finished()` when a shape was drawn. `{draw(kind), show(kind, coordinates), stop()}`.
 * @param {any} map of MapLibre
 * @param {{changed: (kind: string, coordinates: [number, number][]) => void, finished: () => void}} listeners
 */
export async function createDrawing(map, { changed, finished }) {
  const { TerraDraw, TerraDrawCircleMode, TerraDrawLineStringMode, TerraDrawMapLibreGLAdapter, TerraDrawPolygonMode, TerraDrawSelectMode } = await loadTerraDraw();
  const bent = { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } };
  const sized = { feature: { draggable: true, coordinates: { resizable: "center-fixed" } } };
  let draw = null;
  /** What is shown: `{kind, coordinates}`; a new style of the map needs it again. */
  let shown = null;
  /** Terra Draw turns rings round and reports that as a change; a user made none. */
  let quiet = false;

  function begin() {
    draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: PLACES }),
      modes: [
        new TerraDrawCircleMode(),
        new TerraDrawPolygonMode(),
        new TerraDrawLineStringMode(),
        new TerraDrawSelectMode({ flags: { circle: sized, polygon: bent, linestring: bent } }),
      ],
    });
    draw.start();
    draw.on("change", (ids, type, context) => {
      if (quiet || type === "delete" || context?.origin === "api") return;
      const feature = draw.getSnapshot().find((each) => ids.includes(each.id) && isShape(each));
      if (feature) tell(feature);
    });
    draw.on("finish", (id, { action }) => {
      const feature = draw.getSnapshot().find((each) => each.id === id);
      if (!feature || !isShape(feature)) return;
      tell(feature);
      if (action !== "draw") return;
      draw.setMode("select");
      draw.selectFeature(id);
      finished();
    });
  }

  const coordinatesOf = ({ geometry }) => (geometry.type === "Polygon" ? geometry.coordinates[0] : geometry.coordinates);

  /** Points for closing and bending have the mode of their shape, too. */
  const isShape = ({ properties, geometry }) => geometry.type !== "Point" && Object.values(MODES).includes(properties.mode);

  function tell({ properties, geometry }) {
    const kind = Object.keys(MODES).find((each) => MODES[each] === properties.mode);
    let coordinates = coordinatesOf({ geometry });
    const { currentlyDrawing, committedCoordinateCount: set } = properties;
    if (currentlyDrawing && kind !== "circle" && set) {
      // The next point is still below the pointer.
      const points = coordinates.slice(0, set);
      coordinates = kind === "polygon" ? [...points, points[0]] : points;
    }
    // Selecting a shape is a change of it, too.
    if (shown?.kind === kind && JSON.stringify(shown.coordinates) === JSON.stringify(coordinates)) return;
    shown = { kind, coordinates };
    changed(kind, coordinates);
  }

  function place() {
    quiet = true;
    try {
      put();
    } finally {
      quiet = false;
    }
  }

  function put() {
    draw.clear();
    if (!shown) return;
    const { kind, coordinates } = shown;
    const geometry = kind === "corridor" ? { type: "LineString", coordinates } : { type: "Polygon", coordinates: [coordinates] };
    const [{ id, valid }] = draw.addFeatures([{ type: "Feature", properties: { mode: MODES[kind] }, geometry }]);
    draw.setMode("select");
    // What Terra Draw does not accept, such as a ring that meets itself, is still shown by the map's own layer.
    if (!valid) return;
    draw.selectFeature(id);
    shown = { kind, coordinates: coordinatesOf(draw.getSnapshot().find((each) => each.id === id)) };
  }

  const restyled = () => {
    draw = null;
    begin();
    place();
  };

  begin();
  map.on("style.load", restyled);
  return {
    /** Draw a new shape instead of what is shown. */
    draw(kind) {
      shown = null;
      draw.clear();
      draw.setMode(MODES[kind]);
    },
    /** Show a shape, to be moved and bent; nothing without coordinates. */
    show(kind, coordinates) {
      shown = coordinates.length ? { kind, coordinates: coordinates.map((pair) => pair.map(round)) } : null;
      place();
    },
    stop() {
      map.off("style.load", restyled);
      draw.stop();
    },
  };
}
