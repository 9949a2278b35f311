// The messages: complete in every language, read alike by both readers, and none of the page's texts outside of them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import "./english.mjs";
import * as library from "../../../clients/web/vendor/fluent/fluent.mjs";
import { LANGUAGES, localeOf, negotiate } from "../../../clients/web/js/i18n/locale.js";
import * as plain from "../../../clients/web/js/i18n/plain.js";
import { FILES } from "../../../clients/web/js/i18n/resources.js";

const WEB = fileURLToPath(new URL("../../../clients/web/", import.meta.url));

const PAGES = ["index.html", "share.html", "shared-drivers.html"];

const text = (language) => FILES.map((file) => readFileSync(join(WEB, "locales", language, `${file}.ftl`), "utf8")).join("\n");

/** Name -> value as Fluent's library reads it. */
function messages(language) {
  return new Map(new library.FluentResource(text(language)).body.map(({ id, value }) => [id, value]));
}

const english = messages("en");
const others = Object.keys(LANGUAGES).filter((language) => language !== "en");

/** The nodes of a value that are of a type. */
function nodes(value, type) {
  if (value === null || typeof value !== "object") return [];
  return [...(value.type === type ? [value] : []), ...Object.values(value).flatMap((each) => nodes(each, type))];
}

const variables = (value) => [...new Set(nodes(value, "var").map(({ name }) => name))].sort();

test("there is a folder of each language, with the same files", () => {
  assert.deepEqual(readdirSync(join(WEB, "locales")).sort(), Object.keys(LANGUAGES).sort());
  for (const language of Object.keys(LANGUAGES)) {
    assert.deepEqual(readdirSync(join(WEB, "locales", language)).sort(), FILES.map((file) => `${file}.ftl`).sort());
  }
});

test("every line of the messages is read, and no name stands twice", () => {
  for (const language of Object.keys(LANGUAGES)) {
    const names = [...text(language).matchAll(/^([^#\s}][^=]*?) *=/gm)].map(([, name]) => name);
    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), [], language);
    // What Fluent cannot read it leaves out.
    assert.deepEqual([...messages(language).keys()].sort(), names.sort(), language);
  }
});

test("every language has the messages of English, with the same arguments", () => {
  for (const language of others) {
    const found = messages(language);
    assert.deepEqual([...found.keys()].sort(), [...english.keys()].sort(), language);
    for (const [id, value] of found) assert.deepEqual(variables(value), variables(english.get(id)), `${language}: ${id}`);
  }
});

test("plurals have the categories of the language, and words of the code the variants of English", () => {
  for (const language of Object.keys(LANGUAGES)) {
    // Numbers of whole things: the category of millions in Romance languages is that of others here.
    const rules = new Intl.PluralRules(language);
    const wanted = new Set(Array.from({ length: 201 }, (_, count) => rules.select(count)));
    for (const [id, value] of messages(language)) {
      const first = nodes(english.get(id), "select").map(({ variants }) => variants.map(({ key }) => key.value));
      const found = nodes(value, "select").map(({ variants }) => variants.map(({ key }) => key.value));
      const counts = (keys) => keys.includes("other");
      for (const keys of found.filter(counts)) {
        if (keys.length === 2 && keys.includes("two")) continue; // the dual of a number that is never greater than a few
        for (const key of wanted) assert.ok(keys.includes(key), `${language}: ${id} has no [${key}]`);
      }
      assert.deepEqual(found.filter((keys) => !counts(keys)), first.filter((keys) => !counts(keys)), `${language}: ${id}`);
    }
  }
});

test("without the library the messages read the same", () => {
  const source = text("en");
  const bundles = [library, plain].map(({ FluentBundle, FluentResource }) => {
    const bundle = new FluentBundle(["en-GB"], { useIsolating: false });
    bundle.addResource(new FluentResource(source));
    return bundle;
  });
  for (const [id, value] of english) {
    for (const given of [1, 1234, "driver", "mi"]) {
      const args = Object.fromEntries(variables(value).map((name) => [name, given]));
      const [one, other] = bundles.map((bundle) => bundle.formatPattern(bundle.getMessage(id).value, args, []));
      assert.equal(other, one, id);
      assert.ok(one.trim(), id);
    }
  }
});

test("a message has its arguments, nodes stay what they are, and a missing one is an error", async (context) => {
  const { rich, t, tOr } = await import("../../../clients/web/js/i18n/messages.js");
  assert.equal(t("saved", { name: "<b>" }), "<b> saved.");
  const node = { nodeType: 1 };
  assert.deepEqual(rich("share-line-driver", { name: node, driver: "7", time: "noon" }), [node, " (7) · until noon"]);
  assert.equal(tOr("report-unheard-of", "Unheard of"), "Unheard of");
  const told = context.mock.method(console, "error", () => {});
  assert.equal(t("not-there"), "not-there");
  assert.equal(told.mock.callCount(), 1);
});

test("the language is the first of the browser's that has messages, and its locale the user's own", () => {
  assert.equal(negotiate(["nl-NL", "pt-BR", "en"]), "pt");
  assert.equal(negotiate(["x", "C", "zh-Hant-TW"]), "en");
  assert.equal(localeOf("de", ["en-US", "de-AT"]), "de-AT");
  assert.equal(localeOf("ar", ["en-GB", "en"]), "ar-GB");
  assert.equal(localeOf("en", []), "en");
});

/** What a user with a locale and preferences reads, from a process of its own. */
function figures(locale, preferences = {}) {
  const script = `
    Object.defineProperty(globalThis, "navigator", { value: { languages: [${JSON.stringify(locale)}] }, configurable: true });
    globalThis.localStorage = { getItem: () => ${JSON.stringify(JSON.stringify(preferences))} };
    const text = await import("${new URL("../../../clients/web/js/ui/text.js", import.meta.url)}");
    const { firstDay } = await import("${new URL("../../../clients/web/js/i18n/preferences.js", import.meta.url)}");
    text.useZone("Asia/Dubai");
    console.log(JSON.stringify([
      text.speed(25), text.distance(120), text.distance(12_345), text.duration(5_400), text.age(150), text.age(3 * 86_400),
      text.count(1_234_567), text.minute("2026-10-05T12:34:00Z"), text.list(["A", "B"]), firstDay,
    ]));`;
  // The spaces that do not break are those of a language's typography.
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }).replaceAll(/[\u00a0\u202f]/g, " "));
}

