// When a driver counts as inside: the numbers of a fence's rules, in the units that users enter.

import { t } from "../i18n/messages.js";
import { plain } from "../ui/text.js";

/** @type {{key: string, label: string, factor: number, min: number, max: number, value: number | null}[]} */
export const RULES = [
  { key: "dwell", label: t("fence-dwell"), factor: 60, min: 1, max: 527_040, value: null },
  { key: "enterAfter", label: t("fence-enter-after"), factor: 1, min: 0, max: 604_800, value: 0 },
  { key: "exitAfter", label: t("fence-exit-after"), factor: 1, min: 0, max: 604_800, value: 60 },
  { key: "exitMargin", label: t("fence-exit-margin"), factor: 1, min: 0, max: 1_000, value: 20 },
];

/**
 * The text of each field.
 * @param {Record<string, number | null>} rules of the API, where a default is left out
 * @returns {Record<string, string>}
 */
export function texts(rules) {
  return Object.fromEntries(
    RULES.map(({ key, factor, value }) => {
      const known = rules[key] ?? value;
      return [key, known === null ? "" : String(known / factor)];
    }),
  );
}

/**
 * The rules of the API with the texts of the fields; what has no field stays.
 * @param {Record<string, number | null>} before
 * @param {Record<string, string>} entered
 * @returns {{rules: Record<string, number | null>, wrong: Record<string, string>}} `wrong` is field → what is allowed
 */
export function rulesOf(before, entered) {
  const rules = { ...before };
  /** @type {Record<string, string>} */
  const wrong = {};
  for (const { key, factor, min, max, value } of RULES) {
    const text = entered[key].trim();
    if (text === "") {
      rules[key] = value;
      continue;
    }
    const number = Number(text);
    if (Number.isNaN(number) || number < min || number > max) wrong[key] = t("number-range", { min: plain(min), max: plain(max) });
    else rules[key] = number * factor;
  }
  return { rules, wrong };
}
