// A fence while it is drawn: the draft, what Terra Draw does with it, and how the map shows it.

import { t } from "../i18n/messages.js";
import { createDrawing } from "../map/drawing.js";
import { circle, circleOf, complaint, metresBetween, outline, shapeOf, unrolled, widthAtZero } from "./shapes.js";

/** Part of the visible map that a shape at its middle takes. */
const PART = 0.15;

/**
 * `{draft, set(draft), draw(kind), middle(kind), stop()}`. `changed()` is called when the draft was changed on the map,
 * `failed(words)` where nothing can be drawn. Without a map the draft is edited as a table alone.
 * @param {{map: any, draft: import("./shapes.js").Draft, changed: () => void, drawn: () => void, failed: (words: string) => void}} parts
 */
export function createSketch({ map, draft: given, changed, drawn, failed }) {
  let draft = given;
  let colour = null;
  let drawing = null;
  let ended = false;
  let asked = null;

  async function load() {
    if (!map.available) return;
    // One click cannot be a point of both.
    map.stopMeasuring();
    // The map must not move below the pointer.
    map.follow(null);
    map.drawing = true;
    try {
      const made = await createDrawing(map, {
        changed(kind, coordinates) {
          take(kind, coordinates);
          sketch();
          changed();
        },
        finished: drawn,
      });
      if (ended) return made.stop();
      drawing = made;
      if (asked) drawing.draw(asked);
      else bend();
    } catch (error) {
      if (ended) return;
      map.drawing = false;
      console.warn("The drawing library could not be loaded:", error.message);
      failed(t("fence-no-drawing"));
    }
  }

  function take(kind, coordinates) {
    if (kind === "circle") {
      const { centre, radius } = circleOf(coordinates);
      draft = { ...draft, kind, points: [centre], radius: Math.max(1, Math.round(radius)) };
    } else {
      draft = { ...draft, kind, points: kind === "polygon" ? coordinates.slice(0, -1) : coordinates };
    }
  }

  /** Hands the draft to Terra Draw. */
  function bend() {
    if (!drawing) return;
    if (complaint(draft)) return drawing.show(draft.kind, []);
    const points = unrolled(draft.points);
    const ring = draft.kind === "circle" ? circle(points[0], draft.radius) : points;
    drawing.show(draft.kind, draft.kind === "corridor" ? ring : [...ring, ring[0]]);
  }

  /** The map's own layer: the area with its holes, and the width of a corridor. */
  function sketch() {
    if (complaint(draft)) return map.fences.sketch([]);
    const shaped = shapeOf(draft);
    const width = draft.kind === "corridor" ? widthAtZero(draft.radius, draft.points[0][1]) : 0;
    map.fences.sketch([{ type: "Feature", properties: { colour, width }, geometry: outline(shaped) }]);
  }

  load();
  sketch();
  return {
    get draft() {
      return draft;
    },
    /** Show another draft, from the table. */
    set(wanted) {
      draft = wanted;
      asked = null;
      sketch();
      bend();
    },
    /** @param {string | null} wanted #rrggbb */
    colour(wanted) {
      colour = wanted ?? undefined;
      sketch();
    },
    /** Draw a new shape with the pointer. */
    draw(kind) {
      draft = { kind, points: [], holes: [], radius: draft.radius || 50 };
      asked = kind;
      drawing?.draw(kind);
      sketch();
    },
    /** A shape at the middle of the map, a part of it in size. */
    middle(kind) {
      const box = map.maplibre.getBounds();
      const { lng, lat } = map.maplibre.getCenter();
      const [across, up] = [(box.getEast() - box.getWest()) * PART, (box.getNorth() - box.getSouth()) * PART];
      const points = {
        circle: [[lng, lat]],
        polygon: [[lng - across, lat - up], [lng + across, lat - up], [lng + across, lat + up], [lng - across, lat + up]],
        corridor: [[lng - across, lat], [lng + across, lat]],
      }[kind];
      const size = metresBetween([lng, lat], [lng, lat + up]);
      this.set({ kind, points, holes: [], radius: Math.max(1, Math.round(kind === "circle" ? size : size / 4)) });
    },
    stop() {
      ended = true;
      map.drawing = false;
      drawing?.stop();
      map.fences.sketch([]);
    },
  };
}
