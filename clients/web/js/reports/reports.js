// Reports: a kind, drivers and days are chosen; a chart and a table show the rows, which files have, too.

import { t } from "../i18n/messages.js";
import { bars } from "../ui/charts.js";
import { dayIn } from "../ui/days.js";
import { download } from "../ui/download.js";
import { element, find } from "../ui/element.js";
import { field, problemLine } from "../ui/fields.js";
import { html, nothing, renderer } from "../ui/html.js";
import { suggestDrivers } from "../ui/suggestions.js";
import * as text from "../ui/text.js";
import { SPEED } from "../ui/units.js";
import { addressOf, choiceOf, latest, limitOf, paramsOf, typedLimit, wrongChoice } from "./choice.js";
import { chartOf, columnsOfFiles, columnsShown, reportAbout, reportTitle, shownOf, titleOf } from "./figures.js";
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
  /** The view's own: the next view replaces it, also while requests are under way. */
  const own = element("div");
  root.replaceChildren(own);
  const draw = renderer(own);
  const ended = new AbortController();
  /** Below the report, and not drawn with it: its table draws itself. */
  const schedules = element("section", { class: "figures report-schedules unprinted", "aria-label": t("reports-mail") });
  const problem = problemLine();
  let listed = /** @type {{destroy: () => void} | null} */ (null);
  let choice = choiceOf(kind, query, today());
  /** What there is to choose from, and the fields, once it is known. */
  let reports = [];
  let groups = [];
  let fields = /** @type {any} */ (null);
  let rows = ROWS;
  let printed = false;
  /** `{}`, `{status}`, `{error}`, or what is shown: `{choice, report, items, more, chart}`. */
  let state = /** @type {any} */ ({ status: t("loading") });
  let loading = /** @type {AbortController | null} */ (null);

  function show(change) {
    if (change) state = change;
    draw(page());
    measure();
  }

  /** Says so where the table has more columns than are in sight. */
  function measure() {
    const [frame, words] = [find(own, ".report .figures-scroll"), find(own, ".report-wide")];
    if (frame && words) words.hidden = frame.scrollWidth <= frame.clientWidth;
  }

  async function load() {
    loading?.abort();
    const { signal } = (loading = new AbortController());
    [rows, problem.textContent] = [ROWS, ""];
    if (!suitable()) return show(state.items ? state : {});
    const report = reports.find((each) => each.kind === choice.kind) ?? reports[0];
    choice = { ...choice, kind: report.kind };
    const asked = choice;
    history.replaceState(null, "", addressOf(asked));
    showFields();
    show({ status: t("reports-loading") });
    const progress = (count) => show({ status: t("reports-loading-count", { count: text.count(count) }) });
    try {
      const found = await api.all(`${PATH}/${report.kind}`, "rows", { ...paramsOf(asked), limit: PAGE }, { signal, progress, bound: BOUND });
      show({ choice: asked, report, ...found, chart: drawn(chartOf(report, found.items, asked)) });
      announce(t("reports-loaded", { count: found.items.length }));
    } catch (error) {
      if (!signal.aborted) show({ error });
    }
  }

  /** Whether the days can be shown; if not, their field says why. */
  function suitable() {
    const wrong = wrongChoice(choice);
    for (const each of ["from", "to"]) fields[each].complain(wrong?.field === each ? wrong.words : "");
    return !wrong;
  }

  function submit(event) {
    event.preventDefault();
    choose();
  }

  /** Loads what the form has, with other days where they are given. */
  function choose(days = { from: fields.from.value, to: fields.to.value }) {
    addDriver();
    const [chosen, limit] = [fields.kind.value, limitOf(fields.speed.value, choice.speedLimit)];
    const speeding = chosen === "speeding";
    if (speeding && limit === undefined) {
      fields.speed.element.hidden = false;
      fields.speed.complain(t("report-limit-wrong", { unit: SPEED.name }));
    } else {
      choice = { ...choice, ...days, kind: chosen, group: fields.group.value, speedLimit: speeding ? limit : choice.speedLimit };
      load();
    }
    find(own, "[aria-invalid]")?.focus();
  }

  /** Adds what the field has to the drivers, and empties it. */
  function addDriver() {
    const ids = fields.driver.value.split(/[\s,]+/).filter((id) => id && !choice.drivers.includes(id));
    choice = { ...choice, drivers: [...choice.drivers, ...ids] };
    fields.driver.value = "";
    show();
  }

  function driverKey(event) {
    if (event.key !== "Enter" || !fields.driver.value) return;
    event.preventDefault();
    addDriver();
  }

  function removeDriver(id) {
    choice = { ...choice, drivers: choice.drivers.filter((each) => each !== id) };
    show();
    fields.driver.focus();
  }

  function showMore() {
    const first = rows + 1;
    rows += ROWS;
    show();
    find(own, `.report-table tbody tr:nth-child(n + ${first}) a`)?.focus();
  }

  async function save({ extension, media, title }) {
    const saved = state.choice;
    announce(t("report-file-written", { title }));
    problem.textContent = "";
    try {
      const response = await api.raw(`${PATH}/${saved.kind}`, { ...paramsOf(saved), format: extension }, media);
      download(await response.blob(), `${saved.kind}-${saved.from}-${saved.to}.${extension}`);
    } catch (error) {
      if (ended.signal.aborted) announce(inWords(error));
      else problem.textContent = inWords(error);
    }
  }

  /** Paper has all rows. */
  function onPaper({ type }) {
    printed = type === "beforeprint";
    show();
  }

  function makeFields() {
    const named = choice.group && !groups.includes(choice.group) ? [...groups, choice.group] : groups;
    fields = {
      kind: field(t("report"), { options: reports.map((each) => [each.kind, reportTitle(each)]), onchange: () => choose() }),
      from: field(t("from"), { type: "date" }),
      to: field(t("to"), { type: "date" }),
      group: field(t("report-group"), { options: [["", t("report-all-groups")], ...named.map((each) => [each, each])] }),
      driver: field(t("drivers"), { suggest: (typed) => suggestDrivers(api, typed), onkeydown: driverKey }),
      speed: field(t("report-limit", { unit: SPEED.name }), { inputMode: "decimal", placeholder: t("report-limit-fences") }),
    };
    fields.group.element.hidden = named.length === 0;
    showFields();
  }

  /** Fills the fields with the choice. */
  function showFields() {
    for (const each of ["kind", "from", "to", "group"]) fields[each].value = choice[each];
    fields.speed.value = typedLimit(choice.speedLimit);
    fields.speed.complain("");
    fields.speed.element.hidden = choice.kind !== "speeding";
  }

  const page = () => html`<div class="figures report">
    <div class="figures-head unprinted">
      <h2>${t("reports")}</h2>
      <div class="report-files">
        ${FILES.map((file) => html`<button type="button" ?disabled=${!state.items?.length} @click=${() => save(file)}>${file.title}</button>`)}
        <button type="button" ?disabled=${!state.items?.length} @click=${() => print()}>${t("report-print")}</button>
      </div>
    </div>
    ${fields ? form() : nothing}
    <div class="figures-body">${body()}</div>
  </div>`;

  function form() {
    fields.driver.input.placeholder = choice.drivers.length ? "" : t("report-all-drivers");
    return html`<form class="report-choice unprinted" aria-label=${t("report-choose")} novalidate @submit=${submit}>
      ${Object.values(fields).map((each) => each.element)}
      <div class="report-buttons">
        <button type="submit" class="primary">${t("report-show")}</button>
        ${[7, 30].map((days) => html`<button type="button" @click=${() => choose(latest(days, today()))}>${t("report-last-days", { days })}</button>`)}
      </div>
      <ul class="report-drivers" aria-label=${t("report-chosen")}>${choice.drivers.map(
        (id) => html`<li><bdi>${fleet.nameOf(id)}</bdi> <button type="button" class="quiet" aria-label=${t("report-remove-driver", { name: fleet.nameOf(id) })} @click=${() => removeDriver(id)}>✕</button></li>`,
      )}</ul>
      ${problem}
    </form>`;
  }

  function body() {
    if (state.status) return html`<p role="status">${state.status}</p>`;
    if (state.error) {
      return html`<div class="notice bad" role="alert">${inWords(state.error)} <button type="button" @click=${fields ? load : begin}>${t("retry")}</button></div>`;
    }
    if (!state.items) return nothing;
    const { report, items, more } = state;
    const { from, to } = state.choice;
    const days = from === to ? text.day(from) : `${text.day(from)} – ${text.day(to)}`;
    return html`<section aria-labelledby="report-title">
      <h3 id="report-title">${t("report-heading", { title: reportTitle(report), days })}</h3>
      <p class="soft">${[reportAbout(report), t("report-zone", { zone: session.timeZone }), ...ofDrivers(state.choice)].join(" ")}</p>
      ${more ? html`<p class="notice" role="status">${t("report-bound", { count: BOUND })}</p>` : nothing}
      ${items.length ? filled() : html`<p class="notice">${t("report-none")}</p>`}
    </section>`;
  }

  function ofDrivers({ drivers, group }) {
    const parts = [];
    if (drivers.length) parts.push(t("report-of-drivers", { names: drivers.map(fleet.nameOf).join(", ") }));
    if (group) parts.push(t("report-of-group", { group }));
    return parts;
  }

  function filled() {
    const { report, items, chart } = state;
    const columns = columnsShown(report);
    const hidden = columnsOfFiles(report).map((column) => titleOf(report, column));
    const shownRows = printed ? items : items.slice(0, rows);
    return html`<figure class="figures-chart report-chart"><figcaption>${chart.name}<strong>${chart.sum}</strong></figcaption>${chart.picture}${ends(chart)}</figure>
      ${chart.count > chart.bars.length ? html`<p class="soft">${t("report-chart-most", { shown: chart.bars.length, count: chart.count })}</p>` : nothing}
      <p class="soft unprinted report-wide" hidden>${t("report-wide")}</p>
      <div class="figures-scroll" role="region" aria-label=${reportTitle(report)} tabindex="0"><table class="figures-table report-table">
        <caption class="unseen">${reportTitle(report)}</caption>
        <thead><tr>${columns.map((column) => html`<th scope="col" class=${align(column)}>${titleOf(report, column)}</th>`)}</tr></thead>
        <tbody>${shownRows.map((row) => html`<tr>${columns.map((column) => cell(column, row))}</tr>`)}</tbody>
      </table></div>
      ${items.length > shownRows.length
        ? html`<p class="figures-more unprinted">${t("report-rows-shown", { shown: rows, count: items.length })} <button type="button" @click=${showMore}>${t("show-count-more", { count: ROWS })}</button></p>`
        : nothing}
      ${hidden.length ? html`<p class="soft unprinted">${t("report-files-have", { columns: hidden.join(", ") })}</p>` : nothing}`;
  }

  async function begin() {
    show({ status: t("loading") });
    try {
      const [known, grouped] = await Promise.all([api.get(PATH), api.get("/api/v1/fleet/groups")]);
      if (ended.signal.aborted) return;
      reports = known.data.reports;
      groups = grouped.data.groups.map(({ name }) => name);
      makeFields();
      if (session.state.open || session.state.user?.role === "admin") {
        own.append(schedules);
        listed ??= mountSchedules(schedules, context, { reports, groups, choice: () => state.choice ?? choice });
      }
      await load();
    } catch (error) {
      if (!ended.signal.aborted) show({ error });
    }
  }

  for (const type of ["beforeprint", "afterprint"]) addEventListener(type, onPaper, { signal: ended.signal });
  addEventListener("resize", measure, { signal: ended.signal });
  begin();
  return {
    destroy() {
      ended.abort();
      loading?.abort();
      listed?.destroy();
    },
  };
}

