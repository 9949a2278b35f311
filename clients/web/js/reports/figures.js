// What is shown of the rows of a report: cells in words, and the sums of its chart. Nothing here touches the page.

import { tOr } from "../i18n/messages.js";
import { placeWords } from "../places/words.js";
import { between } from "../ui/days.js";
import * as text from "../ui/text.js";

/** Bars of a chart of drivers. */
const MOST_BARS = 40;

/**
 * @typedef {{name: string, title: string, kind: string, unit: string}} Column
 * @typedef {{kind: string, title: string, about: string, columns: Column[], chart: string, by: string}} Report
 */

/** Kind of a column -> its values in words. @type {Record<string, (value: any) => string>} */
const FORMATS = {
  day: text.day,
  instant: text.instant,
  duration: text.duration,
  distance: text.distance,
  speed: text.speed,
  count: text.count,
};

/** Columns that only files have: ids and coordinates. */
const FILES_ONLY = new Set(["id", "degrees"]);

/** The title of a report in the language of the page; that of the API is English.
 * @param {{kind: string, title: string}} report */
export const reportTitle = ({ kind, title }) => tOr(`report-${kind}`, title);

/** @param {Report} report */
export const reportAbout = ({ kind, about }) => tOr(`report-${kind}-about`, about);

/** The heading of a column; some columns are called otherwise in one report.
 * @param {{kind: string}} report
 * @param {{name: string, title: string}} column */
export const titleOf = ({ kind }, { name, title }) => tOr(`report-${kind}-${name}`, tOr(`report-column-${name}`, title));

/** @param {Report} report */
export const columnsShown = (report) => report.columns.filter(({ kind }) => !FILES_ONLY.has(kind));

/** @param {Report} report */
export const columnsOfFiles = (report) => report.columns.filter(({ kind }) => FILES_ONLY.has(kind));

/** Columns whose texts are words of the hub, and not of users. */
const WORDS = new Set(["cause", "exitCause", "severity", "state", "kind"]);

/**
 * The value of a row in words. The text of a place is English and in kilometres, as in files: the page makes its own of what
 * the place consists of.
 * @param {Column} column
 * @param {any} row
 */
export const shownOf = (column, row) => placeWords(row.places?.[column.name]) || shown(column, row[column.name]);

/**
 * A value in words.
 * @param {Column} column
 * @param {any} value
 */
export function shown({ kind, name }, value) {
  if (value === undefined || value === "") return text.UNKNOWN;
  if (WORDS.has(name)) return tOr(`report-word-${value.replaceAll(/[._]/g, "-")}`, inWords(value));
  return FORMATS[kind]?.(value) ?? String(value);
}

/** @param {string} value a word of the hub, such as first_seen */
function inWords(value) {
  const words = value.replace(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The bars of a report: the sum of its column of each day, or of the drivers with the most, and of how many.
 * @param {Report} report
 * @param {any[]} rows
 * @param {{from: string, to: string}} range
 */
export function chartOf(report, rows, { from, to }) {
  const column = report.columns.find(({ name }) => name === report.chart);
  const byDay = report.by === "day";
  const sums = new Map(byDay ? between(from, to).map((day) => [day, 0]) : []);
  const names = new Map();
  for (const row of rows) {
    const key = byDay ? row.day : row.driverId;
    names.set(key, row.driverName);
    sums.set(key, (sums.get(key) ?? 0) + (column ? (row[column.name] ?? 0) : 1));
  }
  let bars = [...sums].map(([key, value]) => ({ label: byDay ? text.day(key) : names.get(key), value }));
  if (!byDay) bars = bars.sort((a, b) => b.value - a.value).slice(0, MOST_BARS);
  const format = column ? FORMATS[column.kind] : text.count;
  const sum = [...sums.values()].reduce((all, value) => all + value, 0);
  return { name: column ? titleOf(report, column) : reportTitle(report), bars, count: sums.size, format, sum: format(sum), per: report.by };
}
