// Reports: a kind, drivers and days are chosen; a chart and a table show the rows, which files have, too.

import { suggestDrivers } from "../manage/suggestions.js";
import { bars } from "../ui/charts.js";
import { dayIn } from "../ui/days.js";
import { download } from "../ui/download.js";
import { element, find } from "../ui/element.js";
import { html, nothing, renderer } from "../ui/html.js";
import * as text from "../ui/text.js";
import { addressOf, choiceOf, latest, limitOf, paramsOf, typedLimit, wrongChoice } from "./choice.js";
import { chartOf, columnsOfFiles, columnsShown, shown } from "./figures.js";
import { mountSchedules } from "./schedules.js";

export const PATH = "/api/v1/reports";
const PAGE = 1_000;

/** Rows that are loaded for the page; files have all. */
const BOUND = 20_000;

/** Rows that are put on the page at a time; printing shows all. */
const ROWS = 200;

const FILES = [
  { extension: "csv", title: "CSV", media: "text/csv" },
  { extension: "xlsx", title: "Excel", media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
];

const TIME_WORDS = new Set(["instant", "day", "text"]);

export function mountReports(root, context, kind, query) {
  const { api, fleet, announce, session } = context;
  const today = () => dayIn(fleet.now(), session.timeZone);
  const draw = renderer(root);
  /** Below the report, and not drawn with it: its table draws itself. */
  const schedules = element("section", { class: "figures report-schedules unprinted", "aria-label": "Reports by e-mail" });
  let listed = /** @type {{destroy: () => void} | null} */ (null);
  let choice = choiceOf(kind, query, today());
  let complaint = "";
  /** What there is to choose from. */
  let reports = [];
  let groups = [];
  let offered = [];
  let rows = ROWS;
  /** `{status}`, `{error}`, or `{report, items, more, chart}`. */
  let state = /** @type {any} */ ({ status: "Loading …" });
  let loading = /** @type {AbortController | null} */ (null);

  function show(change) {
    if (change) state = change;
    draw(page());
  }

  async function load() {
    loading?.abort();
    const { signal } = (loading = new AbortController());
    [complaint, rows] = [wrongChoice(choice), ROWS];
    if (complaint) return show();
    history.replaceState(null, "", addressOf(choice));
    const report = reports.find((each) => each.kind === choice.kind) ?? reports[0];
    choice = { ...choice, kind: report.kind };
    show({ status: "Loading the rows …" });
    const progress = (count) => show({ status: `Loading the rows … ${text.count(count)}` });
    try {
      const found = await api.all(`${PATH}/${report.kind}`, "rows", { ...paramsOf(choice), limit: PAGE }, { signal, progress, bound: BOUND });
      show({ report, ...found, chart: drawn(chartOf(report, found.items, choice)) });
      announce(`${text.plural(found.items.length, "row")} loaded.`);
    } catch (error) {
      if (!signal.aborted) show({ error });
    }
  }

  function submit(event) {
    event.preventDefault();
    choose(event.target);
  }

  /** Loads what a form has, with other days where they are given. */
  function choose(form, days = { from: form.elements.from.value, to: form.elements.to.value }) {
    const { kind: chosen, driver, group, speed } = form.elements;
    addDriver(driver);
    const limit = speed ? limitOf(speed.value) : choice.speedLimit;
    choice = { ...choice, ...days, kind: chosen.value, group: group?.value ?? "", speedLimit: limit ?? null };
    if (limit === undefined) {
      complaint = "The limit must be a number of km/h, or empty for the limits of the fences.";
      show();
      return;
    }
    load();
  }

  /** Adds what a field has to the drivers, and empties it. */
  function addDriver(input) {
    const ids = input.value.split(/[\s,]+/).filter((id) => id && !choice.drivers.includes(id));
    choice = { ...choice, drivers: [...choice.drivers, ...ids] };
    input.value = "";
    show();
  }

  function driverKey(event) {
    if (event.key !== "Enter" || !event.target.value.trim()) return;
    event.preventDefault();
    addDriver(event.target);
  }

  function removeDriver(id) {
    choice = { ...choice, drivers: choice.drivers.filter((each) => each !== id) };
    show();
    find(root, "#report-driver").focus();
  }

  async function suggest(event) {
    try {
      offered = await suggestDrivers(api, event.target.value.trim());
      show();
    } catch (error) {
      // Ids can be typed without suggestions; loading reports errors.
      if (error.status === undefined) throw error;
    }
  }

  function showMore() {
    rows += ROWS;
    show();
    find(root, `.report-table tbody tr:nth-child(${rows - ROWS + 1}) a`).focus();
  }

  async function save({ extension, media, title }) {
    announce(`The ${title} file is being written.`);
    complaint = "";
    try {
      const response = await api.raw(`${PATH}/${choice.kind}`, { ...paramsOf(choice), format: extension }, media);
      download(await response.blob(), `${choice.kind}-${choice.from}-${choice.to}.${extension}`);
    } catch (error) {
      complaint = text.wrong(error);
      show();
    }
  }

  /** Paper has all rows. */
  function onPaper({ type }) {
    rows = type === "beforeprint" ? Infinity : ROWS;
    show();
  }

  const page = () => html`<div class="figures report">
    <div class="figures-head unprinted">
      <h2>Reports</h2>
      <div class="report-files">
        ${FILES.map((file) => html`<button type="button" ?disabled=${!state.items?.length} @click=${() => save(file)}>${file.title}</button>`)}
        <button type="button" ?disabled=${!state.items?.length} @click=${() => print()}>Print</button>
      </div>
    </div>
    ${reports.length ? form() : nothing}
    <div class="figures-body">${body()}</div>
  </div>`;

  const form = () => html`<form class="report-choice unprinted" aria-label="Choose a report" novalidate @submit=${submit}>
    <div class="field"><label for="report-kind">Report</label>
      <select id="report-kind" name="kind" @change=${(event) => choose(event.target.form)}>
        ${reports.map((each) => html`<option value=${each.kind} ?selected=${each.kind === choice.kind}>${each.title}</option>`)}
      </select></div>
    <div class="field"><label for="report-from">From</label><input type="date" id="report-from" name="from" .value=${choice.from}></div>
    <div class="field"><label for="report-to">To</label><input type="date" id="report-to" name="to" .value=${choice.to}></div>
    ${groups.length
      ? html`<div class="field"><label for="report-group">Group</label>
          <select id="report-group" name="group">
            <option value="">All groups</option>
            ${groups.map((name) => html`<option value=${name} ?selected=${name === choice.group}>${name}</option>`)}
          </select></div>`
      : nothing}
    <div class="field"><label for="report-driver">Drivers</label>
      <input id="report-driver" name="driver" list="report-offered" autocomplete="off" dir="auto" aria-describedby="report-drivers"
        placeholder=${choice.drivers.length ? "" : "All drivers"} @keydown=${driverKey} @focus=${suggest} @input=${suggest}>
      <datalist id="report-offered">${offered.map(([id, name]) => html`<option value=${id}>${name}</option>`)}</datalist></div>
    ${choice.kind === "speeding"
      ? html`<div class="field"><label for="report-speed">Limit in km/h</label>
          <input id="report-speed" name="speed" inputmode="decimal" .value=${typedLimit(choice.speedLimit)} placeholder="Of the fences"></div>`
      : nothing}
    <div class="report-buttons">
      <button type="submit" class="primary">Show</button>
      ${[7, 30].map((days) => html`<button type="button" @click=${(event) => choose(event.target.form, latest(days, today()))}>Last ${days} days</button>`)}
    </div>
    <ul id="report-drivers" class="report-drivers" aria-label="Chosen drivers">${choice.drivers.map(
      (id) => html`<li><bdi>${fleet.nameOf(id)}</bdi> <button type="button" class="quiet" aria-label="Remove ${fleet.nameOf(id)}" @click=${() => removeDriver(id)}>✕</button></li>`,
    )}</ul>
    <p class="complaint" role="alert">${complaint}</p>
  </form>`;

  function body() {
    if (state.status) return html`<p role="status">${state.status}</p>`;
    if (state.error) {
      return html`<div class="notice bad" role="alert">${text.wrong(state.error)} <button type="button" @click=${reports.length ? load : begin}>Retry</button></div>`;
    }
    const { report, items, more } = state;
    const days = choice.from === choice.to ? text.day(choice.from) : `${text.day(choice.from)} – ${text.day(choice.to)}`;
    return html`<section aria-labelledby="report-title">
      <h3 id="report-title">${report.title}, ${days}</h3>
      <p class="soft">${report.about} Days and times are those of the time zone ${session.timeZone}.${who()}</p>
      ${more ? html`<p class="notice" role="status">More than ${text.count(BOUND)} rows: the chart and the table have the first of them, the files have all.</p>` : nothing}
      ${items.length ? filled() : html`<p class="notice">No rows for this choice. Choose other days or drivers.</p>`}
    </section>`;
  }

  function who() {
    const parts = [];
    if (choice.drivers.length) parts.push(`Drivers: ${choice.drivers.map(fleet.nameOf).join(", ")}.`);
    if (choice.group) parts.push(`Group: ${choice.group}.`);
    return parts.length ? ` ${parts.join(" ")}` : "";
  }

  function filled() {
    const { report, items, chart } = state;
    const columns = columnsShown(report);
    const hidden = columnsOfFiles(report).map(({ title }) => title);
    return html`<figure class="figures-chart report-chart"><figcaption>${chart.name}<strong>${chart.sum}</strong></figcaption>${chart.picture}</figure>
      <div class="figures-scroll" role="region" aria-label=${report.title} tabindex="0"><table class="figures-table report-table">
        <caption class="unseen">${report.title}</caption>
        <thead><tr>${columns.map((column) => html`<th scope="col" class=${align(column)}>${column.title}</th>`)}</tr></thead>
        <tbody>${items.slice(0, rows).map((row) => html`<tr>${columns.map((column) => cell(column, row))}</tr>`)}</tbody>
      </table></div>
      ${items.length > rows
        ? html`<p class="figures-more unprinted">${text.count(rows)} of ${text.count(items.length)} rows are shown. <button type="button" @click=${showMore}>Show ${text.count(ROWS)} more</button></p>`
        : nothing}
      ${hidden.length ? html`<p class="soft unprinted">The files also have: ${hidden.join(", ")}.</p>` : nothing}`;
  }

  async function begin() {
    show({ status: "Loading …" });
    try {
      const [known, grouped] = await Promise.all([api.get(PATH), api.get("/api/v1/fleet/groups")]);
      reports = known.data.reports;
      groups = grouped.data.groups.map(({ name }) => name);
      if (session.state.open || session.state.user?.role === "admin") {
        root.append(schedules);
        listed ??= mountSchedules(schedules, context, { reports, groups, choice: () => choice });
      }
      await load();
    } catch (error) {
      show({ error });
    }
  }

  for (const type of ["beforeprint", "afterprint"]) addEventListener(type, onPaper);
  begin();
  return {
    destroy() {
      for (const type of ["beforeprint", "afterprint"]) removeEventListener(type, onPaper);
      loading?.abort();
      listed?.destroy();
    },
  };
}

/** The chart with its picture, drawn once. */
const drawn = (chart) => ({ ...chart, picture: bars(chart.bars, chart.name, chart.format, chart.per) });

const align = ({ kind }) => (TIME_WORDS.has(kind) ? "words" : "");

function cell(column, row) {
  const value = row[column.name];
  if (column.name === "driverName") {
    return html`<td class="words"><a href="#/drivers/${encodeURIComponent(row.driverId)}" dir="auto" title=${row.driverId}>${value}</a></td>`;
  }
  const words = shown(column, value);
  if (column.kind === "instant" && value) return html`<td class="words"><time datetime=${value} title=${text.utc(value)}>${words}</time></td>`;
  return html`<td class=${align(column)} dir=${column.kind === "text" ? "auto" : nothing}>${words}</td>`;
}
