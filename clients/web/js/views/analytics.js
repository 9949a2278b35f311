// Figures per day and driver, as the recorder counts them: charts and a table of the fleet's days, a table of the drivers,
// and a file.

import { t } from "../i18n/messages.js";
import { bars } from "../ui/charts.js";
import { dayIn, shifted } from "../ui/days.js";
import { download } from "../ui/download.js";
import { find } from "../ui/element.js";
import { html, nothing, renderer } from "../ui/html.js";
import * as text from "../ui/text.js";
import { csvOf, ends, everyDay, perDriver, sorted, total, wrongRange } from "./daily-figures.js";

const PATH = "/api/v1/analytics/daily";
const PAGE = 1_000;

/** Rows of days and drivers that are loaded: a year of 500 drivers, or a month of 6,000. */
const BOUND = 200_000;

/** Rows of drivers that are put on the page at a time. */
const ROWS = 200;

const FIGURES = [
  { key: "distance", name: t("figure-distance"), format: text.distance },
  { key: "trips", name: t("figure-trips"), format: text.count },
  { key: "movingTime", name: t("figure-moving-time"), format: text.duration },
  { key: "drivers", name: t("figure-active-drivers"), format: text.count },
];

const COLUMNS = [
  { key: "distance", name: t("figure-distance"), format: text.distance },
  { key: "trips", name: t("figure-trips"), format: text.count },
  { key: "movingTime", name: t("figure-moving-time"), format: text.duration },
  { key: "averageSpeed", name: t("figure-average-speed"), format: text.speed },
  { key: "maxSpeed", name: t("figure-top-speed"), format: text.speed },
];

export function mountAnalytics(root, { api, fleet, announce }) {
  /** The time zone of the fleet, by which the hub sums up days. */
  let zone = "UTC";
  const today = () => dayIn(fleet.now(), zone);
  const latest = (days) => ({ from: shifted(today(), 1 - days), to: today() });
  const draw = renderer(root);
  let range = latest(7);
  let complaint = "";
  let order = { key: "distance", up: false };
  let rows = ROWS;
  /** `{status}`, `{error}`, or the figures. */
  let state = null;
  let loading = null;
  const ended = new AbortController();

  function show(change) {
    if (change) state = change;
    draw(page());
  }

  async function load(chosen) {
    loading?.abort();
    const { signal } = (loading = new AbortController());
    [range, complaint, rows] = [chosen, "", ROWS];
    show({ status: t("figures-loading") });
    const progress = (count) => show({ status: t("figures-loading-count", { count }) });
    try {
      const days = await api.all(PATH, "days", { ...chosen, by: "fleet", limit: PAGE }, { signal });
      const each = await api.all(PATH, "days", { ...chosen, limit: PAGE }, { signal, progress, bound: BOUND });
      const drivers = perDriver(each.items);
      show({ each: each.items, more: each.more, drivers, days: charted(everyDay(chosen, days.items)) });
      announce(t("figures-loaded", { drivers: t("count-drivers", { count: drivers.length }) }));
    } catch (error) {
      if (!signal.aborted) show({ error });
    }
  }

  function submit(event) {
    event.preventDefault();
    const { from, to } = event.target;
    const chosen = { from: from.value, to: to.value };
    complaint = wrongRange(chosen);
    if (complaint) show();
    else load(chosen);
  }

  function sortBy(key) {
    order = order.key === key ? { key, up: !order.up } : { key, up: key === "name" };
    show();
  }

  function showMore() {
    rows += ROWS;
    show();
    find(root, `.figures-drivers tbody tr:nth-child(${rows - ROWS + 1}) a`).focus();
  }

  const saveFile = () => download(new Blob([csvOf(state.each)], { type: "text/csv" }), `fleet-${range.from}-${range.to}.csv`);

  const page = () => html`<div class="figures">
    <div class="figures-head">
      <h2>${t("analytics")}</h2>
      <button type="button" ?disabled=${!state.each?.length} @click=${saveFile}>${t("save-csv")}</button>
    </div>
    <form class="figures-range" aria-label=${t("figures-days")} novalidate @submit=${submit}>
      ${[7, 30].map(preset)}
      <label for="analytics-from">${t("from")}</label>
      <input type="date" id="analytics-from" name="from" .value=${range.from}>
      <label for="analytics-to">${t("figures-to")}</label>
      <input type="date" id="analytics-to" name="to" .value=${range.to}>
      <button type="submit">${t("report-show")}</button>
      <p class="figures-complaint" role="alert">${complaint}</p>
    </form>
    <p class="soft">${t("figures-zone", { zone })}</p>
    <div class="figures-body">${body()}</div>
  </div>`;

  function preset(days) {
    const chosen = latest(days);
    const pressed = range.from === chosen.from && range.to === chosen.to;
    return html`<button type="button" data-days=${days} aria-pressed=${pressed} @click=${() => load(latest(days))}>${t("report-last-days", { days })}</button>`;
  }

  function body() {
    if (state.status) return html`<p role="status">${state.status}</p>`;
    if (state.error) {
      return html`<div class="notice bad" role="alert">${text.wrong(state.error)} <button type="button" @click=${() => load(range)}>${t("retry")}</button></div>`;
    }
    if (state.each.length === 0) return empty(range);
    return html`${state.more ? bound : nothing}${fleetSection(range, state.days)}${driversSection()}`;
  }

  function driversSection() {
    const drivers = sorted(state.drivers, order, fleet.nameOf);
    const table = html`<table class="figures-table">
      <caption class="unseen">${t("figures-drivers-caption")}</caption>
      <thead><tr>${[{ key: "name", name: t("column-driver") }, ...COLUMNS].map(heading)}</tr></thead>
      <tbody>${drivers.slice(0, rows).map((driver) => driverRow(driver, fleet.nameOf(driver.driverId)))}</tbody>
      <tfoot><tr><th scope="row">${t("figures-all-drivers", { count: drivers.length })}</th>${cells(COLUMNS, total(drivers))}</tr></tfoot>
    </table>`;
    return html`<section class="figures-drivers" aria-labelledby="figures-drivers">
      <h3 id="figures-drivers">${t("drivers")}</h3>
      ${scrollable(table, t("figures-each-driver"))}
      ${drivers.length > rows ? more(drivers.length) : nothing}
    </section>`;
  }

  function heading({ key, name }) {
    const current = order.key === key;
    const direction = current ? (order.up ? "ascending" : "descending") : "none";
    return html`<th scope="col" aria-sort=${direction} data-key=${key}>
      <button type="button" class="quiet" @click=${() => sortBy(key)}>${name}<span aria-hidden="true">${current ? (order.up ? " ▲" : " ▼") : ""}</span></button>
    </th>`;
  }

  const more = (count) => html`<p class="figures-more">
    ${t("figures-drivers-shown", { shown: rows, count })}
    <button type="button" @click=${showMore}>${t("show-count-more", { count: ROWS })}</button>
  </p>`;

  async function begin() {
    zone = (await api.get(PATH, { by: "fleet", limit: 1 })).data.timeZone;
    if (!ended.signal.aborted) await load(latest(7));
  }

  // A failure comes again in `load`, which shows it.
  begin().catch(() => (ended.signal.aborted ? undefined : load(range)));
  return {
    destroy() {
      ended.abort();
      loading?.abort();
    },
  };
}

