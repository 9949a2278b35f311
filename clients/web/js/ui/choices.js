// Several of a list, and yes or no: check boxes with their labels.

import { element } from "./element.js";

let made = 0;

/**
 * A group of check boxes: `{element, value, complain(text), focus()}`; `value` is the list of the chosen keys. `options`
 * are `[key, text]`; without any, `empty` is shown.
 * @param {string} label
 * @param {[string, string][]} options
 * @param {{value?: string[], hint?: string, empty?: string}} [given]
 */
export function choices(label, options, { value = [], hint, empty = "" } = {}) {
  const id = `choices-${++made}`;
  const complaint = element("p", { id: `${id}-complaint`, class: "complaint" });
  const help = hint ? element("p", { id: `${id}-hint`, class: "hint" }, hint) : null;
  const boxes = options.map(([key, text]) => {
    const box = element("input", { type: "checkbox", value: key, checked: value.includes(key), onchange: () => complain("") });
    return { box, line: element("label", { class: "choice" }, box, element("bdi", {}, text)) };
  });

  function complain(text) {
    complaint.textContent = text;
  }

  const place = boxes.length ? boxes.map(({ line }) => line) : [element("p", { class: "soft" }, empty)];
  return {
    element: element(
      "fieldset",
      { class: "field choices", "aria-describedby": [help?.id, complaint.id].filter(Boolean).join(" ") },
      element("legend", {}, label),
      element("div", { class: "choices-list" }, place),
      help,
      complaint,
    ),
    get value() {
      return boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
    },
    complain,
    focus: () => boxes[0]?.box.focus(),
  };
}

/**
 * One check box: `{element, value}`.
 * @param {string} label
 * @param {boolean} value
 */
export function check(label, value) {
  const box = element("input", { type: "checkbox", checked: value });
  return {
    element: element("label", { class: "choice" }, box, label),
    get value() {
      return box.checked;
    },
    complain() {},
    focus: () => box.focus(),
  };
}