/** The chart with its picture, drawn once. */
const drawn = (chart) => ({ ...chart, picture: bars(chart.bars, chart.name, chart.format, chart.per) });

/** An error in words. The drivers are what can be missing. */
const inWords = (error) => (error.status === 404 ? t("report-driver-missing") : text.wrong(error));

const align = ({ kind }) => (TIME_WORDS.has(kind) ? "words" : "");

/** The first and the last day below a chart of days. */
const ends = ({ per, bars: [first, ...more] }) =>
  per === "day" && more.length ? html`<p class="figures-ends" aria-hidden="true"><span>${first.label}</span><span>${more.at(-1).label}</span></p>` : nothing;

function cell(column, row) {
  const value = row[column.name];
  if (column.name === "driverName" && row.driverId) {
    return html`<td class="words"><a href="#/drivers/${encodeURIComponent(row.driverId)}" dir="auto" title=${row.driverId}>${value}</a></td>`;
  }
  const words = shownOf(column, row);
  if (column.kind === "instant" && value) return html`<td class="words"><time datetime=${value} title=${text.utc(value)}>${words}</time></td>`;
  const place = row.places?.[column.name] ? " long" : "";
  return html`<td class=${align(column) + place} dir=${column.kind === "text" ? "auto" : nothing}>${words}</td>`;
}
