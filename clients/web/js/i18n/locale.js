// The language of the page: one of those that have messages, negotiated with the browser's or chosen by the user.

/** Language -> its own name. Each has a folder in `locales`. */
export const LANGUAGES = {
  en: "English",
  ar: "العربية",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  hi: "हिन्दी",
  pt: "Português",
};

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = new Set(["ar"]);
/** Name of the cookie with a user's choice: the hub reads it, too, to send the page in that language. */
const COOKIE = "language";
const YEAR = 31_536_000;

/**
 * @param {string} language
 * @returns {"ltr" | "rtl"}
 */
export const directionOf = (language) => (RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr");

/**
 * The parts of a language tag; null for a text that is not one.
 * @param {string} tag
 */
function parsed(tag) {
  try {
    return new Intl.Locale(tag);
  } catch {
    return null;
  }
}

/**
 * The first of some languages that has messages. Those have no regions, so that the first part of a tag decides.
 * @param {readonly string[]} requested language tags, the preferred one first
 */
export function negotiate(requested) {
  const languages = requested.map((tag) => parsed(tag)?.language ?? "");
  return languages.find((language) => language in LANGUAGES) ?? "en";
}

/**
 * The locale of numbers and dates: the user's variety of the language, or the language in the region of the user's first one.
 * @param {string} language
 * @param {readonly string[]} requested
 */
export function localeOf(language, requested) {
  const locales = requested.map(parsed).filter((each) => each !== null);
  const own = locales.find((each) => each.language === language);
  const region = locales.find((each) => each.region)?.region;
  return own?.toString() ?? (region ? `${language}-${region}` : language);
}

/** The languages of the browser. Node before 21, which runs the unit tests, has no navigator. */
const requested = globalThis.navigator?.languages ?? [globalThis.navigator?.language ?? "en-GB"];

/** What the user has chosen, "" without a choice. */
export const chosenLanguage = () => /(?:^|; )language=([a-z]+)/.exec(globalThis.document?.cookie ?? "")?.[1] ?? "";

/**
 * Remembers a choice, for the next page; "" follows the browser again.
 * @param {string} language
 */
export function chooseLanguage(language) {
  document.cookie = `${COOKIE}=${language}; path=/; samesite=lax; max-age=${language ? YEAR : 0}`;
}

/** The language that is wanted. */
export const wanted = chosenLanguage() in LANGUAGES ? chosenLanguage() : negotiate(requested);

/**
 * The locale of this user in a language.
 * @param {string} language
 */
export const ownLocale = (language) => localeOf(language, requested);
