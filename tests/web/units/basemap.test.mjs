// The built-in map: its data arrives later than the style, and the map may be gone by then.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

const WORLD = { version: "1", cells: ["18_9"], land: {}, borders: {}, countries: [] };

/** A map without a picture: its sources keep what they are given, and `remove` does what that of MapLibre does. */
function bareMap() {
  const listeners = {};
  let sources = {};
  const map = {
    zoom: 1,
    given: [],
    on: (event, listener) => void (listeners[event] ??= new Set()).add(listener),
    off: (event, listener) => void listeners[event]?.delete(listener),
    fire: (event) => [...(listeners[event] ?? [])].forEach((listener) => listener()),
    listening: () => Object.values(listeners).reduce((sum, each) => sum + each.size, 0),
    getSource: (name) => sources[name],
    getZoom: () => map.zoom,
    getBounds: () => ({ getWest: () => 1, getEast: () => 2, getSouth: () => 1, getNorth: () => 2 }),
    style(...names) {
      sources = Object.fromEntries(names.map((name) => [name, { setData: () => map.given.push(name) }]));
    },
    remove() {
      sources = {};
      map.fire("remove");
    },
  };
  map.style("land", "borders", "names", "fine");
  return map;
}

/** Answers of the hub that a test lets come when it wants. */
let asked;
let errors;
let fillOffline;
const { fetch, console } = globalThis;

beforeEach(async (context) => {
  asked = [];
  errors = [];
  globalThis.fetch = (url) => new Promise((resolve, reject) => asked.push({ url, resolve, reject }));
  globalThis.console = { ...console, error: (...words) => errors.push(words) };
  // A module of its own for each test, for it keeps what it has loaded.
  ({ fillOffline } = await import(`../../../clients/web/js/map/basemap.js?${encodeURIComponent(context.name)}`));
});

afterEach(() => Object.assign(globalThis, { fetch, console }));

async function answer(json) {
  asked.shift().resolve({ ok: true, json: async () => json });
  await turn();
}

test("the land, the borders and the names are put on the map", async () => {
  const map = bareMap();
  fillOffline(map);
  await answer(WORLD);
  assert.deepEqual(map.given, ["land", "borders", "names"]);
  map.zoom = 6;
  map.fire("moveend");
  await answer({});
  assert.equal(map.given.at(-1), "fine");
  assert.deepEqual(errors, []);
});

test("a map that is removed before its data arrives is no error", async () => {
  const map = bareMap();
  fillOffline(map);
  map.remove();
  await answer(WORLD);
  assert.deepEqual([map.given, errors, map.listening()], [[], [], 0]);
});

test("a style that is replaced before its data arrives is no error", async () => {
  const map = bareMap();
  fillOffline(map);
  map.style();
  await answer(WORLD);
  assert.deepEqual([map.given, errors], [[], []]);
});

test("a map that is removed while a cell is loaded is no error, and one that stays says that it failed", async () => {
  const map = bareMap();
  const other = bareMap();
  fillOffline(map);
  await answer(WORLD);
  fillOffline(other);
  await turn();
  map.zoom = other.zoom = 6;
  map.fire("moveend");
  other.fire("moveend");
  map.remove();
  for (const { reject } of asked.splice(0)) reject(new Error("away"));
  await turn();
  assert.equal(errors.length, 1);
});
