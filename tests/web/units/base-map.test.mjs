// The base map: it is shown when the map has read its style, and each failure leads back to the built-in map.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

Object.assign(globalThis, { location: { href: "http://hub.example/" }, document: { hidden: false }, addEventListener() {}, removeEventListener() {} });
const { createBaseMap } = await import("../../../clients/web/js/map/base-map.js");

const URL_OF_STYLE = "https://s.example/style.json";
const TILES = "https://t.example/{z}/{x}/{y}.pbf";
const SETTING = { mode: "chosen", styles: [{ name: "streets", light: { kind: "style", url: URL_OF_STYLE } }], problem: "" };
const { fetch, console } = globalThis;
let tile;
let errors;

beforeEach(() => {
  tile = () => new Response("tile");
  errors = [];
  globalThis.console = { ...console, error: (error) => errors.push(error) };
  globalThis.fetch = async (url) => {
    if (String(url).startsWith("https://t.example/")) return tile();
    if (url === URL_OF_STYLE) return new Response(JSON.stringify({ version: 8, sources: { roads: { type: "vector", tiles: [TILES] }, hills: { type: "vector", tiles: [TILES] } }, layers: [] }));
    // The data of the built-in map does not come.
    return new Promise(() => {});
  };
});

afterEach(() => {
  Object.assign(globalThis, { fetch, console });
  document.hidden = false;
});

/** A base map on a map without a picture, which reads a style when `read()` is called. */
function opened(context, onStyle = () => {}) {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const listeners = {};
  const given = [];
  const map = {
    on: (event, listener) => void (listeners[event] ??= []).push(listener),
    off() {},
    setStyle: (style) => void given.push(style),
    getCenter: () => ({ lng: 55.27, lat: 25.2 }),
    getZoom: () => 10,
    getSource: (name) => (given.at(-1)?.sources[name] ? { type: "vector" } : undefined),
  };
  const fire = (event, details) => listeners[event].forEach((listener) => listener(details));
  const base = createBaseMap({ setting: SETTING, theme: "light", onStyle });
  base.mount(map);
  const settle = async () => {
    for (let i = 0; i < 20; i += 1) await turn();
  };
  const read = async () => {
    fire("style.load");
    context.mock.timers.tick(1);
    await settle();
  };
  const wait = async (seconds) => {
    context.mock.timers.tick(seconds * 1000);
    await settle();
  };
  return { base, fire, read, wait, given, isBuiltIn: () => given.at(-1).sources.land !== undefined };
}

test("a style is shown when the map has read it", async (context) => {
  const { base, read, given } = opened(context);
  await read();
  assert.equal(given.length, 1);
  assert.equal(base.state.name, "loading");
  await read();
  assert.equal(base.state.name, "shown");
});

test("an error of our layers on a style leads to the built-in map", async (context) => {
  const { base, read, isBuiltIn } = opened(context, ({ look }) => {
    if (look !== null) throw new Error("no such font");
  });
  await read();
  await read();
  assert.deepEqual(base.state, { name: "failed", problem: "The style cannot be used: no such font. Showing the built-in map." });
  assert.ok(isBuiltIn());
  assert.deepEqual(errors.map(({ message }) => message), ["no such font"]);
  await read();
  assert.equal(base.state.name, "failed");
});

test("a style that the map never reads has failed after some seconds in sight", async (context) => {
  const { base, read, wait, isBuiltIn } = opened(context);
  await read();
  document.hidden = true;
  await wait(60);
  assert.equal(base.state.name, "loading");
  document.hidden = false;
  await wait(11);
  assert.equal(base.state.name, "failed");
  assert.match(base.state.problem, /has not read the style within 10 s/);
  assert.ok(isBuiltIn());
});

test("that a place has no tile is told until the source has one", async (context) => {
  tile = () => new Response("", { status: 404 });
  const { base, fire, read } = opened(context);
  await read();
  await read();
  assert.match(base.state.problem, /t\.example has no tile of this place/);
  const content = { latestRawTileData: new ArrayBuffer(9) };
  fire("sourcedata", { sourceId: "base:hills", tile: content });
  fire("sourcedata", { sourceId: "base:roads", tile: {} });
  fire("sourcedata", { sourceId: "base:roads", tile: { latestRawTileData: new ArrayBuffer(0) } });
  assert.match(base.state.problem, /has no tile/);
  fire("sourcedata", { sourceId: "base:roads", tile: content });
  assert.deepEqual(base.state, { name: "shown", problem: "" });
});
