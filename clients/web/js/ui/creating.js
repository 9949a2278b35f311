// A new thing, typed into a dialog.

import { actions, openDialog } from "./dialogs.js";
import { element } from "./element.js";
import { button } from "./elements.js";
import { field, problemLine } from "./fields.js";
import { showProblem } from "./problems.js";

/**
 * Asks for the fields of a new thing. `columns` are `{key, label, nullable?, kind?, …}` with the properties of their fields;
 * `make(body)` creates it. Resolves to what `make` resolves to, or to null where it was given up.
 */
export async function askForNew(title, columns, make, verb = "Create") {
  const line = problemLine();
  const fields = Object.fromEntries(
    columns.map(({ key, label, nullable, kind, ...properties }) => [key, field(label, properties)]),
  );
  let created = null;
  const submit = button(
    verb,
    async () => {
      line.textContent = "";
      const body = Object.fromEntries(
        columns.map(({ key, nullable, kind }) => [key, kind ? kind.value(fields[key].value) : nullable && !fields[key].value ? null : fields[key].value]),
      );
      try {
        created = await make(body);
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
