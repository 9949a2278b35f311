// Figures per day and driver, as the recorder counts them: small charts of the fleet's days beside their table, a table of
// the drivers, and all of it as a file.

import { bars } from "../ui/charts.js";
import { between, isDay, shifted, utcDay } from "../ui/days.js";
import { download } from "../ui/download.js";
import { element, find } from "../ui/element.js";
import * as text from "../ui/text.js";

const PATH = "/api/v1/analytics/daily";
const PAGE = 1_000;

// A year of 500 drivers, or a month of 6,000.
const BOUND = 200_000;

// The hub answers no longer spans.
const MOST_DAYS = 366;

// Rows of drivers that are put on the page at a time.
const ROWS = 200;

const FIGURES = [
  { key: "distance", name: "Distance", format: text.distance },
  { key: "trips", name: "Trips", format: text.count },
  { key: "movingTime", name: "Moving time", format: text.duration },
  { key: "drivers", name: "Active drivers", format: text.count },
];

const COLUMNS = [
  { key: "name", name: "Driver" },
  { key: "distance", name: "Distance", format: text.distance },
  { key: "trips", name: "Trips", format: text.count },
  { key: "movingTime", name: "Moving time", format: text.duration },
  { key: "averageSpeed", name: "Average speed", format: text.speed },
  { key: "maxSpeed", name: "Top speed", format: text.speed },
];

// The columns of the file with their units, and what the API calls them.
const FILE = {
  day: "day",
  driver: "driverId",
  trips: "trips",
  distance_m: "distance",
  duration_s: "duration",
  moving_time_s: "movingTime",
  average_speed_m_s: "averageSpeed",
  max_speed_m_s: "maxSpeed",
};

