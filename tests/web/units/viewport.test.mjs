// The part of the world that the map asks for.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { areaOf, followViewport, rateAt } from "../../../clients/web/js/live/viewport.js";

test("an area has a margin of a quarter on each side", () => {
  assert.deepEqual(areaOf({ west: 10, south: 40, east: 14, north: 44 }), [9, 39, 15, 45]);
});

test("an area across the date line has its west greater than its east", () => {
  assert.deepEqual(areaOf({ west: 170, south: 0, east: 190, north: 10 }, 0), [170, 0, -170, 10]);
  assert.deepEqual(areaOf({ west: -190, south: 0, east: -170, north: 10 }, 0), [170, 0, -170, 10]);
});

test("an area ends at the poles, and is the whole world where the view is as wide", () => {
  assert.deepEqual(areaOf({ west: 0, south: -88, east: 4, north: 88 }), [-1, -90, 5, 90]);
  assert.deepEqual(areaOf({ west: -120, south: -10, east: 120, north: 10 }), [-180, -15, 180, 15]);
});

test("the rate grows with the zoom", () => {
  const rates = [0, 5, 8, 12, 15].map(rateAt);
  assert.deepEqual(rates, rates.toSorted((a, b) => a - b));
  assert.equal(new Set(rates).size, 5);
});

/** A map whose view is moved by hand. */
function fakeMap() {
  const listeners = {};
  const map = {
    zoom: 10,
    box: [10, 40, 14, 44],
    on: (name, listener) => void (listeners[name] = listener),
    off: (name) => void delete listeners[name],
    getZoom: () => map.zoom,
    getBounds: () => ({ getWest: () => map.box[0], getSouth: () => map.box[1], getEast: () => map.box[2], getNorth: () => map.box[3] }),
    move(...box) {
      map.box = box;
      listeners.move?.();
    },
    listeners,
  };
  return map;
}

function followed(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const now = mock.method(performance, "now", () => 0);
  context.after(() => now.mock.restore());
  const map = fakeMap();
  const watched = [];
  const end = followViewport(map, (area, rate) => watched.push([area.bbox, rate]));
  return { map, watched, end, tick: (ms) => context.mock.timers.tick(ms) };
}

test("a small move asks for nothing, a large one once the map is still", (context) => {
  const { map, watched, tick } = followed(context);
  assert.deepEqual(watched, [[[9, 39, 15, 45], 1]]);
  map.move(10.5, 40, 14.5, 44);
  tick(1_000);
  assert.equal(watched.length, 1);
  map.move(20, 40, 24, 44);
  tick(199);
  assert.equal(watched.length, 1);
  tick(1);
  assert.deepEqual(watched[1], [[19, 39, 25, 45], 1]);
});

test("a view of half the width asks for less, and another zoom for another rate", (context) => {
  const { map, watched, tick } = followed(context);
  map.move(11, 41, 12.9, 42.9);
  tick(200);
  assert.equal(watched.length, 2);
  map.zoom = 13;
  map.move(11, 41, 12.9, 42.9);
  tick(200);
  assert.equal(watched[2][1], 2);
});

test("after its end it asks for nothing", (context) => {
  const { map, watched, end, tick } = followed(context);
  map.move(20, 40, 24, 44);
  end();
  tick(1_000);
  assert.equal(watched.length, 1);
  assert.deepEqual(map.listeners, {});
});
