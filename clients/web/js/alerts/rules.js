// The rules of the fleet: what makes an alert.

import { confirmDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import { table } from "../ui/table.js";
import { CHANNELS } from "./channel-kinds.js";
import { summary } from "./params.js";
import { askForRule, RULES } from "./rule-form.js";
import { KINDS, SEVERITIES } from "./words.js";

const PAGE = 1_000;

export function mountRules(place, context) {
  const { api, announce } = context;
  const pathOf = (row) => `${RULES}/${row.id}`;
  const rules = table({
    api,
    label: "Rules",
    path: RULES,
    list: "rules",
    idOf: (row) => row.id,
    searchable: false,
    empty: "No rules yet. A rule makes an alert, for example when a driver enters a fence.",
    columns: [
      { label: "Rule", cell: (row) => name(row.name) },
      { label: "An alert when a driver", cell: (row) => [KINDS[row.kind] ?? row.kind, element("p", { class: "soft" }, about(row))] },
      { label: "Severity", cell: (row) => SEVERITIES[row.severity] },
      { label: "Channels", cell: (row) => String(row.channels.length) },
      { label: "State", cell: (row) => (row.enabled ? "On" : element("span", { class: "mark bad" }, "Off")) },
    ],
    buttons: (row, rows) => [
      button("Edit", () => edit(row, rows), { ariaLabel: `Edit ${row.name}` }),
      button(row.enabled ? "Switch off" : "Switch on", () => toggle(row, rows), { ariaLabel: `${row.enabled ? "Switch off" : "Switch on"} ${row.name}` }),
      button("Delete", () => remove(row, rows), { ariaLabel: `Delete ${row.name}` }),
    ],
  });
  const problem = element("p", { class: "complaint", role: "alert" });

  /** Resolves to what can be chosen in the form, or null where it cannot be read. */
  async function known() {
    problem.textContent = "";
    try {
      const [fences, channels] = await Promise.all([
        api.all("/api/v1/fences", "fences", { limit: PAGE }),
        api.all(CHANNELS, "channels", { limit: PAGE }),
      ]);
      return {
        fences: byName(fences.items.map((each) => [each.fenceId, each.name])),
        channels: byName(channels.items.map((each) => [each.id, each.name])),
      };
    } catch (error) {
      problem.textContent = inWords(error);
      return null;
    }
  }

  async function edit(row, rows) {
    const given = await known();
    const saved = given && (await askForRule(context, { ...given, rule: row }));
    if (!saved) return;
    rows.replace(saved);
    announce(`${saved.name} saved.`);
    rows.focus(saved, "Edit");
  }

  async function toggle(row, rows) {
    try {
      const { data } = await api.patch(pathOf(row), { enabled: !row.enabled }, { ifMatch: "*" });
      rows.replace(data);
      announce(`${data.name} is ${data.enabled ? "on" : "off"}.`);
    } catch (error) {
      announce(inWords(error));
    }
  }

  const remove = (row, rows) =>
    confirmDialog(["Delete ", name(row.name), "?"], "Its alerts stay in the list.", "Delete", async () => {
      await api.delete(pathOf(row), { ifMatch: versionOf(row) });
      rows.remove(row);
      announce(`${row.name} deleted.`);
    });

  async function create() {
    const given = await known();
    const made = given && (await askForRule(context, given));
    if (!made) return;
    announce(`${made.name} created.`);
    await rules.load();
  }

  place.append(button("New rule", create, { class: "primary" }), problem, rules.element);
  rules.load();
  return rules;
}

/** @param {[string, string][]} options of `[key, name]` */
const byName = (options) => options.sort(([, one], [, other]) => one.localeCompare(other));

/** The numbers of a rule, and what it watches. */
function about({ kind, params, watch, schedule }) {
  const parts = [summary(kind, params)];
  if (watch.fences?.length) parts.push(`${watch.fences.length} of the fences`);
  if (watch.drivers?.length) parts.push(`${watch.drivers.length} of the drivers`);
  if (schedule) parts.push("at certain times");
  return parts.filter(Boolean).join("; ");
}
