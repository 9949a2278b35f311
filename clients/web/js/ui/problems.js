// Errors of the hub in plain words, shown at the field that they concern.

import { language, t } from "../i18n/messages.js";
import { list } from "./text.js";

/** Whether an error means that the hub cannot be reached: also where a proxy says so, which gives no problem details. */
export const unreachable = (error) => error.name === "ApiError" && (error.status === 0 || (error.status >= 502 && !error.detail));

/** A sentence for an error of the API, or of the way to it. */
export function inWords(error) {
  switch (error.status) {
    case undefined:
      throw error; // not an answer of the hub, but a mistake in the page
    case 0:
      return t("problem-no-answer");
    case 401:
      return t("problem-session");
    case 403:
      return t("problem-role");
    case 404:
      return t("problem-deleted");
    case 429:
      return t("problem-too-many");
    case 503:
      return t("problem-unavailable");
    default:
      return sentence(error.errors?.length === 1 ? error.errors[0].detail : error.detail);
  }
}

/** Shows an error in a form: at the fields it names, the rest in the form's own line. */
export function showProblem(error, fields, line) {
  // A member of a list belongs to the field of the list.
  const at = ({ field }) => fields[field?.replace(/\[.*$/, "")];
  const named = (error.errors ?? []).filter(at);
  for (const each of named) at(each).complain(inPlain(each));
  if (named.length) at(named[0]).focus();
  else line.textContent = inWords(error);
}

/**
 * An entry of a problem document's `errors` in plain words.
 * @param {{code?: string, detail?: string, limit?: number, allowed?: string[]}} error
 */
export function inPlain({ code, detail = "", limit, allowed }) {
  switch (code) {
    case "pattern":
      return detail.includes("A-Za-z0-9")
        ? t("problem-pattern-id")
        : t("problem-pattern-line");
    case "too_long":
      return t("problem-too-long", { limit });
    case "too_short":
      return t("problem-too-short", { limit });
    default:
      // The hub's sentence is English and says most; the others say what their codes do.
      return (language !== "en" && OTHERS[code]?.({ limit, allowed })) || sentence(detail);
  }
}

/** @type {Record<string, (error: {limit?: number, allowed?: string[]}) => string | undefined>} */
const OTHERS = {
  required: () => t("problem-required"),
  too_small: ({ limit }) => limit === undefined ? undefined : t("problem-too-small", { limit }),
  too_large: ({ limit }) => limit === undefined ? undefined : t("problem-too-large", { limit }),
  not_allowed: ({ allowed }) => allowed && t("problem-not-allowed", { allowed: list(allowed) }),
};

function sentence(text = t("problem-failed")) {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
