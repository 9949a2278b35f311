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
 * @param {{maplibre: any, base: any}} parts the map of MapLibre, and its base map
 * @param {{changed: (kind: string, coordinates: [number, number][]) => void, finished: () => void}} listeners
 */
export async function createDrawing({ maplibre: map, base }, { changed, finished }) {
  const { TerraDraw, TerraDrawCircleMode, TerraDrawLineStringMode, TerraDrawMapLibreGLAdapter, TerraDrawPolygonMode, TerraDrawSelectMode } = await loadTerraDraw();
  const bent = { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } };
  const sized = { feature: { draggable: true, coordinates: { resizable: "center-fixed" } } };
  /** Null from the end of a style of the map until the next one is there. */
  let draw = null;
  /** What is shown: `{kind, coordinates}`; a new style of the map needs it again. */
  let shown = null;
  /** The kind that a user draws, from the choice to the last point. */
  let drawn = null;
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
      drawn = null;
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
    if (!draw) return;
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

  /** A shape that is not finished begins again: Terra Draw cannot continue one. */
  function start() {
    if (!draw) return;
    shown = null;
    draw.clear();
    draw.setMode(MODES[drawn]);
  }

  // Its layers go with the style, so that it has to end before.
  const end = () => {
    draw?.stop();
    draw = null;
  };

  const restyled = () => {
    begin();
    if (drawn) start();
    else place();
  };

  if (base.ready) begin();
  map.on("style.load", restyled);
  const stay = base.onLeave(end);
  return {
    /** Draw a new shape instead of what is shown. */
    draw(kind) {
      drawn = kind;
      start();
    },
    /** Show a shape, to be moved and bent; nothing without coordinates. */
    show(kind, coordinates) {
      drawn = null;
      shown = coordinates.length ? { kind, coordinates: coordinates.map((pair) => pair.map(round)) } : null;
      place();
    },
    stop() {
      map.off("style.load", restyled);
      stay();
      end();
    },
  };
}
