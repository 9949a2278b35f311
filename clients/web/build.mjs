// Builds the pages: `node build.mjs <this folder> <packages> <target>`; bundle.py calls it.
//
// Each page gets one style sheet and one module, with all their imports; its plain scripts are minified. Names contain
// a hash of the content, so that browsers may keep the files for ever. Compressed forms are next to the file. The English
// messages are in the modules; each other language has a file of messages, and a form of each page that loads it early.
// `packages` is a folder with `node_modules`.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

import { directionOf, LANGUAGES } from "./js/i18n/locale.js";

const PAGES = ["index.html", "share.html", "shared-drivers.html"];
/** Browsers of the last three years; nothing that the sources use has to be rewritten for them. */
const TARGET = ["es2022", "chrome111", "firefox115", "safari16.4"];
/** Below this many bytes a compressed file saves no packet. */
const SMALL = 1_000;

const [web, packages, target] = process.argv.slice(2);
const installed = createRequire(join(packages, "package.json"));
const esbuild = installed("esbuild");
const { FluentBundle, FluentResource } = installed("@fluent/bundle");
const common = { absWorkingDir: web, bundle: true, minify: true, sourcemap: true, target: TARGET, metafile: true, logLevel: "warning" };

/** Writes a file under a name with the hash of its content; returns that name. */
async function hashed(path) {
  const content = await readFile(path);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const name = `${basename(path, extname(path))}-${hash}${extname(path)}`;
  await writeFile(join(target, name), content);
  return name;
}

/** MapLibre is minified already, and loads its worker from its own folder: it is copied unchanged. */
async function mapLibre() {
  const folder = join(web, "vendor/maplibre-gl");
  const name = await hashed(join(folder, "maplibre-gl.mjs"));
  // MapLibre requests this name, followed by its version.
  await writeFile(join(target, "maplibre-gl-worker.mjs"), await readFile(join(folder, "maplibre-gl-worker.mjs")));
  return {
    name,
    plugin: {
      name: "maplibre",
      setup(build) {
        build.onResolve({ filter: /\/maplibre-gl\.mjs$/ }, () => ({ path: `./${name}`, external: true }));
      },
    },
  };
}

/** A module that is minified already and loaded when it is needed: Terra Draw for drawing a fence, PMTiles for a map of one file. */
async function later(module) {
  const name = await hashed(join(web, `vendor/${module}/${module}.mjs`));
  const setup = (build) => build.onResolve({ filter: new RegExp(`/${module}\\.mjs$`) }, () => ({ path: `./${name}`, external: true }));
  return { name, plugin: { name: module, setup } };
}

/** Builds one entry point with all that it imports; returns the name of the file. */
async function bundled(entry, options) {
  const { metafile } = await esbuild.build({ ...common, entryPoints: [entry], outdir: target, entryNames: "[name]-[hash]", ...options });
  return basename(Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint === entry));
}

/** Builds one style sheet of several; returns its name. */
async function styles(name, files) {
  const contents = files.map((file) => `@import "./${file}";`).join("\n");
  const stdin = { contents, resolveDir: web, sourcefile: name, loader: "css" };
  const path = join(target, name);
  await esbuild.build({ ...common, stdin, outfile: path, sourcemap: false });
  const made = await hashed(path);
  await rm(path);
  return made;
}

/** The messages of a language, without comments. */
async function messagesOf(language) {
  const folder = join(web, "locales", language);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ftl")).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  return texts.join("\n").replace(/^#.*\n/gm, "").replace(/\n{2,}/g, "\n");
}

/** The languages: of each its messages, and the address of its file unless that is English. */
async function languages() {
  const found = {};
  for (const language of Object.keys(LANGUAGES)) {
    const text = await messagesOf(language);
    const path = join(target, `${language}.ftl`);
    await writeFile(path, text);
    found[language] = { text, file: language === "en" ? null : await hashed(path) };
    await rm(path);
  }
  return found;
}

/** Takes the place of `js/i18n/resources.js`; and the library is there, so that `js/i18n/plain.js` is not needed. */
function resources(known) {
  const files = Object.fromEntries(Object.entries(known).filter(([, { file }]) => file).map(([language, { file }]) => [language, file]));
  const contents = `export const english = ${JSON.stringify(known.en.text)};
    const FILES = ${JSON.stringify(files)};
    export async function load(language) {
      const response = await fetch(new URL(FILES[language], import.meta.url));
      if (!response.ok) throw new Error(FILES[language] + ": status " + response.status);
      return response.text();
    }`;
  return {
    name: "resources",
    setup(build) {
      build.onResolve({ filter: /^\.\/fluent\.js$/ }, () => ({ path: join(web, "vendor/fluent/fluent.mjs") }));
      build.onResolve({ filter: /\/resources\.js$/ }, () => ({ path: "resources", namespace: "built" }));
      build.onLoad({ filter: /./, namespace: "built" }, () => ({ contents }));
    },
  };
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A page in another language, as js/i18n/document.js would make it; its messages load before the module that waits for them. */
function translated(html, language, { text, file }) {
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(text));
  const say = (id) => escaped(bundle.formatPattern(bundle.getMessage(id).value));
  return html
    .replace('<html lang="en">', `<html lang="${language}" dir="${directionOf(language)}">`)
    .replace(/(<(\w+)[^>]* data-l10n="([\w-]+)"[^>]*>)[^<]*(<\/\2>)/g, (_, open, name, id, close) => `${open}${say(id)}${close}`)
    .replace(/(data-l10n-label="([\w-]+)" aria-label=)"[^"]*"/g, (_, open, id) => `${open}"${say(id)}"`)
    .replace("</title>\n", `</title>\n    <link rel="preload" href="/web/built/${file}" as="fetch" crossorigin>\n`);
}