/** The days, and the chart of each figure, drawn once: sorting the drivers changes none of them. */
function charted(days) {
  return {
    rows: days,
    charts: FIGURES.map(({ key, name, format }) => {
      const values = days.map((row) => ({ label: text.day(row.day), value: row[key] }));
      // The same driver on two days is one driver.
      const most = t("figures-at-most", { value: format(Math.max(...values.map((row) => row.value))) });
      const figure = key === "drivers" ? most : format(values.reduce((sum, row) => sum + row.value, 0));
      return { name, figure, picture: bars(values, name, format) };
    }),
  };
}

const bound = html`<p class="notice" role="status">${t("figures-bound", { count: BOUND })}</p>`;

const empty = ({ from, to }) => html`<div class="notice">
  <p><strong>${from === to ? t("figures-none-day", { day: text.day(from) }) : t("figures-none-days", { from: text.day(from), to: text.day(to) })}</strong></p>
  <p>${t("figures-none-about")}</p>
  <p>${t("figures-none-advice")}</p>
</div>`;

function fleetSection(range, { rows, charts }) {
  const table = html`<table class="figures-table">
    <caption class="unseen">${t("figures-fleet-caption")}</caption>
    <thead><tr>${[t("report-column-day"), ...FIGURES.map(({ name }) => name)].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rows.toReversed().map((row) => html`<tr data-day=${row.day}><th scope="row">${text.day(row.day)}</th>${cells(FIGURES, row)}</tr>`)}</tbody>
  </table>`;
  return html`<section class="figures-fleet" aria-labelledby="figures-fleet">
    <h3 id="figures-fleet">${t("figures-fleet")}</h3>
    <div class="figures-days">
      <div class="figures-charts">${charts.map(({ name, figure, picture }) => html`<figure class="figures-chart">
        <figcaption>${name}<strong>${figure}</strong></figcaption>
        ${picture}
        <p class="figures-ends" aria-hidden="true">${ends(range).map((day) => html`<span>${day}</span>`)}</p>
      </figure>`)}</div>
      ${scrollable(table, t("figures-fleet-caption"))}
    </div>
  </section>`;
}

// A table that is wider than its window scrolls by itself, by keys too.
const scrollable = (table, name) => html`<div class="figures-scroll" role="region" aria-label=${name} tabindex="0">${table}</div>`;

const cells = (columns, row) => columns.map(({ key, format }) => html`<td data-key=${key}>${format(row[key])}</td>`);

const driverRow = (driver, name) => html`<tr data-driver=${driver.driverId}>
  <th scope="row" title=${driver.driverId}><a href="#/drivers/${encodeURIComponent(driver.driverId)}" dir="auto">${name}</a></th>
  ${cells(COLUMNS, driver)}
</tr>`;
