// Makes one module of Terra Draw and its MapLibre adapter: `node vendor.mjs <packages> <vendor>`; vendor.py calls it.
//
// The adapter imports Terra Draw by the name of its package, which browsers cannot resolve. Only what the page uses is in
// the module.

import { createRequire } from "node:module";
import { join } from "node:path";

const USED = ["TerraDraw", "TerraDrawCircleMode", "TerraDrawLineStringMode", "TerraDrawPolygonMode", "TerraDrawSelectMode"];

const [packages, vendor] = process.argv.slice(2);
const esbuild = createRequire(join(packages, "package.json"))("esbuild");
const contents = `export { ${USED.join(", ")} } from "terra-draw";
export { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";`;

await esbuild.build({
  stdin: { contents, resolveDir: packages, loader: "js" },
  outfile: join(vendor, "terra-draw/terra-draw.mjs"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  banner: { js: "// Terra Draw and its MapLibre adapter, by James Milner: MIT License, see package.json" },
  logLevel: "warning",
});
