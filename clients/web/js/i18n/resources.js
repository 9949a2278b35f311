// The messages of a language, from the sources. The built page has another module in place of this one (build.mjs): with
// the English messages, and the address of one file for each other language.

/** The files of each folder in `locales`. */
export const FILES = ["ui", "app", "account", "views", "map", "alerts", "fences", "reports", "manage", "system", "share"];

/** @param {URL} address */
async function read(address) {
  // Unit tests run in Node, whose `fetch` reads no files.
  if (address.protocol === "file:") return (await import("node:fs/promises")).readFile(address, "utf8");
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: status ${response.status}`);
  return response.text();
}

/** The messages of a language as Fluent's text. Rejects where they cannot be read. */
export async function load(language) {
  const texts = await Promise.all(FILES.map((file) => read(new URL(`../../locales/${language}/${file}.ftl`, import.meta.url))));
  return texts.join("\n");
}

export const english = await load("en");
