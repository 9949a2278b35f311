// A new thing, typed into a dialog.

import { t } from "../i18n/messages.js";
import { actions, openDialog } from "./dialogs.js";
import { element } from "./element.js";
import { button } from "./elements.js";
import { field, problemLine } from "./fields.js";
import { showProblem } from "./problems.js";

/**
 * Asks for the fields of a new thing. `columns` are `{key, label, nullable?, kind?, …}` with the properties of their fields;
 * `make(body, proposed)` creates it; `proposed` has the
 * keys of the fields that hold a proposal. A column with `propose(body)` is filled with what that returns until the user types into the field. Resolves to
 * what `make` resolves to, or to null where it was given up.
 */
export async function askForNew(title, columns, make, verb = t("create")) {
  const line = problemLine();
  const fields = Object.fromEntries(
    columns.map(({ key, label, nullable, kind, propose, ...properties }) => [key, field(label, properties)]),
  );
  const typed = () =>
    Object.fromEntries(
      columns.map(({ key, nullable, kind }) => [key, kind ? kind.value(fields[key].value) : nullable && !fields[key].value ? null : fields[key].value]),
    );
  /** Keys of the fields that the user has left to the proposal. */
  const proposed = new Set(columns.filter(({ propose }) => propose).map(({ key }) => key));
  let created = null;
  const submit = button(
    verb,
    async () => {
      line.textContent = "";
      try {
        created = await make(typed(), proposed);
        dialog.close();
      } catch (error) {
        showProblem(error, fields, line);
      }
    },
    { type: "submit", class: "primary" },
  );
  const form = element(
    "form",
    {
      noValidate: true,
      onsubmit: (event) => event.preventDefault(),
      oninput: ({ target }) => {
        for (const key of proposed) if (fields[key].input === target) proposed.delete(key);
        for (const { key, propose } of columns) if (proposed.has(key)) fields[key].value = propose(typed());
      },
    },
    ...Object.values(fields).map((each) => each.element),
    line,
    actions(submit),
  );
  const dialog = openDialog(title, form);
  fields[columns[0].key].focus();
  await dialog.closed;
  return created;
}
