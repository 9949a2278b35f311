// One row of a table while it is edited in place.

import { rich, t } from "../i18n/messages.js";
import { actions } from "./dialogs.js";
import { changes, compare, versionOf } from "./editing.js";
import { element } from "./element.js";
import { button } from "./elements.js";
import { field, problemLine } from "./fields.js";
import { inWords, showProblem } from "./problems.js";
import { inSentence } from "./text.js";

/** Attempts to save while other users keep changing other fields of the same row. */
const TRIES = 5;

/**
 * A form over a row: `{element, focus()}`. `what` kind of thing it is and `called` its id are for reading; `columns` are `{key, label, nullable?, kind?, …}` of what can be edited, with the
 * properties of their fields, and a kind of kinds.js for values that are not text; `path` is where the row is read and written. `done(row)` is called with the saved row, `left()` when the editing was given up. `method` is `put` where the hub takes the
 * row as a whole; `others` are those who may change it too; `heading` is false where the place around the form has one.
 */
export function editor({ api, announce, what, called, path, row, columns, done, left, method = "patch", others = "user", heading = true }) {
  /** The row as it is entered. */
  const entered = (each) => ({ ...each, ...Object.fromEntries(columns.filter(({ kind }) => kind).map(({ key, kind }) => [key, kind.text(each[key])])) });
  const keys = columns.map(({ key }) => key);
  let base = entered(row);
  let saved = row;
  /** Key -> the notice that waits for a decision. */
  const undecided = new Map();
  const line = problemLine();
  const fields = {};
  for (const { key, label, nullable, kind, ...properties } of columns) {
    fields[key] = field(label, { ...properties, value: base[key] ?? "" });
    fields[key].notice = element("div", { class: "versions", role: "group" });
    fields[key].element.append(fields[key].notice);
  }

  const typed = () =>
    Object.fromEntries(columns.map(({ key, nullable }) => [key, (nullable && !fields[key].value ? null : fields[key].value)]));

  function said(key, value) {
    const { options } = columns.find((column) => column.key === key);
    const shown = options?.find(([each]) => each === (value ?? ""))?.[1] ?? value;
    return shown ? element("bdi", { class: "value" }, shown) : element("em", {}, t("editor-empty"));
  }

  const label = (key) => inSentence(columns.find((column) => column.key === key).label);

  function decide(key) {
    undecided.delete(key);
    fields[key].notice.replaceChildren();
    fields[key].complain("");
    fields[key].focus();
  }

  function ask(key, theirs) {
    const text = element("p", {}, rich("editor-conflict", { others, field: label(key), theirs: said(key, theirs[key]), mine: said(key, typed()[key]) }));
    const notice = fields[key].notice;
    notice.setAttribute("aria-label", t("editor-versions", { field: label(key) }));
    notice.replaceChildren(
      text,
      actions(
        button(t("editor-use-theirs"), () => {
          fields[key].value = theirs[key] ?? "";
          decide(key);
        }),
        button(t("editor-keep-mine"), () => decide(key)),
      ),
    );
    undecided.set(key, notice);
  }

  /** Takes over what another user saved; true without a conflict. */
  async function meet() {
    const { data } = await api.get(path);
    const theirs = entered(data);
    const mine = typed();
    const { taken, conflicts } = compare(keys, base, theirs, mine);
    for (const key of taken) {
      fields[key].value = theirs[key] ?? "";
      fields[key].notice.replaceChildren(
        element("p", {}, rich("editor-taken", { others, field: label(key), theirs: said(key, theirs[key]) })),
      );
    }
    for (const key of conflicts) ask(key, theirs);
    base = theirs;
    saved = data;
    if (conflicts.length === 0) return true;
    announce(t("editor-choose", { others, what }));
    undecided.get(conflicts[0]).querySelector("button").focus();
    return false;
  }

  async function save() {
    line.textContent = "";
    for (const each of Object.values(fields)) each.complain("");
    if (undecided.size) {
      line.textContent = t("editor-choose-first");
      const [notice] = undecided.values();
      notice.querySelector("button").focus();
      return;
    }
    try {
      for (let tries = 1; ; tries += 1) {
        const body = changes(keys, base, typed());
        if (Object.keys(body).length === 0) return done(saved);
        for (const { key, kind } of columns) if (kind && key in body) body[key] = kind.value(body[key]);
        try {
          const { data } = await api[method](path, body, { ifMatch: versionOf(base) });
          announce(t("editor-saved", { what }));
          return done(data);
        } catch (error) {
          if (error.status !== 412 || tries === TRIES) throw error;
          if (!(await meet())) return;
        }
      }
    } catch (error) {
      if (error.status === 404) line.textContent = t("editor-deleted", { what });
      else if (error.status === 412) line.textContent = inWords(error);
      else showProblem(error, fields, line);
    }
  }

  const submit = button(t("save"), save, { type: "submit", class: "primary" });
  const form = element(
    "form",
    {
      class: "editor",
      ariaLabel: t("edit-name", { name: called }),
      noValidate: true,
      onsubmit: (event) => event.preventDefault(),
      onkeydown: (event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          left();
        }
      },
    },
    heading ? element("h3", {}, called) : null,
    ...columns.map(({ key }) => fields[key].element),
    line,
    actions(submit, button(t("cancel"), left)),
  );
  return { element: form, focus: () => fields[keys[0]].focus() };
}
