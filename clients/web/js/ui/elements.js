// The small parts that every form and table of the management is made of.

import { t } from "../i18n/messages.js";
import { element } from "./element.js";
import * as words from "./text.js";

/** A button that can be pressed once at a time: it rests while what it does is under way. With the type `submit` it is
 * also what Enter presses in its form, whose own submission is to be prevented. */
export function button(text, press, properties = {}) {
  const made = element("button", { type: "button", ...properties }, text);
  made.addEventListener("click", async () => {
    if (made.getAttribute("aria-disabled") === "true") return;
    // Not `disabled`: that would throw the focus away.
    made.setAttribute("aria-disabled", "true");
    try {
      await press(made);
    } finally {
      made.removeAttribute("aria-disabled");
    }
  });
  return made;
}

/** A name that may be written from right to left, without turning the sentence around it. */
export function name(text) {
  return element("bdi", {}, text);
}

/** An instant in the time zone of the fleet, UTC on hover. */
export function instant(text) {
  const date = new Date(text);
  return element("time", { dateTime: date.toISOString(), title: words.utc(date) }, words.instant(date));
}

/** A text to be copied: a link, a password. `announce` says that it was. */
export function copyable(label, text, announce) {
  const input = element("input", { value: text, readOnly: true, dir: "ltr", spellcheck: false, ariaLabel: label });
  input.addEventListener("focus", () => input.select());
  const copy = button(t("copy"), async () => {
    try {
      await navigator.clipboard.writeText(text);
      announce(t("copied-name", { label }));
      copy.textContent = t("copied");
    } catch {
      // Pages that came over plain HTTP may not write to the clipboard: the reader still can.
      input.focus();
      announce(t("copy-by-hand"));
    }
  });
  return element("div", { class: "copyable" }, input, copy);
}
