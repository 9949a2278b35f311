// The looks of the base map: which belongs to a choice and a theme, and what is made of a provider's style.

import assert from "node:assert/strict";
import { test } from "node:test";

import { absolute, adopted, archiveStyle, BUILT_IN, choicesOf, fontOf, lookOf, OWN_FONT, rasterStyle, tileAddress, tileAt } from "../../../clients/web/js/map/looks.js";

const style = (url) => ({ kind: "style", url });
const raster = (url) => ({ kind: "raster", url, attribution: "© A" });
const [bright, plain, night] = [style("bright"), style("plain"), style("night")];
const AUTO = { mode: "auto", problem: "", styles: [{ name: "streets", light: bright, dark: night }, { name: "light", light: plain }, { name: "dark", light: night }] };

test("the default is first, and the built-in map can always be chosen", () => {
  const names = (setting) => choicesOf(setting).map(({ name }) => name);
  assert.deepEqual(names(AUTO), ["streets", "light", "dark", BUILT_IN]);
  assert.deepEqual(names({ ...AUTO, styles: [...AUTO.styles, { name: "satellite", light: plain }] }), ["streets", "light", "dark", BUILT_IN, "satellite"]);
  assert.deepEqual(names({ mode: "offline", styles: [], problem: "" }), [BUILT_IN]);
});

test("streets follow the theme, the other choices do not", () => {
  const found = (choice, theme) => {
    const { look, tone } = lookOf(AUTO, choice, theme);
    return [look, tone];
  };
  assert.deepEqual(found("streets", "light"), [bright, "light"]);
  assert.deepEqual(found("streets", "dark"), [night, "dark"]);
  assert.deepEqual(found("light", "dark"), [plain, "light"]);
  assert.deepEqual(found("dark", "light"), [night, "dark"]);
  assert.deepEqual(found(BUILT_IN, "dark"), [null, "dark"]);
});

test("tiles without a dark form are inverted, a style and satellite images are not", () => {
  const setting = (light, dark) => ({ mode: "chosen", problem: "", styles: [{ name: "streets", light, dark }, { name: "satellite", light: raster("s") }] });
  assert.equal(lookOf(setting(raster("a")), "streets", "dark").inverted, true);
  assert.equal(lookOf(setting(raster("a")), "streets", "light").inverted, false);
  assert.equal(lookOf(setting(raster("a"), raster("b")), "streets", "dark").inverted, false);
  assert.deepEqual(lookOf(setting(bright), "streets", "dark"), { look: bright, tone: "light", inverted: false });
  assert.deepEqual(lookOf(setting(bright), "satellite", "dark"), { look: raster("s"), tone: "light", inverted: false });
});

test("raster tiles lie above the built-in map", () => {
  const made = rasterStyle({ version: 8, sources: { land: {} }, layers: [{ id: "sea" }] }, { tiles: ["https://a/{z}/{x}/{y}"], attribution: "© A" }, false);
  assert.deepEqual(made.layers.map(({ id }) => id), ["sea", "tiles"]);
  assert.deepEqual(Object.keys(made.sources), ["land", "tiles"]);
  assert.equal(made.sources.tiles.attribution, "© A");
});

test("an archive has labels of the browser's fonts, and no icons", () => {
  const label = { id: "pois", type: "symbol", source: "protomaps", layout: { "icon-image": "shop", "icon-size": 2, "text-field": "name" } };
  const icon = { id: "oneway", type: "symbol", source: "protomaps", layout: { "icon-image": "arrow" } };
  const made = archiveStyle("pmtiles://https://a/b.pmtiles", "© B", [{ id: "earth", type: "fill", source: "protomaps" }, label, icon]);
  assert.deepEqual(made.layers.map(({ id }) => id), ["base:earth", "base:pois"]);
  assert.deepEqual(made.layers[1].layout, { "text-field": "name" });
  assert.deepEqual(made.sources, { "base:protomaps": { type: "vector", url: "pmtiles://https://a/b.pmtiles", attribution: "© B" } });
  assert.equal(made.glyphs, undefined);
});

test("addresses of a style are relative to it, and placeholders stay", () => {
  const base = "https://tiles.example/styles/one.json";
  assert.equal(absolute("/fonts/{fontstack}/{range}.pbf", base), "https://tiles.example/fonts/{fontstack}/{range}.pbf");
  assert.equal(absolute("tiles.json", base), "https://tiles.example/styles/tiles.json");
  assert.equal(absolute("pmtiles://https://a/b", base), "pmtiles://https://a/b");
});

test("names of a style do not meet ours", () => {
  const made = adopted(
    {
      sources: { drivers: { type: "vector", url: "t.json" }, inline: { type: "geojson", data: { type: "FeatureCollection" } } },
      layers: [{ id: "sea", type: "background" }, { id: "arrows", type: "line", source: "drivers" }],
      sprite: [{ id: "default", url: "sprite" }],
      glyphs: "{fontstack}/{range}",
      terrain: { source: "drivers" },
    },
    "https://a/s.json",
  );
  assert.deepEqual(Object.keys(made.sources), ["base:drivers", "base:inline"]);
  assert.equal(made.sources["base:drivers"].url, "https://a/t.json");
  assert.deepEqual(made.sources["base:inline"].data, { type: "FeatureCollection" });
  assert.deepEqual(made.layers, [{ id: "base:sea", type: "background" }, { id: "base:arrows", type: "line", source: "base:drivers" }]);
  assert.deepEqual([made.sprite[0].url, made.glyphs, made.terrain.source], ["https://a/sprite", "https://a/{fontstack}/{range}", "base:drivers"]);
});

test("our labels have a font of the style, an upright one if there is one", () => {
  const layers = (...fonts) => fonts.map((font) => ({ layout: { "text-font": font } }));
  const font = (...fonts) => fontOf({ glyphs: "g", layers: [{}, ...layers(...fonts)] });
  assert.deepEqual(font(["A Italic"], ["A Bold"], ["A Regular", "B"]), ["A Regular", "B"]);
  assert.deepEqual(font(["A Italic"], ["literal", ["A Medium"]]), ["A Medium"]);
  assert.deepEqual(font(["A Italic"], ["step", ["zoom"], ["literal", ["A"]]]), ["A Italic"]);
  assert.deepEqual(font(), OWN_FONT);
  assert.deepEqual(fontOf({ layers: layers(["A Regular"]) }), OWN_FONT);
});

test("a tile is that of a place", () => {
  assert.deepEqual(tileAt(0, 0, 0), { z: 0, x: 0, y: 0 });
  assert.deepEqual(tileAt(55.27, 25.2, 10), { z: 10, x: 669, y: 437 });
  assert.deepEqual(tileAt(540, -89, 1), { z: 1, x: 0, y: 1 });
  assert.equal(tileAddress("https://a/{z}/{x}/{y}{ratio}.png", { z: 2, x: 1, y: 0 }), "https://a/2/1/0.png");
  assert.equal(tileAddress("https://a/{z}/{x}/{y}", { z: 2, x: 1, y: 0 }, "tms"), "https://a/2/1/3");
  assert.equal(tileAddress("https://a/{quadkey}", { z: 2, x: 1, y: 0 }), null);
});
