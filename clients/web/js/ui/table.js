// A table of what the API lists in pages: searched, read on, and unchanged where a row is being edited.

import { t } from "../i18n/messages.js";
import { afterDialog } from "./dialogs.js";
import { element, focused } from "./element.js";
import { button } from "./elements.js";
import { inWords } from "./problems.js";
import { inSentence } from "./text.js";

const PAUSE = 200;
const PAGE = 100;

/**
 * `{element, load(), destroy()}`. `columns` are `{label, cell(row) -> node | text}`; `list` is
 * the name of the rows in the answer; `empty` is shown without rows and without a search. `buttons(row, rows)`
 * makes the buttons of a row; `rows` is what they can do with the table.
 */
export function table({ api, label, path, list, idOf, columns, buttons, empty, searchable = true }) {
  let rows = [];
  let next = null;
  let asked = 0;
  /** Id -> {row, editor} of what is being edited: it stays, whatever is searched or loaded. */
  const editing = new Map();
  const body = element("tbody");
  const note = element("p", { class: "table-note", role: "status" });
  const more = button(t("show-more"), () => load(true), { hidden: true });
  const search = element("input", {
    type: "search",
    dir: "auto",
    placeholder: t("search"),
    ariaLabel: t("search-list", { list: inSentence(label) }),
    autocomplete: "off",
  });
  let pause = null;
  search.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => load(), PAUSE);
  });

  async function load(following = false) {
    const turn = ++asked;
    const q = search.value.trim();
    const query = { limit: PAGE, ...(q ? { q } : {}), ...(following ? { cursor: next } : {}) };
    let answer;
    try {
      answer = (await api.get(path, query)).data;
    } catch (error) {
      if (turn === asked) note.textContent = inWords(error);
      return;
    }
    // The search text has changed: a newer request is in progress.
    if (turn !== asked) return;
    rows = following ? [...rows, ...answer[list]] : answer[list];
    next = answer.next ?? null;
    more.hidden = next === null;
    note.textContent = rows.length ? "" : q ? t("no-match", { text: q }) : empty;
    draw();
  }

  function draw() {
    const shown = new Set(rows.map(idOf));
    const kept = [...editing].filter(([id]) => !shown.has(id)).map(([, each]) => each.row);
    const holder = focused();
    const row = body.contains(holder) ? holder.closest("tr") : null;
    const at = row ? [...row.querySelectorAll("button")].indexOf(holder) : -1;
    body.replaceChildren(...[...kept, ...rows].map(drawn));
    // Redrawing must not move the keyboard focus.
    if (body.contains(holder)) holder.focus();
    else if (at >= 0) rowOf(row.dataset.id)?.querySelectorAll("button")[at]?.focus();
  }

  function drawn(row) {
    const open = editing.get(idOf(row));
    if (open) return open.element;
    const made = element(
      "tr",
      {},
      ...columns.map(({ label: column, cell }, index) =>
        // In a narrow window a row is a card, and its cells say themselves what they are.
        element(index ? "td" : "th", { dataset: { label: column }, ...(index ? {} : { scope: "row" }) }, cell(row)),
      ),
      element("td", { class: "row-buttons" }, ...buttons(row, handle)),
    );
    made.dataset.id = idOf(row);
    return made;
  }

  const handle = {
    /** Puts an editor in the place of a row. `make(done, left)` makes it. */
    edit(row, make) {
      const id = idOf(row);
      if (editing.has(id)) return;
      const leave = (saved) => {
        editing.delete(id);
        if (saved) rows = rows.map((each) => (idOf(each) === id ? saved : each));
        draw();
        rowOf(id)?.querySelector("button")?.focus();
      };
      const made = make(leave, () => leave(null));
      const cell = element("td", { colSpan: columns.length + 1 }, made.element);
      editing.set(id, { row, element: element("tr", { class: "edited" }, cell) });
      draw();
      made.focus();
    },
    replace(row) {
      rows = rows.map((each) => (idOf(each) === idOf(row) ? row : each));
      draw();
    },
    remove(row) {
      const at = rows.findIndex((each) => idOf(each) === idOf(row));
      rows = rows.filter((each) => idOf(each) !== idOf(row));
      editing.delete(idOf(row));
      if (rows.length === 0) note.textContent = empty;
      draw();
      // The button that was pressed is gone: the focus goes to the search or the next row.
      const following = rows[at] ? idOf(rows[at]) : null;
      afterDialog(() => (searchable ? search : (rowOf(following)?.querySelector("button") ?? frame)).focus());
    },
    /** Puts the focus on a button of a row, by its text. */
    focus(row, text) {
      [...(rowOf(idOf(row))?.querySelectorAll("button") ?? [])].find((each) => each.textContent === text)?.focus();
    },
    load,
  };

  const rowOf = (id) => [...body.rows].find((each) => each.dataset.id === id);

  const head = element(
    "tr",
    {},
    ...columns.map((column) => element("th", { scope: "col" }, column.label)),
    element("th", { scope: "col" }, element("span", { class: "unseen" }, t("actions"))),
  );
  const frame = element(
    "div",
    { class: "table-frame", tabIndex: 0, role: "region", ariaLabel: label },
    element("table", {}, element("caption", { class: "unseen" }, label), element("thead", {}, head), body),
  );
  return {
    element: element("div", { class: "table" }, searchable ? search : null, frame, note, more),
    load,
    destroy: () => clearTimeout(pause),
  };
}