export function mountAnalytics(root, { api, fleet, announce }) {
  const latest = (days) => ({ from: shifted(utcDay(fleet.now()), 1 - days), to: utcDay(fleet.now()) });
  let range = latest(7);
  let shown = null;
  let order = { key: "distance", up: false };
  let rows = ROWS;
  let loading = null;

  const presets = [7, 30].map((days) => {
    const set = () => choose(latest(days));
    return element("button", { type: "button", dataset: { days }, onclick: set }, `Last ${days} days`);
  });
  const from = element("input", { type: "date", id: "analytics-from", name: "from" });
  const to = element("input", { type: "date", id: "analytics-to", name: "to" });
  const complaint = element("p", { class: "figures-complaint", role: "alert" });
  const form = element(
    "form",
    { class: "figures-range", "aria-label": "Days to show", onsubmit: custom, noValidate: true },
    presets,
    element("label", { htmlFor: "analytics-from" }, "From"), from,
    element("label", { htmlFor: "analytics-to" }, "to"), to,
    element("button", { type: "submit" }, "Show"),
    complaint,
  );
  const save = element("button", { type: "button", onclick: saveFile }, "Save as CSV");
  const body = element("div", { class: "figures-body" });
  root.replaceChildren(
    element(
      "div",
      { class: "figures" },
      element("div", { class: "figures-head" }, element("h2", {}, "Analytics"), save),
      form,
      element("p", { class: "soft" }, "Days are those of UTC. A trip counts for the day on which it began."),
      body,
    ),
  );

  function custom(event) {
    event.preventDefault();
    const chosen = { from: from.value, to: to.value };
    complaint.textContent = wrongRange(chosen);
    if (!complaint.textContent) choose(chosen);
  }

  function choose(chosen) {
    range = chosen;
    load();
  }

  async function load() {
    loading?.abort();
    const { signal } = (loading = new AbortController());
    [from.value, to.value] = [range.from, range.to];
    complaint.textContent = "";
    for (const preset of presets) {
      const { from: first, to: last } = latest(Number(preset.dataset.days));
      preset.setAttribute("aria-pressed", String(range.from === first && range.to === last));
    }
    save.disabled = true;
    const status = element("p", { role: "status" }, "Loading the figures …");
    body.replaceChildren(status);
    const progress = (count) => (status.textContent = `Loading the figures … ${text.plural(count, "row")}`);
    try {
      const days = await api.all(PATH, "days", { ...range, by: "fleet", limit: PAGE }, { signal });
      const each = await api.all(PATH, "days", { ...range, limit: PAGE }, { signal, progress, bound: BOUND });
      shown = { ...range, days: days.items, each: each.items, more: each.more, drivers: summed(each.items) };
      rows = ROWS;
      save.disabled = each.items.length === 0;
      show();
      announce(`Figures of ${text.plural(shown.drivers.length, "driver")} are shown.`);
    } catch (error) {
      if (signal.aborted) return;
      const again = element("button", { type: "button", onclick: load }, "Retry");
      body.replaceChildren(element("div", { class: "notice bad", role: "alert" }, `${text.wrong(error)} `, again));
    }
  }

  function show() {
    if (shown.each.length === 0) return body.replaceChildren(nothing(shown));
    const bound = element(
      "p",
      { class: "notice", role: "status" },
      `These are too many days and drivers for one page: the tables and the file hold the first ${text.count(BOUND)} rows. `,
      "Choose fewer days to see all of them.",
    );
    body.replaceChildren(...(shown.more ? [bound] : []), fleetSection(shown), driversSection());
  }

  function driversSection() {
    const drivers = sorted(shown.drivers, order, fleet);
    const section = element("section", { class: "figures-drivers", "aria-labelledby": "figures-drivers" });
    const heads = COLUMNS.map(({ key, name }) => {
      const current = order.key === key;
      const arrow = element("span", { ariaHidden: "true" }, current ? (order.up ? " ▲" : " ▼") : "");
      const sort = element("button", { type: "button", class: "quiet", onclick: () => sortBy(key) }, name, arrow);
      const direction = current ? (order.up ? "ascending" : "descending") : "none";
      return element("th", { scope: "col", "aria-sort": direction, dataset: { key } }, sort);
    });
    const table = element(
      "table",
      { class: "figures-table" },
      element("caption", { class: "unseen" }, "Figures of each driver; the column headings sort"),
      element("thead", {}, element("tr", {}, heads)),
      element("tbody", {}, drivers.slice(0, rows).map((driver) => driverRow(driver, fleet))),
      element("tfoot", {}, totalRow(shown.drivers)),
    );
    const more = element(
      "p",
      { class: "figures-more" },
      `${text.count(rows)} of ${text.count(drivers.length)} drivers are shown. `,
      element("button", { type: "button", onclick: showMore }, `Show ${text.count(ROWS)} more`),
    );
    section.append(
      element("h3", { id: "figures-drivers" }, "Drivers"),
      scrollable(table, "Figures of each driver"),
      ...(drivers.length > rows ? [more] : []),
    );
    return section;
  }

  function sortBy(key) {
    order = order.key === key ? { key, up: !order.up } : { key, up: key === "name" };
    redrawDrivers();
    find(body, `th[data-key="${key}"] button`).focus();
  }

  function showMore() {
    rows += ROWS;
    redrawDrivers();
    find(body, `.figures-drivers tbody tr:nth-child(${rows - ROWS + 1}) a`).focus();
  }

  function redrawDrivers() {
    body.querySelector(".figures-drivers").replaceWith(driversSection());
  }

  function saveFile() {
    const blob = new Blob([csvOf(shown.each)], { type: "text/csv" });
    download(blob, `fleet-${shown.from}-${shown.to}.csv`);
  }

  load();
  return {
    destroy() {
      loading.abort();
      root.replaceChildren();
    },
  };
}

function wrongRange({ from, to }) {
  if (!isDay(from) || !isDay(to)) return "Choose a first and a last day.";
  if (from > to) return "The first day is after the last one.";
  if (shifted(from, MOST_DAYS - 1) < to) return `At most ${MOST_DAYS} days are shown at once.`;
  return "";
}

function nothing({ from, to }) {
  return element(
    "div",
    { class: "notice" },
    element("p", {}, element("strong", {}, from === to ? `No trips on ${text.day(from)}.` : `No trips from ${text.day(from)} to ${text.day(to)}.`)),
    element(
      "p",
      {},
      "Figures are made of trips, and a trip needs 500 m or five minutes of movement (unless the hub is set up otherwise). ",
      "A driver that only stands makes none. Positions that arrive late count for the day on which they were recorded.",
    ),
    element("p", {}, "Choose other days, or look at the map whether any driver is sending."),
  );
}

