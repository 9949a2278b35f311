// The reports that are sent by e-mail: a table, and a form in a dialog.

import { CHANNELS } from "../alerts/channel-kinds.js";
import { rich, t } from "../i18n/messages.js";
import { choices } from "../ui/choices.js";
import { actions, confirmDialog, openDialog } from "../ui/dialogs.js";
import { changes, versionOf } from "../ui/editing.js";
import { element } from "../ui/element.js";
import { button, instant, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";
import { table } from "../ui/table.js";
import { timeOfDay, zone } from "../ui/text.js";
import { SPEED } from "../ui/units.js";
import { limitOf, typedLimit } from "./choice.js";
import { reportTitle } from "./figures.js";

const SCHEDULES = "/api/v1/report-schedules";
const PAGE = 1_000;

/** @type {Record<string, string>} */
const PERIODS = { day: t("report-each-day"), week: t("report-each-week"), month: t("report-each-month") };

/**
 * @param {HTMLElement} place
 * @param {any} context
 * @param {{reports: {kind: string, title: string}[], groups: string[], choice: () => import("./choice.js").Choice}} given `choice` is what a new one begins with
 */
export function mountSchedules(place, context, { reports, groups, choice }) {
  const { api, announce } = context;
  const titles = Object.fromEntries(reports.map(({ kind, title }) => [kind, reportTitle({ kind, title })]));
  const pathOf = (row) => `${SCHEDULES}/${row.id}`;
  const problem = problemLine();
  const listed = table({
    api,
    label: t("reports-mail"),
    path: SCHEDULES,
    list: "schedules",
    idOf: (row) => row.id,
    searchable: false,
    empty: t("schedules-empty"),
    columns: [
      { label: t("column-name"), cell: (row) => name(row.name) },
      { label: t("report"), cell: (row) => titles[row.kind] ?? row.kind },
      { label: t("schedule-sent"), cell: (row) => t("schedule-sent-at", { period: PERIODS[row.period], time: timeOfDay(row.at), zone: row.timeZone }) },
      { label: t("schedule-next"), cell: (row) => (row.enabled ? instant(row.nextAt) : element("span", { class: "mark bad" }, t("rule-off"))) },
    ],
    buttons: (row, rows) => [
      button(t("edit"), () => edit(row, rows), { ariaLabel: t("edit-name", { name: row.name }) }),
      button(row.enabled ? t("switch-off") : t("switch-on"), () => toggle(row, rows), { ariaLabel: t(row.enabled ? "switch-off-name" : "switch-on-name", { name: row.name }) }),
      button(t("delete"), () => remove(row, rows), { ariaLabel: t("delete-name", { name: row.name }) }),
    ],
  });

  /** Resolves to the channels for e-mail, or to null where they cannot be read. */
  async function mailChannels() {
    problem.textContent = "";
    try {
      const { items } = await api.all(CHANNELS, "channels", { limit: PAGE });
      return items.filter(({ kind }) => kind === "email").map((each) => [each.id, each.name]);
    } catch (error) {
      problem.textContent = inWords(error);
      return null;
    }
  }

  async function edit(row, rows) {
    const channels = await mailChannels();
    const saved = channels && (await askForSchedule(context, { reports, groups, channels, schedule: row }));
    if (!saved) return;
    rows.replace(saved);
    announce(t("saved", { name: saved.name }));
    rows.focus(saved, t("edit"));
  }

  async function create() {
    const channels = await mailChannels();
    const { kind, drivers, group, speedLimit } = choice();
    const base = { kind, drivers, groups: group ? [group] : [], speedLimit };
    const made = channels && (await askForSchedule(context, { reports, groups, channels, base }));
    if (!made) return;
    announce(t("created", { name: made.name }));
    await listed.load();
  }

  async function toggle(row, rows) {
    try {
      const { data } = await api.patch(pathOf(row), { enabled: !row.enabled }, { ifMatch: "*" });
      rows.replace(data);
      announce(t(data.enabled ? "is-on" : "is-off", { name: data.name }));
      rows.focus(data, data.enabled ? t("switch-off") : t("switch-on"));
    } catch (error) {
      announce(inWords(error));
    }
  }

  const remove = (row, rows) =>
    confirmDialog(rich("delete-title", { name: name(row.name) }), t("schedule-delete-about"), t("delete"), async () => {
      await api.delete(pathOf(row), { ifMatch: versionOf(row) });
      rows.remove(row);
      announce(t("deleted", { name: row.name }));
    });

  place.append(element("h3", {}, t("schedules-title")), button(t("schedule-new"), create, { class: "primary" }), problem, listed.element);
  listed.load();
  return listed;
}

const NEW = { name: "", kind: "trips", drivers: [], groups: [], speedLimit: null, period: "day", at: "06:00", timeZone: "", channels: [] };

/**
 * Opens the form; resolves to the saved schedule, or to null where it was given up.
 * @param {any} context
 * @param {{reports: any[], groups: string[], channels: [string, string][], schedule?: any, base?: any}} given
 */
async function askForSchedule({ api }, { reports, groups, channels, schedule = null, base = {} }) {
  const before = schedule ?? { ...NEW, timeZone: zone(), ...base };
  let current = before;
  let saved = null;
  const line = problemLine();
  /** @type {[string, string][]} */
  const names = [...new Set([...groups, ...before.groups])].map((each) => [each, each]);
  const title = field(t("column-name"), { value: before.name, hint: t("schedule-name-hint"), autocomplete: "off" });
  const kind = field(t("report"), { options: reports.map((each) => [each.kind, reportTitle(each)]), value: before.kind });
  const limit = field(t("report-limit", { unit: SPEED.name }), { value: typedLimit(before.speedLimit), inputMode: "decimal", hint: t("schedule-limit-hint") });
  const drivers = field(t("drivers"), { value: before.drivers.join(", "), dir: "ltr", hint: t("schedule-drivers-hint") });
  const grouped = choices(t("groups"), names, { value: before.groups, hint: t("schedule-groups-hint"), empty: t("schedule-groups-empty") });
  const period = field(t("schedule-sent"), { options: Object.entries(PERIODS), value: before.period, hint: t("schedule-period-hint") });
  const at = field(t("schedule-at"), { type: "time", value: before.at });
  const where = field(t("time-zone"), { value: before.timeZone, dir: "ltr" });
  const sent = choices(t("send-to"), channels, { value: before.channels, empty: t("schedule-channels-empty") });

  const showKind = () => void (limit.element.hidden = kind.value !== "speeding");

  function typed() {
    const speedLimit = kind.value === "speeding" ? limitOf(limit.value, before.speedLimit) : null;
    if (speedLimit === undefined) {
      limit.complain(t("schedule-limit-wrong", { unit: SPEED.name }));
      limit.focus();
      return null;
    }
    if (sent.value.length === 0) {
      sent.complain(t("schedule-need-channel"));
      sent.focus();
      return null;
    }
    const ids = drivers.value.split(/[\s,]+/).filter(Boolean);
    const times = { period: period.value, at: at.value, timeZone: where.value };
    return { name: title.value, kind: kind.value, drivers: ids, groups: grouped.value, speedLimit, ...times, channels: sent.value };
  }

  async function save() {
    line.textContent = "";
    const mine = typed();
    if (!mine) return;
    try {
      saved = schedule ? await change(mine) : (await api.post(SCHEDULES, mine)).data;
      dialog.close();
    } catch (error) {
      if (error.status === 412) await meet();
      else showProblem(error, { name: title, kind, speedLimit: limit, drivers, groups: grouped, period, at, timeZone: where, channels: sent }, line);
    }
  }

  async function change(mine) {
    const changed = changes(Object.keys(mine), comparable(before), comparable(mine));
    const wanted = Object.fromEntries(Object.keys(changed).map((key) => [key, mine[key]]));
    if (Object.keys(wanted).length === 0) return before;
    return (await api.patch(`${SCHEDULES}/${schedule.id}`, wanted, { ifMatch: versionOf(current) })).data;
  }

  /** Only fields that were changed here are sent: the others keep the values of the other user. */
  async function meet() {
    try {
      current = (await api.get(`${SCHEDULES}/${schedule.id}`)).data;
      line.textContent = t("schedule-conflict");
    } catch (error) {
      line.textContent = inWords(error);
    }
  }

  kind.input.addEventListener("input", showKind);
  showKind();
  const submit = button(schedule ? t("save") : t("create"), save, { type: "submit", class: "primary" });
  const form = element(
    "form",
    { noValidate: true, onsubmit: (event) => event.preventDefault() },
    ...[title, kind, limit, drivers, grouped, period, at, where, sent].map((each) => each.element),
    line,
    actions(submit),
  );
  const dialog = openDialog(schedule ? rich("edit-name", { name: name(schedule.name) }) : t("schedule-new"), form);
  title.focus();
  await dialog.closed;
  return saved;
}

/** Values that `===` compares. */
const comparable = (values) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? JSON.stringify([...value].sort()) : value]));
