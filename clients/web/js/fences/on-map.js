// Puts the fences of the fleet on the map, with their names and the number of drivers inside.

import { labelPlace, outline, widthAtZero } from "./shapes.js";

/** Milliseconds between two pictures: drivers come and go all the time, and a fleet may have thousands of fences. */
const EVERY = 500;

/**
 * The features of a fence.
 * @param {any} fence
 * @param {number} inside drivers
 */
export function featuresOf(fence, inside) {
  const { fenceId, name, colour, radius } = fence;
  const geometry = outline(fence);
  const place = labelPlace(fence);
  const properties = { fenceId, colour: colour ?? undefined, width: geometry.type.includes("Line") ? widthAtZero(radius, place[1]) : 0 };
  return [
    { type: "Feature", properties, geometry },
    { type: "Feature", properties: { fenceId, label: inside ? `${name}\n${inside} inside` : name }, geometry: { type: "Point", coordinates: place } },
  ];
}

export function showFences({ fences, map }) {
  /** Fence -> what was made of it: geometry costs more than labels. */
  let known = new Map();
  let timer = null;

  function show() {
    timer = null;
    const before = known;
    known = new Map();
    const features = [];
    for (const fence of fences.all()) {
      const inside = fences.inside(fence.fenceId).size;
      const found = before.get(fence.fenceId);
      const same = found && found.version === fence.version && found.inside === inside;
      const made = same ? found.made : featuresOf(fence, inside);
      known.set(fence.fenceId, { version: fence.version, inside, made });
      features.push(...made);
    }
    map.fences.show(features);
  }

  fences.onChange(() => void (timer ??= setTimeout(show, EVERY)));
  show();
}
