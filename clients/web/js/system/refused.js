// What could not be stored: dead letters of the log, and requests of phones in the quarantine. Both are shown, and sent
// again after a fix.

import { t } from "../i18n/messages.js";
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
    title: t("system-dead-letters"),
    about: t("system-dead-letters-about"),
    path: LETTERS,
    rows: "letters",
    empty: t("system-dead-letters-none"),
    columns: [
      { label: t("system-time"), cell: (row) => instant(row.buriedAt) },
      { label: t("system-reason"), cell: (row) => row.reason },
      { label: t("system-size"), cell: (row) => t("count-bytes", { count: row.size }) },
    ],
    facts: (row) => [[t("system-log-entry"), row.entryId], [t("system-reason"), row.reason]],
    outcome: () => t("system-letter-sent"),
    left: () => true,
  });
  const payloads = list(context, {
    title: t("system-quarantine"),
    about: t("system-quarantine-about"),
    path: QUARANTINE,
    rows: "payloads",
    empty: t("system-quarantine-none"),
    columns: [
      { label: t("system-time"), cell: (row) => instant(row.receivedAt) },
      { label: t("column-driver"), cell: (row) => row.driverId ?? text.UNKNOWN },
      { label: t("system-format"), cell: (row) => row.dialect },
      { label: t("system-points"), cell: (row) => text.count(row.points) },
      { label: t("system-reason"), cell: reason },
    ],
    facts: (row) => [[t("system-path"), row.path], [t("system-query"), row.query || text.UNKNOWN], [t("system-reason"), reason(row)]],
    outcome: ({ accepted, refused, field, detail }) =>
      refused === 0
        ? t("system-published", { count: accepted })
        : t("system-published-some", { count: accepted, refused, reason: reason({ field, detail }) }),
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
      button(t("system-show"), () => show(row), { ariaLabel: t("system-show-name", { name: labelOf(row) }) }),
      button(t("system-send-again"), () => send(row, handle), { ariaLabel: t("system-send-again-name", { name: labelOf(row) }) }),
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

  const reload = button(t("system-reload"), () => made.load(), { ariaLabel: t("system-reload-list", { list: text.inSentence(title) }) });
  return {
    element: element("section", {}, element("h3", {}, title), element("p", { class: "soft" }, about), made.element, note, reload),
    load: made.load,
    destroy: made.destroy,
  };
}
