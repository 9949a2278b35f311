// Fields with label, hint and error message, tied together for screen readers.

import { element } from "./element.js";

let made = 0;

/** A field: `{element, input, value, complain(text), focus()}`. `options` of `[value, text]` make it a choice;
 * `suggest(text)` resolves to such pairs, offered while one types; `lines` is the height of a text of several.
 * @param {string} label
 * @param {Record<string, any>} [given] with the properties of the input
 */
export function field(label, { value = "", options, hint, suggest, lines, ...properties } = {}) {
  const id = `field-${++made}`;
  /** @type {any} */
  const input = options
    ? element("select", { id, ...properties }, ...options.map(([key, text]) => element("option", { value: key }, text)))
    : lines
      ? element("textarea", { id, rows: lines, dir: "auto", ...properties })
      : element("input", { id, type: "text", dir: "auto", ...properties });
  input.value = value;
  const complaint = element("p", { id: `${id}-complaint`, class: "complaint" });
  const help = hint ? element("p", { id: `${id}-hint`, class: "hint" }, hint) : null;
  input.setAttribute("aria-describedby", [help?.id, complaint.id].filter(Boolean).join(" "));
  input.addEventListener("input", () => complain(""));
  const offered = suggest ? suggestions(input, `${id}-offered`, suggest) : null;

  function complain(text) {
    complaint.textContent = text;
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  return {
    element: element(
      "div",
      { class: "field" },
      element("label", { htmlFor: id }, label),
      input,
      offered,
      help,
      complaint,
    ),
    input,
    complain,
    get value() {
      return input.type === "text" || input.type === "search" ? input.value.trim() : input.value;
    },
    set value(text) {
      input.value = text;
    },
    focus: () => input.focus(),
  };
}

/** A form's line for what is about no single field, read aloud when it changes. */
export function problemLine() {
  return element("p", { class: "complaint", role: "alert" });
}

const PAUSE = 150;

function suggestions(input, id, suggest) {
  const offered = element("datalist", { id });
  input.setAttribute("list", id);
  input.autocomplete = "off";
  let pause = null;
  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    try {
      const found = await suggest(input.value.trim());
      // An answer to an earlier text may come after that to a later one.
      if (mine === asked) offered.replaceChildren(...found.map(([value, text]) => element("option", { value, label: text })));
    } catch (error) {
      // The value can be typed without suggestions; saving reports errors.
      if (error.status === undefined) throw error;
      if (mine === asked) offered.replaceChildren();
    }
  };
  input.addEventListener("focus", ask);
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  });
  return offered;
}
