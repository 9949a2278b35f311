// Small pictures next to the arrow of a driver: the kind of its vehicle, and a mark for alerts that no user has acknowledged.

import { drawKind, KINDS } from "../ui/vehicle-kinds.js";

const SIZE = 40;
const RATIO = 2;
/** Width of the disc; around it is an edge in the colour of the ground. */
const DISC = 34;

const EDGES = { light: "#ffffff", dark: "#0b1117" };

/** Image of unacknowledged alerts. */
export const ALERT = "alert-mark";

/** Image of a kind of vehicle.
 * @param {string} kind */
export const kindImage = (kind) => `kind-${kind}`;

const NAMES = [ALERT, ...Object.keys(KINDS).map(kindImage)];

/** Add or replace all badges in a map's images. */
export function addBadges(map, theme) {
  for (const name of NAMES) add(map, name, theme);
}

/** Add a badge when a map asks for it, as `offerArrows` does. `theme()` is the present one. */
export function offerBadges(map, theme) {
  map.on("styleimagemissing", ({ id }) => {
    if (NAMES.includes(id)) add(map, id, theme());
  });
}

function add(map, name, theme) {
  const image = draw(name, EDGES[theme]);
  if (map.hasImage(name)) map.updateImage(name, image);
  else map.addImage(name, image, { pixelRatio: RATIO });
}

function draw(name, edge) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext("2d");
  context.translate(SIZE / 2, SIZE / 2);
  context.fillStyle = edge;
  if (name === ALERT) drawAlert(context);
  else {
    context.beginPath();
    context.arc(0, 0, SIZE / 2, 0, 2 * Math.PI);
    context.fill();
    drawKind(context, name.slice(kindImage("").length), DISC);
  }
  return context.getImageData(0, 0, SIZE, SIZE);
}

/** A triangle with an exclamation mark: neither a kind nor an arrow has this shape. */
function drawAlert(context) {
  const triangle = (size) => {
    context.beginPath();
    context.moveTo(0, -size);
    context.lineTo(size, size * 0.85);
    context.lineTo(-size, size * 0.85);
    context.closePath();
  };
  Object.assign(context, { lineJoin: "round", lineWidth: 6, strokeStyle: context.fillStyle });
  triangle(14);
  context.stroke();
  context.fillStyle = "#b3261e";
  context.fill();
  Object.assign(context, { strokeStyle: "#fff", lineWidth: 3.4, lineCap: "round" });
  context.beginPath();
  context.moveTo(0, -5);
  context.lineTo(0, 2.5);
  context.moveTo(0, 8);
  context.lineTo(0, 8.1);
  context.stroke();
}
