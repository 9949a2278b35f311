// What could not be stored: dead letters of the log, and requests of phones in the quarantine. Both are shown, and sent
// again after a fix.

import { openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, instant } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import { table } from "../ui/table.js";
import * as text from "../ui/text.js";

const LETTERS = "/api/v1/dead-letters";
const QUARANTINE = "/api/v1/quarantine";

/** The two lists, each with `destroy()`. */
export function mountRefused(place, context) {
  const letters = list(context, {
    title: "Dead letters",
    about: "Content of the log that the recorder could not store.",
    path: LETTERS,
    rows: "letters",
    empty: "No dead letters.",
    columns: [
      { label: "Time", cell: (row) => instant(row.buriedAt) },
      { label: "Reason", cell: (row) => row.reason },
      { label: "Size", cell: (row) => text.plural(row.size, "byte") },
    ],
    facts: (row) => [["Entry of the log", row.entryId], ["Reason", row.reason]],
    outcome: () => "Appended to the log. If it still cannot be stored, it becomes a new dead letter.",
    left: () => true,
  });
  const payloads = list(context, {
    title: "Quarantine",
    about: "Requests of phones with points that could not be read.",
    path: QUARANTINE,
    rows: "payloads",
    empty: "No quarantined requests.",
    columns: [
      { label: "Time", cell: (row) => instant(row.receivedAt) },
      { label: "Driver", cell: (row) => row.driverId ?? text.UNKNOWN },
      { label: "Format", cell: (row) => row.dialect },
      { label: "Points", cell: (row) => text.count(row.points) },
      { label: "Reason", cell: reason },
    ],
    facts: (row) => [["Path", row.path], ["Query", row.query || text.UNKNOWN], ["Reason", reason(row)]],
    outcome: ({ accepted, refused, field, detail }) =>
      refused === 0
        ? `${text.plural(accepted, "point")} published.`
        : `${text.plural(accepted, "point")} published, ${text.count(refused)} still refused: ${reason({ field, detail })}.`,
    left: ({ refused }) => refused === 0,
  });
  for (const each of [letters, payloads]) {
    place.append(each.element);
    each.load();
  }
  return [letters, payloads];
}

const reason = ({ field, detail }) => [field, detail].filter(Boolean).join(": ");

/** A list whose rows are shown and sent again. `facts(whole)` are lines of the dialog; `outcome(answer)` is what sending
 * did, and `left(answer)` whether the row is gone. */
function list({ api, announce }, { title, about, path, rows, empty, columns, facts, outcome, left }) {
  /** Many have the same reason: the time and the driver tell them apart. */
  const labelOf = (row) => [row.reason ?? reason(row), row.driverId, text.utc(row.buriedAt ?? row.receivedAt)].filter(Boolean).join(", ");
  const made = table({
    api,
    label: title,
    path,
    list: rows,
    idOf: (row) => row.id,
    searchable: false,
    empty,
    columns,
    buttons: (row, handle) => [
      button("Show", () => show(row), { ariaLabel: `Show: ${labelOf(row)}` }),
      button("Send again", () => send(row, handle), { ariaLabel: `Send again: ${labelOf(row)}` }),
    ],
  });
  const note = element("p", { class: "table-note", role: "status" });

  async function show(row) {
    let whole;
    try {
      whole = (await api.get(`${path}/${row.id}`)).data;
    } catch (error) {
      note.textContent = inWords(error);
      return;
    }
    const lines = facts(whole).map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
    const content = element("pre", { tabIndex: 0 }, whole.text ?? whole.data);
    const dialog = openDialog(title, element("dl", {}, ...lines), content);
    dialog.element.classList.add("wide");
    await dialog.closed;
  }

  async function send(row, handle) {
    try {
      const { data } = await api.post(`${path}/${row.id}/send`);
      note.textContent = outcome(data);
      if (left(data)) handle.remove(row);
    } catch (error) {
      note.textContent = inWords(error);
    }
    announce(note.textContent);
  }

  const reload = button("Reload", () => made.load(), { ariaLabel: `Reload ${title.toLowerCase()}` });
  return {
    element: element("section", {}, element("h3", {}, title), element("p", { class: "soft" }, about), made.element, note, reload),
    load: made.load,
    destroy: made.destroy,
  };
}
