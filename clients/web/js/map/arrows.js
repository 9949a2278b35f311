// Pictures of drivers for the map, drawn here so that no file has to be fetched: an arrow where the heading is known, a
// disc where it is not. Colour and shape both say the status.

const SIZE = 44;
const RATIO = 2;

const COLOURS = {
  light: { online: "#0a7350", stale: "#b86e00", offline: "#66717c", edge: "#ffffff", player: "#0b5fa5", group: "#33414e" },
  dark: { online: "#5fd6a4", stale: "#f2b754", offline: "#a7b2bc", edge: "#0b1117", player: "#7cc0ff", group: "#dde4ea" },
};

/** Colours of a theme: `online`, `stale`, `offline`, `edge`, `player`, `group` (drivers of any status). */
export function statusColours(theme) {
  return COLOURS[theme];
}

const SHAPES = ["arrow", "disc"];
/** `old` is a driver that was heard, and whose position is old. */
const STATUSES = ["online", "old", "stale", "offline", "player"];

/** Add or replace `arrow-<status>` and `disc-<status>` in a map's images, and `arrow-player`. */
export function addArrows(map, theme) {
  for (const status of STATUSES) for (const shape of SHAPES) add(map, shape, status, theme);
}

/**
 * Add each of these images when a map asks for it: a change of the style removes all images, and tiles of the layers
 * before the change may still ask for them before `addArrows` is called for the new style. `theme()` is the present one.
 */
export function offerArrows(map, theme) {
  map.on("styleimagemissing", ({ id }) => {
    const [shape, status] = id.split("-");
    if (SHAPES.includes(shape) && STATUSES.includes(status)) add(map, shape, status, theme());
  });
}

function add(map, shape, status, theme) {
  const name = `${shape}-${status}`;
  const image = draw(shape, status, COLOURS[theme]);
  if (map.hasImage(name)) map.updateImage(name, image);
  else map.addImage(name, image, { pixelRatio: RATIO });
}

function draw(shape, status, colours) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext("2d");
  const hollow = status === "stale" || status === "old";
  const colour = colours[status === "old" ? "online" : status];
  context.translate(SIZE / 2, SIZE / 2);
  context.lineJoin = "round";
  context.beginPath();
  if (shape === "arrow") {
    context.moveTo(0, -16);
    context.lineTo(11, 13);
    context.lineTo(0, 7);
    context.lineTo(-11, 13);
    context.closePath();
  } else {
    context.arc(0, 0, 10, 0, 2 * Math.PI);
  }
  context.lineWidth = 7;
  context.strokeStyle = colours.edge;
  context.stroke();
  context.fillStyle = hollow ? colours.edge : colour;
  context.fill();
  if (hollow) {
    context.lineWidth = 3.5;
    context.strokeStyle = colour;
    if (status === "old") context.setLineDash([5, 4]);
    context.stroke();
  }
  if (status === "offline") {
    context.lineWidth = 3;
    context.strokeStyle = colours.edge;
    context.beginPath();
    context.moveTo(-7, -1);
    context.lineTo(7, -1);
    context.stroke();
  }
  return context.getImageData(0, 0, SIZE, SIZE);
}