test("numbers, times and units are those of the language and region", () => {
  const table = {
    "en-IE": ["90 km/h", "120 m", "12.3 km", "1 h 30 min", "2 min ago", "3 days ago", "1,234,567", "16:34", "A and B", "mo"],
    "en-US": ["56 mph", "394 ft", "7.7 mi", "1 h 30 min", "2 min ago", "3 days ago", "1,234,567", "04:34 PM", "A and B", "su"],
    "de-DE": ["90 km/h", "120 m", "12,3 km", "1 h 30 min", "vor 2 min", "vor 3 Tagen", "1.234.567", "16:34", "A und B", "mo"],
    "es-ES": ["90 km/h", "120 m", "12,3 km", "1 h 30 min", "hace 2 min", "hace 3 días", "1.234.567", "16:34", "A y B", "mo"],
    "fr-FR": ["90 km/h", "120 m", "12,3 km", "1 h 30 min", "il y a 2 min", "il y a 3 jours", "1 234 567", "16:34", "A et B", "mo"],
    "pt-BR": ["90 km/h", "120 m", "12,3 km", "1 h 30 min", "há 2 min", "há 3 dias", "1.234.567", "16:34", "A e B", "su"],
    "hi-IN": ["90 कि॰मी॰/घं॰", "120 मी", "12.3 कि॰मी॰", "1 घं॰ 30 मि॰", "2 मि॰ पहले", "3 दिन पहले", "12,34,567", "04:34 pm", "A और B", "su"],
    "ar-EG": ["٩٠ كم/س", "١٢٠ مترًا", "١٢٫٣ كم", "١ س ٣٠ د", "قبل ٢ د", "قبل ٣ أيام", "١٬٢٣٤٬٥٦٧", "٠٤:٣٤ م", "A وB", "sa"],
    "ar-AE": ["90 كم/س", "120 مترًا", "12.3 كم", "1 س 30 د", "قبل 2 د", "قبل 3 أيام", "1,234,567", "04:34 م", "A وB", "mo"],
  };
  for (const [locale, expected] of Object.entries(table)) {
    // Isolates keep the direction of an argument; they cannot be seen.
    assert.deepEqual(figures(locale).map((each) => each.replaceAll(/[\u2066-\u2069\u200f\u061c]/g, "")), expected, locale);
  }
});

test("a choice comes before what is usual in the region", () => {
  const [speed, short, long, , , , , minute, , week] = figures("de-DE", { units: "mi", clock: "12", week: "su" });
  assert.deepEqual([speed, short, long, week], ["56 mi/h", "394 ft", "7,7 mi", "su"]);
  assert.match(minute, /^0?4:34 PM$/);
  assert.equal(figures("en-US", { clock: "24" })[7], "16:34");
});

const CODE = readdirSync(join(WEB, "js"), { recursive: true })
  .map((file) => String(file).split(sep).join("/"))
  .filter((file) => file.endsWith(".js"));