function fleetSection({ from, to, days }) {
  const found = new Map(days.map((row) => [row.day, row]));
  const none = { distance: 0, trips: 0, movingTime: 0, drivers: 0 };
  const every = between(from, to).map((day) => ({ ...none, ...found.get(day), day }));
  const charts = FIGURES.map(({ key, name, format }) => {
    const values = every.map((row) => ({ label: text.day(row.day), value: row[key] }));
    const sum = values.reduce((total, row) => total + row.value, 0);
    // Who drove on two days is not two drivers.
    const most = Math.max(...values.map((row) => row.value));
    const figure = key === "drivers" ? `at most ${format(most)}` : format(sum);
    return element(
      "figure",
      { class: "figures-chart" },
      element("figcaption", {}, name, element("strong", {}, figure)),
      bars(values, name, format),
      element("p", { class: "figures-ends", ariaHidden: "true" }, ...ends(from, to)),
    );
  });
  const table = element(
    "table",
    { class: "figures-table" },
    element("caption", { class: "unseen" }, "Figures of the fleet, per day"),
    element("thead", {}, element("tr", {}, ["Day", ...FIGURES.map(({ name }) => name)].map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, every.toReversed().map((row) => element(
      "tr",
      { dataset: { day: row.day } },
      element("th", { scope: "row" }, text.day(row.day)),
      FIGURES.map(({ key, format }) => element("td", { dataset: { key } }, format(row[key]))),
    ))),
  );
  return element(
    "section",
    { class: "figures-fleet", "aria-labelledby": "figures-fleet" },
    element("h3", { id: "figures-fleet" }, "The fleet, day by day"),
    element("div", { class: "figures-days" }, element("div", { class: "figures-charts" }, charts), scrollable(table, "Figures of the fleet, per day")),
  );
}

function ends(from, to) {
  const days = from === to ? [from] : [from, to];
  return days.map((day) => element("span", {}, text.shortDay(day)));
}

// A table that is wider than its window scrolls by itself, by keys too.
function scrollable(table, name) {
  return element("div", { class: "figures-scroll", role: "region", ariaLabel: name, tabIndex: 0 }, table);
}

function driverRow(driver, fleet) {
  const link = element("a", { href: `#/drivers/${encodeURIComponent(driver.driverId)}`, dir: "auto" }, fleet.nameOf(driver.driverId));
  const cells = COLUMNS.slice(1).map(({ key, format }) => element("td", { dataset: { key } }, format(driver[key])));
  return element("tr", { dataset: { driver: driver.driverId } }, element("th", { scope: "row", title: driver.driverId }, link), cells);
}

function totalRow(drivers) {
  const total = drivers.reduce(add, blank(""));
  total.averageSpeed = averageOf(total);
  const cells = COLUMNS.slice(1).map(({ key, format }) => element("td", { dataset: { key } }, format(total[key])));
  return element("tr", {}, element("th", { scope: "row" }, `All ${text.plural(drivers.length, "driver")}`), cells);
}

const blank = (driverId) => ({ driverId, distance: 0, trips: 0, duration: 0, movingTime: 0, maxSpeed: 0 });

function add(sum, row) {
  for (const key of ["distance", "trips", "duration", "movingTime"]) sum[key] += row[key];
  sum.maxSpeed = Math.max(sum.maxSpeed, row.maxSpeed);
  return sum;
}

const averageOf = ({ distance, duration }) => (duration > 0 ? distance / duration : undefined);

// The days of each driver as one row.
function summed(each) {
  const drivers = new Map();
  for (const row of each) {
    if (!drivers.has(row.driverId)) drivers.set(row.driverId, blank(row.driverId));
    add(drivers.get(row.driverId), row);
  }
  return [...drivers.values()].map((driver) => ({ ...driver, averageSpeed: averageOf(driver) }));
}

function sorted(drivers, { key, up }, fleet) {
  const value = key === "name" ? (driver) => fleet.nameOf(driver.driverId) : (driver) => driver[key] ?? -1;
  const compare = key === "name" ? new Intl.Collator(undefined, { numeric: true }).compare : (a, b) => a - b;
  const keyed = drivers.map((driver) => [value(driver), driver]);
  keyed.sort((a, b) => (up ? 1 : -1) * compare(a[0], b[0]) || (a[1].driverId < b[1].driverId ? -1 : 1));
  return keyed.map(([, driver]) => driver);
}

// One line per day and driver, in the units and digits of the API. Days, ids and numbers hold nothing to be quoted.
function csvOf(each) {
  const lines = [Object.keys(FILE).join(",")];
  for (const row of each) lines.push(Object.values(FILE).map((key) => row[key] ?? "").join(","));
  return `${lines.join("\r\n")}\r\n`;
}
