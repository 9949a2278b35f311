// The speeds of a track, by the rule of the hub's trips.

import assert from "node:assert/strict";
import { test } from "node:test";

import { speedsOf } from "../../../clients/web/js/map/speeds.js";
import { trackOf } from "../../../clients/web/js/map/track.js";

const METRES = 111_195;

/** Along a meridian: a position each `every` seconds, with the metres driven since the one before and the reported speed. */
function drive(steps, every = 10) {
  let latitude = 0;
  const positions = steps.map(([metres, speed], index) => {
    latitude += metres / METRES;
    return { latitude, longitude: 0, speed, recordedAt: new Date(Date.UTC(2026, 9, 5) + index * every * 1000).toISOString() };
  });
  const { speeds, measured } = speedsOf(trackOf(positions));
  return { speeds: [...speeds].map((speed) => (Number.isNaN(speed) ? null : Math.round(speed))), measured };
}

test("plausible speeds are those that were reported", () => {
  assert.deepEqual(drive([[0, 15], [150, 15], [150, 20], [20, 0]]), { speeds: [15, 15, 20, 0], measured: false });
});

test("a reported speed that the way does not allow is replaced by that of the way", () => {
  assert.deepEqual(drive([[0, 15], [150, 15], [150, 190], [150, 15]]).speeds, [15, 15, 15, 15]);
});

test("speeds that no device reported are measured over ten seconds", () => {
  assert.deepEqual(drive([[0], [150], [150], [150]]), { speeds: [null, 0, 15, 15], measured: true });
  assert.deepEqual(drive([[0], [50], [50], [50], [50], [50], [50], [50], [50]], 5).speeds, [null, 0, 0, 10, 10, 10, 10, 10, 10]);
});

test("one wrong fix makes no speed", () => {
  assert.deepEqual(drive([[0], [100], [5_000], [100], [100]]).speeds, [null, 0, 10, 10, 10]);
});

test("a gap is not measured", () => {
  assert.deepEqual(drive([[0], [6_000], [6_000]], 600).speeds, [null, null, null]);
});

test("a track of one position has no measured speeds", () => {
  assert.deepEqual(drive([[0]]), { speeds: [null], measured: false });
});