test("every message that the code names exists, and every message is used", () => {
  const pages = PAGES.map((name) => readFileSync(join(WEB, name), "utf8")).join("\n");
  const all = CODE.map((file) => readFileSync(join(WEB, "js", file), "utf8")).join("\n");
  const named = [...all.matchAll(/\b(?:t|rich|tOr)\("([\w-]+)"/g), ...pages.matchAll(/data-l10n(?:-label)?="([\w-]+)"/g)].map(([, id]) => id);
  assert.deepEqual([...new Set(named)].filter((id) => !english.has(id)), []);
  const quoted = new Set([...all.matchAll(/"([a-z][a-z0-9-]*)"/g)].map(([, id]) => id));
  const made = /^report-/; // by the names of the API: tests/web/test_languages.py
  assert.deepEqual([...english.keys()].filter((id) => !named.includes(id) && !quoted.has(id) && !made.test(id)), []);
});

/** Texts that are the same in all languages: names of products, formats and units, and examples of addresses. */
const SAME = new Set([
  "URL", "Webhook", "Traccar", "MQTT", "NATS", "Apprise", "Slack", "Discord", "Microsoft Teams", "Telegram", "ntfy", "CSV", "Excel", "GPX", "GeoJSON",
  "ApiError", "Redis", "PostgreSQL", "OpenStreetMap", "Google Maps", "Apple Maps", "Traccar Client:", "OwnTracks:", "Natural Earth", "mqtts://host", "tls://host", "schema://…",
]);

/** Texts for users that are not messages: text between tags, values of properties that are read or seen, what is announced. */
function literal(code) {
  const found = [];
  const bare = code.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "").replaceAll(/console\.\w+\("[^"]*"/g, "(").replaceAll(/\$\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, "${}");
  const letters = /\p{L}{2}/u;
  // Between the tags of templates.
  for (const [, template] of bare.matchAll(/html`([^`]*)`/g)) {
    for (const [, words] of template.matchAll(/>([^<>]*)</g)) if (letters.test(words.replaceAll("${}", ""))) found.push(words.trim());
    for (const [, words] of template.matchAll(/(?:aria-label|title|placeholder|alt)="([^"]*)"/g)) if (letters.test(words.replaceAll("${}", ""))) found.push(words);
  }
  const told = /(?:ariaLabel|"aria-label"|"aria-valuetext",|\b(?:title|placeholder|hint|label|name|about|empty|alt|words):|textContent =|\b(?:announce|button|field|check|choices|complain|tell|say|confirmDialog|openDialog)\() *:? *(["`])((?:(?!\1).)*)\1/g;
  for (const [, , words] of bare.matchAll(told)) if (letters.test(words.replaceAll("${}", "")) && !/^[a-z-]+$/.test(words)) found.push(words);
  // The children of elements.
  for (const [, words] of bare.matchAll(/element\([^;]*?\}, "([^"]*)"\)/g)) if (letters.test(words)) found.push(words);
  // A sentence is recognized anywhere.
  for (const [, words] of bare.matchAll(/"([A-Z][a-z]+ [^"]*[.…!?])"/g)) found.push(words);
  return found.filter((words) => !SAME.has(words));
}

test("no text for users is outside of the messages", () => {
  const found = CODE.flatMap((file) => literal(readFileSync(join(WEB, "js", file), "utf8")).map((words) => `${file}: ${words}`));
  assert.deepEqual(found, []);
});

test("the search for texts finds them", () => {
  const lines = ['html`<p class="x">No drivers</p>`', 'html`<b aria-label="Close it">x</b>`', 'announce(`${name} saved.`)', 'element("p", {}, "Empty")', 'button("Save", save)'];
  for (const line of lines) assert.equal(literal(line).length, 1, line);
  assert.deepEqual(literal('html`<p>${t("none")}</p>`; element("p", { class: "soft" }, t("x")); // No text'), []);
});

test("the texts of the pages have names", () => {
  for (const page of PAGES) {
    const html = readFileSync(join(WEB, page), "utf8");
    const bare = html.replaceAll(/<[^>]* data-l10n="[\w-]+"[^>]*>[^<]*</g, "<");
    for (const [, words] of bare.matchAll(/>([^<>]*)</g)) assert.doesNotMatch(words, /\p{L}/u, page);
    for (const [tag] of html.matchAll(/<[^>]*aria-label=[^>]*>/g)) assert.match(tag, /data-l10n-label=/, page);
    for (const [, id, words] of html.matchAll(/ data-l10n="([\w-]+)"[^>]*>([^<]*)</g)) assert.equal(words, english.get(id), page);
  }
});
