// The form of a rule, in a dialog: a new one, or a change.

import { rich, t } from "../i18n/messages.js";
import { check, choices } from "../ui/choices.js";
import { actions, openDialog } from "../ui/dialogs.js";
import { changes, versionOf } from "../ui/editing.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";
import { suggestSeveral } from "../ui/suggestions.js";
import { entered, number, PARAMS } from "./params.js";
import { scheduleFields } from "./schedule.js";
import { KINDS, SEVERITIES } from "./words.js";

export const RULES = "/api/v1/rules";

const NEW = {
  name: "",
  kind: "fence.entered",
  params: {},
  watch: {},
  schedule: null,
  channels: [],
  severity: "warning",
  cooldown: 0,
  digest: 0,
  maxAge: 900,
  tellResolved: true,
};

const MINUTES = {
  cooldown: { key: "cooldown", label: t("rule-cooldown"), factor: 60, min: 0, max: 10_080 },
  digest: { key: "digest", label: t("rule-digest"), factor: 60, min: 0, max: 10_080 },
  maxAge: { key: "maxAge", label: t("rule-max-age"), factor: 60, min: 0, max: 527_040 },
};

/**
 * Opens the form; resolves to the saved rule, or to null where it was given up. `fences` and `channels` are `[id, name]`.
 * @param {any} context
 * @param {{rule?: any, fences: [string, string][], channels: [string, string][]}} given
 */
export async function askForRule({ api }, { rule = null, fences, channels }) {
  const base = rule ?? NEW;
  /** The version that is changed: another one than was opened, where another user saved meanwhile. */
  let current = base;
  let saved = null;
  const line = problemLine();
  const name = field(t("column-name"), { value: base.name, hint: t("rule-name-hint"), autocomplete: "off" });
  const kind = field(t("rule-kind"), { options: Object.entries(KINDS), value: base.kind, disabled: rule !== null });
  const fenced = choices(t("rule-fences"), fences, {
    value: base.watch.fences ?? [],
    hint: t("rule-fences-hint"),
    empty: t("rule-fences-empty"),
  });
  const drivers = field(t("drivers"), {
    value: (base.watch.drivers ?? []).join(", "),
    dir: "ltr",
    hint: t("ids-hint"),
    suggest: (text) => suggestSeveral(api, text),
  });
  const alarms = field(t("rule-alarms"), { value: (base.params.alarms ?? []).join(", "), dir: "ltr", hint: t("rule-alarms-hint") });
  const numbers = element("div", { class: "editor" });
  /** Key of a number -> its field. */
  let figures = {};
  const sent = choices(t("send-to"), channels, { value: base.channels, empty: t("rule-channels-empty") });
  const severity = field(t("severity"), { options: Object.entries(SEVERITIES), value: base.severity });
  const schedule = scheduleFields(base.schedule);
  const told = check(t("rule-tell-resolved"), base.tellResolved);
  const minutes = Object.fromEntries(
    Object.entries(MINUTES).map(([key, each]) => [key, field(each.label, { type: "number", min: each.min, max: each.max, value: entered(each, base[key]) })]),
  );

  /** What the rule has for a number of its kind; undefined where it has none. */
  const before = ({ key }) => (kind.value === base.kind && rule ? base.params[key] : undefined);

  function showKind() {
    const chosen = PARAMS[kind.value] ?? [];
    figures = Object.fromEntries(
      chosen.map((each) => {
        const value = before(each);
        const shown = value === undefined ? String(each.value ?? "") : entered(each, value);
        return [each.key, field(each.label, { type: "number", step: "any", min: each.min, max: each.max, hint: each.hint, value: shown })];
      }),
    );
    numbers.replaceChildren(...Object.values(figures).map((each) => each.element));
    fenced.element.hidden = !kind.value.startsWith("fence.");
    alarms.element.hidden = kind.value !== "alarm";
  }

  /** The value of a number's field, which was shown for `given`; complains there and returns undefined where it is none. */
  function read(param, at, given) {
    try {
      at.complain("");
      return number(param, at.value, given);
    } catch (error) {
      at.complain(error.message);
      at.focus();
      return undefined;
    }
  }

  function typed() {
    const params = Object.fromEntries((PARAMS[kind.value] ?? []).map((each) => [each.key, read(each, figures[each.key], before(each))]));
    if (kind.value === "alarm") params.alarms = listed(alarms.value);
    const times = Object.fromEntries(Object.entries(MINUTES).map(([key, each]) => [key, read(each, minutes[key], base[key])]));
    if ([...Object.values(params), ...Object.values(times)].includes(undefined)) return null;
    const watch = { ...base.watch, drivers: listed(drivers.value), fences: kind.value.startsWith("fence.") ? fenced.value : [] };
    const rest = { name: name.value, severity: severity.value, channels: sent.value, tellResolved: told.value, schedule: schedule.value };
    return { ...rest, ...times, params, watch };
  }

  async function save() {
    line.textContent = "";
    const mine = typed();
    if (!mine) return;
    try {
      saved = rule ? await change(mine) : (await api.post(RULES, { ...mine, kind: kind.value })).data;
      dialog.close();
    } catch (error) {
      if (error.status === 412) await meet();
      else showProblem(error, fields(), line);
    }
  }

  async function change(mine) {
    const body = changes(Object.keys(mine), comparable(base), comparable(mine));
    const wanted = Object.fromEntries(Object.keys(body).map((key) => [key, mine[key]]));
    if (Object.keys(wanted).length === 0) return base;
    return (await api.patch(`${RULES}/${rule.id}`, wanted, { ifMatch: versionOf(current) })).data;
  }

  /** Only fields that were changed here are sent: the others keep the values of the other user. */
  async function meet() {
    try {
      current = (await api.get(`${RULES}/${rule.id}`)).data;
      line.textContent = t("rule-conflict");
    } catch (error) {
      line.textContent = inWords(error);
    }
  }

  const fields = () => ({
    name,
    kind,
    "watch.fences": fenced,
    "watch.drivers": drivers,
    ...schedule.fields,
    ...minutes,
    ...Object.fromEntries(Object.entries(figures).map(([key, each]) => [`params.${key}`, each])),
  });

  kind.input.addEventListener("input", showKind);
  showKind();
  const submit = button(rule ? t("save") : t("create"), save, { type: "submit", class: "primary" });
  const form = element(
    "form",
    { noValidate: true, onsubmit: (event) => event.preventDefault() },
    name.element,
    kind.element,
    numbers,
    alarms.element,
    fenced.element,
    drivers.element,
    sent.element,
    severity.element,
    schedule.element,
    element(
      "details",
      {},
      element("summary", {}, t("rule-more")),
      element("div", { class: "rule-more" }, Object.values(minutes).map((each) => each.element), told.element),
    ),
    line,
    actions(submit),
  );
  const title = rule ? rich("edit-name", { name: element("bdi", {}, rule.name) }) : t("rule-new");
  const dialog = openDialog(title, form);
  name.focus();
  await dialog.closed;
  return saved;
}

/** The items of a text with commas. */
export const listed = (text) => text.split(/[\s,]+/).filter(Boolean);

/** Values that `===` compares. */
const comparable = (values) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (key === "watch") return [key, JSON.stringify([value.drivers ?? [], value.fences ?? []])];
      return [key, typeof value === "object" && value !== null ? JSON.stringify(value) : value];
    }),
  );
