// Small charts, drawn as SVG. Each has an accessible label; a table next to it has the figures.

import { mirrored, t } from "../i18n/messages.js";
import * as text from "./text.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 100;

// Pixels are fewer than the positions of a day; of each column the fastest is drawn.
const COLUMNS = 600;

function shape(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

// Stretched to its box: lines keep their width, and words stand outside.
function picture(width, sentence, className) {
  const attributes = { viewBox: `0 0 ${width} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" };
  return shape("svg", { ...attributes, class: className, "aria-label": sentence });
}

// Bars for rows of {label, value}; `format` gives a value its unit. The hint of a bar is its label and value; `per` says
// what the bars are of.
export function bars(rows, name, format, per = "day") {
  const most = Math.max(...rows.map((row) => row.value), 0);
  const best = rows.find((row) => row.value === most);
  const sentence = most > 0 ? t("chart-bars", { name, per, most: format(most), label: best.label }) : t("chart-bars-none", { name, per });
  const svg = picture(rows.length, sentence, "bars");
  rows.forEach((row, index) => {
    const group = shape("g", {}, svg);
    shape("title", {}, group).textContent = `${row.label}: ${format(row.value)}`;
    // The hint is there above short bars too.
    shape("rect", { x: index, y: 0, width: 1, height: HEIGHT, class: "bar-room" }, group);
    const height = most > 0 ? (row.value / most) * (HEIGHT - 2) : 0;
    shape("rect", { x: index + 0.1, y: HEIGHT - height, width: 0.8, height, class: "bar-value" }, group);
  });
  return svg;
}

// The speed of a track over time, with its `silences` and `stops` as [from, to], and a line at the instant that is shown.
// {svg, top, show(time)}; a press or drag calls `seek(time)`.
export function speedChart(track, [from, to], { silences, stops }, seek) {
  const columns = fastest(track, from, to);
  const top = columns.reduce((most, [, speed]) => Math.max(most, speed), 0);
  const x = (time) => ((time - from) / (to - from || 1)) * COLUMNS;
  const words = [
    t("chart-speed", { speed: text.speed(top) }),
    track.measured ? t("chart-speed-calculated") : "",
    silences.length ? t("chart-speed-gaps", { count: silences.length }) : "",
  ];
  const svg = picture(COLUMNS, words.filter(Boolean).join(", "), "speeds");
  const band = ([start, end], className) =>
    shape("rect", { x: x(start), y: 0, width: Math.max(0, x(end) - x(start)), height: HEIGHT, class: className }, svg);
  for (const stop of stops) band(stop, "speeds-stop");
  for (const silence of silences) band(silence, "speeds-gap");
  shape("path", { d: outline(columns, silences, x, top), class: "speeds-line" }, svg);
  const mark = shape("line", { y1: 0, y2: HEIGHT, class: "speeds-mark" }, svg);

  const press = (event) => {
    if (!(event.buttons & 1)) return;
    const box = svg.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / (box.width || 1)));
    seek(from + (mirrored ? 1 - part : part) * (to - from));
  };
  svg.addEventListener("pointerdown", press);
  svg.addEventListener("pointermove", press);
  return {
    svg,
    top,
    show(time) {
      mark.setAttribute("x1", x(time));
      mark.setAttribute("x2", x(time));
    },
  };
}

// [[time, speed], …]: the fastest position of each column that has one.
function fastest(track, from, to) {
  const width = (to - from) / COLUMNS || 1;
  const columns = new Map();
  for (let index = 0; index < track.length; index += 1) {
    const speed = track.speeds[index];
    if (Number.isNaN(speed)) continue;
    const column = Math.floor((track.times[index] - from) / width);
    if (!(columns.get(column)?.[1] >= speed)) columns.set(column, [track.times[index], speed]);
  }
  return [...columns.values()].sort((a, b) => a[0] - b[0]);
}

function outline(columns, silences, x, top) {
  let drawn = "";
  let silence = 0;
  columns.forEach(([time, speed], index) => {
    const jump = silence < silences.length && silences[silence][1] <= time;
    while (silence < silences.length && silences[silence][1] <= time) silence += 1;
    const y = HEIGHT - 2 - (top > 0 ? (speed / top) * (HEIGHT - 4) : 0);
    drawn += `${index && !jump ? "L" : "M"}${x(time).toFixed(1)} ${y.toFixed(1)}`;
  });
  return drawn;
}
