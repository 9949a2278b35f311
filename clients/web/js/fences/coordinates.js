// The points of a shape as a table: the way to draw with a keyboard, and to enter exact places.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { count } from "../ui/text.js";

const PLACES = 6;

/**
 * `{element, show(points), focus()}`. `changed(points)` is called when a user changes the table; a number that is missing
 * is NaN. `fixed` tables have no rows to add or remove.
 * @param {{changed: (points: [number, number][]) => void, announce: (text: string) => void}} parts
 */
export function coordinateTable({ changed, announce }) {
  const body = element("tbody");
  let fixed = false;
  const add = button(t("fence-add-point"), () => {
    const rows = [...body.rows];
    // Near the last point, so that the shape can be seen while it is entered.
    const [longitude, latitude] = rows.length ? read(rows.at(-1)) : [NaN, NaN];
    body.append(row([longitude, latitude], rows.length));
    tell();
    inputs(body.rows[rows.length])[0].focus();
  });
  const table = element(
    "table",
    { class: "coordinates-table" },
    element("caption", { class: "unseen" }, t("fence-points")),
    element("thead", {}, element("tr", {}, [t("fence-point"), t("latitude"), t("longitude"), ""].map((text) => element("th", { scope: "col" }, text || element("span", { class: "unseen" }, t("actions")))))),
    body,
  );

  const inputs = (each) => [...each.querySelectorAll("input")];
  const value = (input) => (input.value.trim() === "" ? NaN : Number(input.value));

  /** @returns {[number, number]} */
  function read(each) {
    const [latitude, longitude] = inputs(each).map(value);
    return [longitude, latitude];
  }

  const tell = () => changed([...body.rows].map(read));

  function row([longitude, latitude], index) {
    const number = element("th", { scope: "row" }, count(index + 1));
    const cell = (label, degrees, most) =>
      element(
        "td",
        {},
        element("input", {
          type: "number",
          step: "any",
          min: -most,
          max: most,
          value: Number.isFinite(degrees) ? String(Number(degrees.toFixed(PLACES))) : "",
          ariaLabel: t(label, { number: index + 1 }),
          onchange: tell,
        }),
      );
    const remove = button("✕", () => {
      const at = [...body.rows].indexOf(made);
      const points = [...body.rows].map(read).toSpliced(at, 1);
      show(points);
      changed(points);
      announce(t("fence-point-removed", { number: at + 1 }));
      (body.rows[Math.min(at, body.rows.length - 1)]?.querySelector("input") ?? add).focus();
    }, { ariaLabel: t("fence-remove-point", { number: index + 1 }), class: "quiet" });
    const made = element("tr", {}, number, cell("fence-latitude-of", latitude, 90), cell("fence-longitude-of", longitude, 180), element("td", {}, fixed ? null : remove));
    return made;
  }

  function show(points) {
    body.replaceChildren(...points.map(row));
  }

  return {
    element: element("div", { class: "field" }, element("div", { class: "table-frame" }, table), add),
    /** @param {[number, number][]} points
     * @param {boolean} [single] a circle has one point */
    show(points, single = false) {
      fixed = single;
      add.hidden = single;
      show(points);
    },
    focus: () => (body.querySelector("input") ?? add).focus(),
  };
}
