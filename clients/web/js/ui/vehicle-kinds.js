// Kinds of vehicles: their pictures, colours and words. The registry has a type in the words of the fleet; the kind is made
// of it. Pictures are drawn here, so that no file has to be fetched.

import { t } from "../i18n/messages.js";

const SVG = "http://www.w3.org/2000/svg";

/** Pixels of a picture's square; the disc has a radius of half of it. */
const BOX = 24;

const wheel = (x, y, radius) => `M${x} ${y - radius}a${radius} ${radius} 0 1 0 .01 0z`;

/**
 * Kind -> what it is called, its colour (white on it has a contrast of 4.5), and its picture: `fill` or `line` is the path
 * of SVG, within a disc of 24 pixels. `words` are those of a type of this kind, in lower case without accents; from five letters
 * on the beginning of a word is enough.
 * @type {Record<string, {label: string, colour: string, fill?: string, line?: string, words: string[]}>}
 */
export const KINDS = {
  truck: {
    label: t("vehicle-truck"),
    colour: "#8a4b08",
    fill: `M4 7.2h8.6v8H4zM13.3 9.4h3.6l3.1 3v2.8h-6.7z${wheel(7.4, 16, 1.9)}${wheel(16.4, 16, 1.9)}`,
    words: ["truck", "lorry", "hgv", "lkw", "camion", "laster", "lastwagen", "vrachtwagen", "tipper", "tanker", "trailer", "tractor", "شاحنة"],
  },
  van: {
    label: t("vehicle-van"),
    colour: "#6a3fb5",
    fill: `M4 8h9.4c.8 0 1.4.3 1.9 1l3 3.6 1.7.6v2.5H4zM12.2 9.4v2.7h3.6l-2-2.4a.8.8 0 0 0-.6-.3z${wheel(7.6, 16, 1.9)}${wheel(16.4, 16, 1.9)}`,
    words: ["van", "minivan", "furgon", "fourgon", "transporter", "lieferwagen", "bestel", "ambulance", "فان"],
  },
  bus: {
    label: t("vehicle-bus"),
    colour: "#0b6e69",
    fill: `M4 7h14.6c.8 0 1.4.6 1.4 1.4v7.2H4zM5.6 8.7v2.7h3V8.7zM9.8 8.7v2.7h3V8.7zM14 8.7v2.7h4.4V8.7z${wheel(7.8, 16, 1.9)}${wheel(16.2, 16, 1.9)}`,
    words: ["bus", "minibus", "autobus", "coach", "حافلة", "باص"],
  },
  car: {
    label: t("vehicle-car"),
    colour: "#1d5fbf",
    fill: `M3.8 15.4v-2.8l2-.8L7.8 8.6h6.4l3.2 3.2 2.8.6v3zM8.6 9.8l-1.2 2h3.4v-2zM12 9.8v2h3.6l-2-2z${wheel(7.6, 15.6, 1.9)}${wheel(16.4, 15.6, 1.9)}`,
    words: ["car", "taxi", "cab", "sedan", "limousine", "suv", "pickup", "auto", "pkw", "voiture", "coche", "carro", "سيارة"],
  },
  motorcycle: {
    label: t("vehicle-motorcycle"),
    colour: "#a0206e",
    line: `${wheel(6.8, 15, 2.6)}${wheel(17.2, 15, 2.6)}M6.8 15l3-3.6h4.6l2.8 3.6M6 11.4h3.8M14.4 11.4l-1.2-3h2.4`,
    words: ["motor", "moto", "scooter", "moped", "roller", "دراجة نارية"],
  },
  bicycle: {
    label: t("vehicle-bicycle"),
    colour: "#3b6e0f",
    line: `${wheel(7, 14.6, 3.2)}${wheel(17, 14.6, 3.2)}M7 14.6l2.6-5h5l2.4 5M9.6 9.6l2.4 5 2.6-5M8.4 9.6h2.2M14.6 9.6l-.5-1.6h1.9`,
    words: ["bicycle", "bike", "ebike", "pedelec", "cargobike", "fahrrad", "rad", "velo", "bici", "fiets", "cycle", "دراجة"],
  },
  foot: {
    label: t("vehicle-foot"),
    colour: "#4a5865",
    line: `${wheel(12.6, 6.2, 1.2)}M12.2 9.4l-.6 4 2.2 2 .6 3.4M11.6 13.4l-1.4 2.4-1.6 2.6M12.2 9.4l2 2.4 2 .4M12.2 9.4l-2.4 1.4-.6 2.4`,
    words: ["foot", "walker", "walking", "pedestrian", "fuss", "fuß", "pied"],
  },
};

/** Some words begin as others do, such as "دراجة نارية" and "دراجة": the first kind counts. */
const ORDER = ["motorcycle", "bicycle", "truck", "van", "bus", "car", "foot"];

/** @type {Map<string, string | undefined>} */
const known = new Map();

/**
 * The kind of a type such as "Van 3.5 t", or undefined.
 * @param {string | undefined} type
 */
export function kindOf(type) {
  if (!type) return undefined;
  if (!known.has(type)) {
    const plain = type.normalize("NFKD").replaceAll(/\p{Mn}/gu, "").toLocaleLowerCase();
    const padded = ` ${plain.replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `;
    const has = (word) => (word.length < 5 ? padded.includes(` ${word} `) || padded.includes(` ${word}s `) : padded.includes(` ${word}`));
    known.set(type, ORDER.find((kind) => KINDS[kind].words.some(has)));
  }
  return known.get(type);
}

/** What a type is called: its kind, or the type itself.
 * @param {string | undefined} type */
export const labelOf = (type) => KINDS[kindOf(type) ?? ""]?.label ?? type ?? "";

/**
 * The picture of a kind for the page; it has no text, so a word has to stand next to it.
 * @param {string} kind
 */
export function kindIcon(kind) {
  const { colour, fill, line } = KINDS[kind];
  const svg = shape("svg", { viewBox: `0 0 ${BOX} ${BOX}`, class: "vehicle-kind", "aria-hidden": "true" });
  svg.dataset.kind = kind;
  svg.append(shape("circle", { cx: BOX / 2, cy: BOX / 2, r: BOX / 2, fill: colour }));
  const paint = fill ? { d: fill, fill: "#fff", "fill-rule": "evenodd" } : { d: line, fill: "none", stroke: "#fff", "stroke-width": 1.5, "stroke-linejoin": "round", "stroke-linecap": "round" };
  svg.append(shape("path", paint));
  return svg;
}

/** @returns {SVGElement} */
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/**
 * Draw the picture of a kind on a canvas whose origin is its middle, as wide as `size`.
 * @param {CanvasRenderingContext2D} context
 * @param {string} kind
 * @param {number} size
 */
export function drawKind(context, kind, size) {
  const { colour, fill, line } = KINDS[kind];
  context.save();
  context.scale(size / BOX, size / BOX);
  context.fillStyle = colour;
  context.beginPath();
  context.arc(0, 0, BOX / 2, 0, 2 * Math.PI);
  context.fill();
  context.translate(-BOX / 2, -BOX / 2);
  if (fill) {
    context.fillStyle = "#fff";
    context.fill(new Path2D(fill), "evenodd");
  } else {
    Object.assign(context, { strokeStyle: "#fff", lineWidth: 1.5, lineJoin: "round", lineCap: "round" });
    context.stroke(new Path2D(line));
  }
  context.restore();
}
