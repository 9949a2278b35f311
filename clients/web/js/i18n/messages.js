// The texts of the page by their names, in the language of the page. They are known when this module has been evaluated, so
// that other modules may have texts in constants; another language needs a reload.

import { FluentBundle, FluentResource } from "./fluent.js";
import { directionOf, ownLocale, wanted } from "./locale.js";
import { english, load } from "./resources.js";

/** Around the name of a node in a formatted text: private characters, which no message has. */
const MARK = "\uE000";
/** What Fluent puts around the arguments, so that their direction does not turn that of the sentence. */
const ISOLATES = /[\u2068\u2069]/g;

/** @param {string} name @param {string} source */
function bundleOf(name, source) {
  // English sentences had no isolates, and are compared by tests and searched by users.
  const bundle = new FluentBundle([ownLocale(name), name], { useIsolating: directionOf(name) === "rtl" });
  for (const error of bundle.addResource(new FluentResource(source))) console.error(error);
  return bundle;
}

/** The second one, English, has what the language does not have. */
const bundles = [bundleOf("en", english)];
/** The language of the page. */
export let language = "en";
if (wanted !== "en") {
  try {
    bundles.unshift(bundleOf(wanted, await load(wanted)));
    language = wanted;
  } catch (error) {
    console.warn("The messages of the language could not be loaded:", error);
  }
}

/** Whether lines are read from right to left. */
export const mirrored = directionOf(language) === "rtl";

/** The locale of numbers and dates. */
export const locale = ownLocale(language);

/** @typedef {Record<string, string | number>} Arguments */

/**
 * The text of a message. Numbers are written as the language does and decide about plurals; texts are taken as they are.
 * @param {string} id
 * @param {Arguments} [args]
 * @returns {string}
 */
export function t(id, args) {
  return found(id, args) ?? missing(id);
}

/**
 * The text of a message whose name is made of a word of the API; `otherwise` where there is none.
 * @param {string} id
 * @param {string} otherwise
 */
export const tOr = (id, otherwise) => found(id) ?? otherwise;

/**
 * A text with nodes in it, as a list of texts and nodes for an element or a template.
 * @param {string} id
 * @param {Record<string, any>} args texts and numbers, and nodes
 * @returns {any[]}
 */
export function rich(id, args) {
  const nodes = Object.entries(args).filter(([, value]) => typeof value === "object" && value !== null);
  const marks = Object.fromEntries(nodes.map(([name]) => [name, `${MARK}${name}${MARK}`]));
  const parts = t(id, { ...args, ...marks }).split(MARK);
  // Every second part is the name of a node, which has a direction of its own.
  return parts.map((part, index) => (index % 2 ? args[part] : part.replaceAll(ISOLATES, ""))).filter((part) => part !== "");
}

/**
 * @param {string} id
 * @param {Arguments} [args]
 */
function found(id, args) {
  for (const bundle of bundles) {
    const value = bundle.getMessage(id)?.value;
    if (!value) continue;
    /** @type {Error[]} */
    const errors = [];
    const text = bundle.formatPattern(value, args ?? null, errors);
    for (const error of errors) console.error(`The message ${id}:`, error);
    return text;
  }
  return undefined;
}

/** A name instead of an empty text, and an error that tests see.
 * @param {string} id */
function missing(id) {
  console.error(`There is no message ${id}.`);
  return id;
}
