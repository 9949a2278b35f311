// The rules of the fleet: what makes an alert.

import { rich, t } from "../i18n/messages.js";
import { confirmDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import { table } from "../ui/table.js";
import { count } from "../ui/text.js";
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
    label: t("rules"),
    path: RULES,
    list: "rules",
    idOf: (row) => row.id,
    searchable: false,
    empty: t("rules-empty"),
    columns: [
      { label: t("rule-column"), cell: (row) => name(row.name) },
      { label: t("rule-kind"), cell: (row) => [KINDS[row.kind] ?? row.kind, element("p", { class: "soft" }, about(row))] },
      { label: t("severity"), cell: (row) => SEVERITIES[row.severity] },
      { label: t("channels"), cell: (row) => count(row.channels.length) },
      { label: t("column-state"), cell: (row) => (row.enabled ? t("rule-on") : element("span", { class: "mark bad" }, t("rule-off"))) },
    ],
    buttons: (row, rows) => [
      button(t("edit"), () => edit(row, rows), { ariaLabel: t("edit-name", { name: row.name }) }),
      button(row.enabled ? t("switch-off") : t("switch-on"), () => toggle(row, rows), { ariaLabel: t(row.enabled ? "switch-off-name" : "switch-on-name", { name: row.name }) }),
      button(t("delete"), () => remove(row, rows), { ariaLabel: t("delete-name", { name: row.name }) }),
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
    announce(t("saved", { name: saved.name }));
    rows.focus(saved, t("edit"));
  }

  async function toggle(row, rows) {
    try {
      const { data } = await api.patch(pathOf(row), { enabled: !row.enabled }, { ifMatch: "*" });
      rows.replace(data);
      announce(t(data.enabled ? "is-on" : "is-off", { name: data.name }));
    } catch (error) {
      announce(inWords(error));
    }
  }

  const remove = (row, rows) =>
    confirmDialog(rich("delete-title", { name: name(row.name) }), t("rule-delete-about"), t("delete"), async () => {
      await api.delete(pathOf(row), { ifMatch: versionOf(row) });
      rows.remove(row);
      announce(t("deleted", { name: row.name }));
    });

  async function create() {
    const given = await known();
    const made = given && (await askForRule(context, given));
    if (!made) return;
    announce(t("created", { name: made.name }));
    await rules.load();
  }

  place.append(button(t("rule-new"), create, { class: "primary" }), problem, rules.element);
  rules.load();
  return rules;
}

/** @param {[string, string][]} options of `[key, name]` */
const byName = (options) => options.sort(([, one], [, other]) => one.localeCompare(other));

/** The numbers of a rule, and what it watches. */
function about({ kind, params, watch, schedule }) {
  const parts = [summary(kind, params)];
  if (watch.fences?.length) parts.push(t("rule-some-fences", { count: watch.fences.length }));
  if (watch.drivers?.length) parts.push(t("rule-some-drivers", { count: watch.drivers.length }));
  if (schedule) parts.push(t("rule-certain-times"));
  return parts.filter(Boolean).join("; ");
}
