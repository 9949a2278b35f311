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

/** Add or replace `arrow-<status>` and `disc-<status>` in a map's images, and `arrow-player`. */
export function addArrows(map, theme) {
  const colours = COLOURS[theme];
  for (const status of ["online", "stale", "offline", "player"]) {
    for (const shape of ["arrow", "disc"]) {
      const name = `${shape}-${status}`;
      const image = draw(shape, status, colours);
      if (map.hasImage(name)) map.updateImage(name, image);
      else map.addImage(name, image, { pixelRatio: RATIO });
    }
  }
}

function draw(shape, status, colours) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext("2d");
  const hollow = status === "stale";
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
  context.fillStyle = hollow ? colours.edge : colours[status];
  context.fill();
  if (hollow) {
    context.lineWidth = 3.5;
    context.strokeStyle = colours[status];
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
