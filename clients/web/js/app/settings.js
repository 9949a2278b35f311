// The dialog of language, units, clock and week. What is chosen holds from the next load of the page, which follows at once.

import { changeLanguage, languageOptions } from "../i18n/choice.js";
import { chosenLanguage, LANGUAGES } from "../i18n/locale.js";
import { language, locale, t } from "../i18n/messages.js";
import { chosenPreferences, keepPreferences, usualWeek } from "../i18n/preferences.js";
import { actions, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";

const SVG = "http://www.w3.org/2000/svg";
const DAYS = { mo: t("monday"), sa: t("saturday"), su: t("sunday") };

/** A globe: it says what the button is for in every language. */
function globe() {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: "18", height: "18", class: "globe", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18ZM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18");
  svg.append(path);
  return svg;
}

/**
 * Makes a button of the page open the dialog.
 * @param {HTMLElement} press
 */
export function mountSettings(press) {
  press.title = t("settings");
  press.replaceChildren(globe(), element("span", {}, LANGUAGES[language]));
  press.addEventListener("click", () => openSettings());
}

async function openSettings() {
  const before = chosenPreferences();
  const line = problemLine();
  const fields = {
    language: field(t("settings-language"), { options: languageOptions(), value: chosenLanguage() }),
    units: field(t("settings-units"), {
      options: [["", t("settings-usual")], ["km", t("settings-metric")], ["mi", t("settings-miles")]],
      value: before.units,
      hint: t("settings-units-hint"),
    }),
    clock: field(t("settings-clock"), {
      options: [["", t("settings-usual")], ["24", t("settings-clock-24")], ["12", t("settings-clock-12")]],
      value: before.clock,
    }),
    week: field(t("settings-week"), {
      options: [["", t("settings-usual-day", { day: DAYS[usualWeek(locale)] ?? usualWeek(locale) })], ...Object.entries(DAYS)],
      value: before.week,
    }),
  };
  const save = () => {
    try {
      keepPreferences({ units: fields.units.value, clock: fields.clock.value, week: fields.week.value });
    } catch {
      line.textContent = t("settings-no-storage");
      return;
    }
    changeLanguage(fields.language.value);
  };
  const form = element(
    "form",
    { noValidate: true, onsubmit: (event) => event.preventDefault() },
    ...Object.values(fields).map((each) => each.element),
    line,
    actions(button(t("save"), save, { type: "submit", class: "primary" })),
  );
  const dialog = openDialog(t("settings"), form);
  fields.language.focus();
  await dialog.closed;
}
