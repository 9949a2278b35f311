// The reports that are sent by e-mail: a table, and a form in a dialog.

import { CHANNELS } from "../alerts/channel-kinds.js";
import { choices } from "../ui/choices.js";
import { actions, confirmDialog, openDialog } from "../ui/dialogs.js";
import { changes, versionOf } from "../ui/editing.js";
import { element } from "../ui/element.js";
import { button, instant, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";
import { table } from "../ui/table.js";
import { zone } from "../ui/text.js";
import { limitOf, typedLimit } from "./choice.js";

const SCHEDULES = "/api/v1/report-schedules";
const PAGE = 1_000;

/** @type {Record<string, string>} */
const PERIODS = { day: "Each day", week: "Each week", month: "Each month" };

/**
 * @param {HTMLElement} place
 * @param {any} context
 * @param {{reports: {kind: string, title: string}[], groups: string[], choice: () => import("./choice.js").Choice}} given `choice` is what a new one begins with
 */
export function mountSchedules(place, context, { reports, groups, choice }) {
  const { api, announce } = context;
  const titles = Object.fromEntries(reports.map(({ kind, title }) => [kind, title]));
  const pathOf = (row) => `${SCHEDULES}/${row.id}`;
  const problem = problemLine();
  const listed = table({
    api,
    label: "Reports by e-mail",
    path: SCHEDULES,
    list: "schedules",
    idOf: (row) => row.id,
    searchable: false,
    empty: "No reports are sent by e-mail yet.",
    columns: [
      { label: "Name", cell: (row) => name(row.name) },
      { label: "Report", cell: (row) => titles[row.kind] ?? row.kind },
      { label: "Sent", cell: (row) => `${PERIODS[row.period]} at ${row.at} (${row.timeZone})` },
      { label: "Next", cell: (row) => (row.enabled ? instant(row.nextAt) : element("span", { class: "mark bad" }, "Off")) },
    ],
    buttons: (row, rows) => [
      button("Edit", () => edit(row, rows), { ariaLabel: `Edit ${row.name}` }),
      button(row.enabled ? "Switch off" : "Switch on", () => toggle(row, rows), { ariaLabel: `${row.enabled ? "Switch off" : "Switch on"} ${row.name}` }),
      button("Delete", () => remove(row, rows), { ariaLabel: `Delete ${row.name}` }),
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
    announce(`${saved.name} saved.`);
    rows.focus(saved, "Edit");
  }

  async function create() {
    const channels = await mailChannels();
    const { kind, drivers, group, speedLimit } = choice();
    const base = { kind, drivers, groups: group ? [group] : [], speedLimit };
    const made = channels && (await askForSchedule(context, { reports, groups, channels, base }));
    if (!made) return;
    announce(`${made.name} created.`);
    await listed.load();
  }

  async function toggle(row, rows) {
    try {
      const { data } = await api.patch(pathOf(row), { enabled: !row.enabled }, { ifMatch: "*" });
      rows.replace(data);
      announce(`${data.name} is ${data.enabled ? "on" : "off"}.`);
      rows.focus(data, data.enabled ? "Switch off" : "Switch on");
    } catch (error) {
      announce(inWords(error));
    }
  }

  const remove = (row, rows) =>
    confirmDialog(["Delete ", name(row.name), "?"], "The report is not sent any more.", "Delete", async () => {
      await api.delete(pathOf(row), { ifMatch: versionOf(row) });
      rows.remove(row);
      announce(`${row.name} deleted.`);
    });

  place.append(element("h3", {}, "By e-mail"), button("New schedule", create, { class: "primary" }), problem, listed.element);
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
  const title = field("Name", { value: before.name, hint: "The subject of the e-mails.", autocomplete: "off" });
  const kind = field("Report", { options: reports.map((each) => [each.kind, each.title]), value: before.kind });
  const limit = field("Limit in km/h", { value: typedLimit(before.speedLimit), inputMode: "decimal", hint: "Empty: the limits of the fences." });
  const drivers = field("Drivers", { value: before.drivers.join(", "), dir: "ltr", hint: "Ids, separated by commas." });
  const grouped = choices("Groups", names, { value: before.groups, hint: "No drivers and no groups: all drivers.", empty: "There are no groups." });
  const period = field("Sent", { options: Object.entries(PERIODS), value: before.period, hint: "On the day after; weeks end on Sunday." });
  const at = field("At", { type: "time", value: before.at });
  const where = field("Time zone", { value: before.timeZone, dir: "ltr" });
  const sent = choices("Send to", channels, { value: before.channels, empty: "There are no channels for e-mail. Add one under Manage, Channels." });

  const showKind = () => void (limit.element.hidden = kind.value !== "speeding");

  function typed() {
    const speedLimit = kind.value === "speeding" ? limitOf(limit.value) : null;
    if (speedLimit === undefined) {
      limit.complain("Must be a number of km/h, or empty.");
      limit.focus();
      return null;
    }
    if (sent.value.length === 0) {
      sent.complain("Choose at least one channel.");
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
      line.textContent = "Another user changed this schedule. Your input is kept; save again to change these fields only.";
    } catch (error) {
      line.textContent = inWords(error);
    }
  }

  kind.input.addEventListener("input", showKind);
  showKind();
  const submit = button(schedule ? "Save" : "Create", save, { type: "submit", class: "primary" });
  const form = element(
    "form",
    { noValidate: true, onsubmit: (event) => event.preventDefault() },
    ...[title, kind, limit, drivers, grouped, period, at, where, sent].map((each) => each.element),
    line,
    actions(submit),
  );
  const dialog = openDialog(schedule ? ["Edit ", name(schedule.name)] : "New schedule", form);
  title.focus();
  await dialog.closed;
  return saved;
}

/** Values that `===` compares. */
const comparable = (values) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? JSON.stringify([...value].sort()) : value]));
