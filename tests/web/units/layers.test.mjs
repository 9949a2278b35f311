// The layers of the scripts: data flows one way, and nothing is imported in a circle.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../clients/web/js/", import.meta.url));

/** Layer -> those that it may import from, besides itself; docs/screen.md says what each is for. */
const LAYERS = {
  i18n: [],
  ui: ["i18n"],
  live: [],
  map: ["i18n", "ui", "live"],
  alerts: ["i18n", "ui"],
  manage: ["i18n", "ui", "alerts"],
  fences: ["i18n", "ui", "map", "manage"],
  places: ["i18n", "ui", "map"],
  system: ["i18n", "ui", "alerts"],
  reports: ["i18n", "ui", "places", "alerts", "manage"],
  views: ["i18n", "ui", "map", "alerts", "manage", "fences", "places"],
  app: ["i18n", "ui", "live", "map", "alerts", "manage", "fences", "reports", "system", "places", "views"],
};

const PAGES = ["app/main.js", "app/theme.js", "views/share.js", "views/shared-drivers.js"];

const files = readdirSync(ROOT, { recursive: true })
  .map((file) => String(file).split(sep).join("/"))
  .filter((file) => file.endsWith(".js"));

/** The files that one imports, at once or later; those of packages are left out, and those of types. */
function imports(file) {
  const code = readFileSync(join(ROOT, file), "utf8").replaceAll(/\/\*\*.*?\*\//gs, "");
  const found = code.matchAll(/(?:\bfrom|\bimport\(|^import) ?"(\.[^"]+)"/gm);
  return [...found].map(([, path]) => relative(ROOT, join(ROOT, dirname(file), path)).split(sep).join("/")).filter((path) => !path.startsWith(".."));
}

test("every script is in a layer, and has a name in kebab case", () => {
  for (const file of files) assert.match(file, new RegExp(`^(${Object.keys(LAYERS).join("|")})/[a-z]+(-[a-z]+)*\\.js$`));
});

test("a layer imports only from those below it", () => {
  const layer = (file) => file.split("/")[0];
  const wrong = files.flatMap((file) =>
    imports(file)
      .filter((path) => layer(path) !== layer(file) && !LAYERS[layer(file)].includes(layer(path)))
      .map((path) => `${file} imports ${path}`),
  );
  assert.deepEqual(wrong, []);
});

test("nothing is imported in a circle", () => {
  const done = new Set();
  const visit = (file, path) => {
    assert.ok(!path.includes(file), `circle: ${[...path, file].join(" → ")}`);
    if (done.has(file)) return;
    for (const next of imports(file)) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

test("every script is used by a page, and none is longer than 400 lines", () => {
  const used = new Set();
  const visit = (file) => {
    if (used.has(file)) return;
    used.add(file);
    imports(file).forEach(visit);
  };
  PAGES.forEach(visit);
  assert.deepEqual(files.filter((file) => !used.has(file)), []);
  for (const file of files) assert.ok(readFileSync(join(ROOT, file), "utf8").split("\n").length <= 400, file);
});