/** Writes the forms of a page in the other languages, next to it. */
async function translate(name, known) {
  const html = await readFile(join(target, name), "utf8");
  for (const [language, messages] of Object.entries(known)) {
    if (messages.file) await writeFile(join(target, name.replace(".html", `.${language}.html`)), translated(html, language, messages));
  }
}

const STYLE = / *<link rel="stylesheet" href="\/web\/([^"]+)">\n/g;
const MODULE = /<script type="module" src="\/web\/([^"]+)"><\/script>/;
const SCRIPT = /<script src="\/web\/([^"]+)"><\/script>/g;
const ICON = /<link rel="icon" href="\/web\/([^"]+)"/;

/** Builds a page; returns its addresses of files that never change. */
async function page(name, maplibre, others, known) {
  const text = await readFile(join(web, name), "utf8");
  const sheet = await styles(name.replace(".html", ".css"), [...text.matchAll(STYLE)].map((match) => match[1]));
  const links = [`    <link rel="stylesheet" href="/web/built/${sheet}">\n`];
  let html = text.replace(STYLE, () => links.pop() ?? "");
  for (const [whole, entry] of html.matchAll(SCRIPT)) {
    html = html.replace(whole, `<script src="/web/built/${await bundled(entry, { format: "iife" })}"></script>`);
  }
  const icon = ICON.exec(html)[1];
  html = html.replace(`/web/${icon}`, `/web/built/${await hashed(join(web, icon))}`);
  const [whole, entry] = MODULE.exec(html);
  const main = await bundled(entry, { format: "esm", plugins: [maplibre.plugin, resources(known), ...others] });
  // Preloaded: MapLibre loads before the module that imports it.
  const early = `<link rel="modulepreload" href="/web/built/${maplibre.name}">\n    `;
  html = html.replace(whole, `${early}<script type="module" src="/web/built/${main}"></script>`);
  await writeFile(join(target, name), html);
  return [...html.matchAll(/"(\/web\/built\/[^"]+)"/g)].map((match) => match[1]);
}

/** The files of the screen that have no hash in their name: the page, MapLibre's worker, and the coarse form of the built-in map. */
const FRESH = ["/", "/web/built/maplibre-gl-worker.mjs", "/web/vendor/world/cells/world.json"];

/** Builds the service worker with the names of the screen's files and their version, which the page is given, too. */
async function worker(files) {
  const entry = "worker/worker.js";
  const path = join(target, "index.html");
  const html = await readFile(path, "utf8");
  const parts = [html, await readFile(join(web, entry)), await readFile(join(web, "vendor/stamp")), files.join()];
  const version = parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex").slice(0, 12);
  const define = { SHELL: JSON.stringify({ version, files, fresh: FRESH }) };
  await esbuild.build({ ...common, entryPoints: [entry], outfile: join(target, "worker.js"), sourcemap: false, format: "iife", define });
  await writeFile(path, html.replace("<title", () => `<meta name="build" content="${version}">\n    <title`));
}

const COMPRESSED = new Set([".js", ".mjs", ".css", ".json", ".svg", ".ftl"]);

/** Writes the gzip form of each file next to it, and the brotli form if `withBrotli`. */
async function compress(folder, withBrotli) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter(({ name }) => COMPRESSED.has(extname(name)))) {
    const path = join(file.parentPath ?? file.path, file.name);
    const content = await readFile(path);
    if (content.length < SMALL || existsSync(`${path}.gz`)) continue;
    await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
    if (withBrotli) await writeFile(`${path}.br`, await promisify(brotliCompress)(content));
  }
}

await mkdir(target, { recursive: true });
const maplibre = await mapLibre();
const others = [await later("terra-draw"), await later("pmtiles")];
const known = await languages();
const files = {};
for (const name of PAGES) files[name] = await page(name, maplibre, others.map(({ plugin }) => plugin), known);
await worker([...files["index.html"], ...others.map(({ name }) => `/web/built/${name}`)]);
for (const name of PAGES) await translate(name, known);
await compress(target, true);
// Many files, of which a visit needs few: a second form of each would make the package larger by a third.
for (const folder of ["world", "swagger-ui"]) await compress(join(web, "vendor", folder), false);
