// The choice of a language by the user.

import { chooseLanguage, LANGUAGES, negotiate } from "./locale.js";
import { t } from "./messages.js";

/** The languages with their own names, that of the browser first.
 * @returns {[string, string][]} */
export function languageOptions() {
  const usual = LANGUAGES[negotiate(navigator.languages)];
  return [["", t("settings-browser", { usual })], ...Object.entries(LANGUAGES)];
}

/** Chooses a language, and loads the page in it.
 * @param {string} chosen of `languageOptions` */
export function changeLanguage(chosen) {
  chooseLanguage(chosen);
  location.reload();
}
