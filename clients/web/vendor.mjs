// Makes one module each of packages that import others, and a list of countries: `node vendor.mjs <packages> <vendor>`;
// vendor.py calls it.
//
// They import by the names of packages, which browsers cannot resolve. Only what the page uses is in the modules.

import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Module -> its exports by package, and the licences. */
const MODULES = {
  "fluent/fluent.mjs": {
    exports: { "@fluent/bundle": ["FluentBundle", "FluentResource"] },
    banner: "@fluent/bundle, by Mozilla: Apache License 2.0, see package.json",
  },
  "terra-draw/terra-draw.mjs": {
    exports: {
      "terra-draw": ["TerraDraw", "TerraDrawCircleMode", "TerraDrawLineStringMode", "TerraDrawPolygonMode", "TerraDrawSelectMode"],
      "terra-draw-maplibre-gl-adapter": ["TerraDrawMapLibreGLAdapter"],
    },
    banner: "Terra Draw and its MapLibre adapter, by James Milner: MIT License, see package.json",
  },
  "pmtiles/pmtiles.mjs": {
    exports: { pmtiles: ["PMTiles", "Protocol", "TileType"], "@protomaps/basemaps": ["layers", "namedFlavor"] },
    banner: "PMTiles and the Protomaps base map style: BSD 3-Clause License, see package.json and ../protomaps/package.json; fflate: MIT License, see ../fflate/LICENSE",
  },
};

const [packages, vendor] = process.argv.slice(2);
const esbuild = createRequire(join(packages, "package.json"))("esbuild");

for (const [file, { exports, banner }] of Object.entries(MODULES)) {
  await esbuild.build({
    stdin: { contents: Object.entries(exports).map(([name, used]) => `export { ${used.join(", ")} } from "${name}";`).join("\n"), resolveDir: packages, loader: "js" },
    outfile: join(vendor, file),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    banner: { js: `// ${banner}` },
    logLevel: "warning",
  });
}

// The names of countries, for the gazetteer: Node has those of Unicode.
const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const codes = letters.flatMap((first) => letters.map((second) => first + second));
const countries = Object.fromEntries(codes.map((code) => [code, names.of(code)]).filter(([, name]) => name));
await mkdir(join(vendor, "places"), { recursive: true });
await writeFile(join(vendor, "places/countries.json"), JSON.stringify(countries));
