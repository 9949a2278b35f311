// A track: where a driver was, and where that is not known.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decodePath, GAP, gapLines, gaps, indexAt, lines, loadTrack, metresBetween, placeAt, trackOf, thinned, timeNear } from "../../../clients/web/js/map/track.js";

const START = Date.parse("2026-10-05T08:00:00Z");

/** A track of [seconds after the start, longitude, latitude, the rest]. */
const track = (...points) =>
  trackOf(points.map(([seconds, longitude, latitude, rest]) => ({ recordedAt: new Date(START + seconds * 1000).toISOString(), longitude, latitude, ...rest })));

const at = (seconds) => START + seconds * 1000;
const near = (value, expected, tolerance = 1e-6) => assert.ok(Math.abs(value - expected) < tolerance, `${value} is not ${expected}`);

test("the position of an instant is the last that is not after it", () => {
  const three = track([0, 0, 0], [10, 1, 0], [20, 2, 0]);
  assert.deepEqual([-1, 0, 9, 10, 25].map((seconds) => indexAt(three, at(seconds))), [-1, 0, 0, 1, 2]);
});

test("between two positions the place is on the line, and heading and speed are in between", () => {
  const place = placeAt(track([0, 10, 50, { speed: 10, heading: 350 }], [10, 11, 51, { speed: 20, heading: 10 }]), at(5));
  near(place.longitude, 10.5);
  near(place.latitude, 50.5);
  near(place.speed, 15);
  near(place.heading, 0);
  assert.equal(place.stale, false);
});

test("before the first position there is no place", () => assert.equal(placeAt(track([0, 1, 1]), at(-1)), null));

test("in a gap the place is the last known one, and stale", () => {
  const place = placeAt(track([0, 1, 1], [GAP / 1000 + 1, 2, 2]), at(60));
  assert.deepEqual([place.longitude, place.stale, place.silence], [1, true, 60]);
});

test("after the last position the place is stale once a gap has passed", () => {
  const one = track([0, 1, 1]);
  assert.equal(placeAt(one, at(GAP / 1000)).stale, false);
  assert.equal(placeAt(one, at(GAP / 1000 + 1)).stale, true);
});

test("the date line is crossed by the short way", () => {
  const across = track([0, 179, 0], [10, -179, 0]);
  near(Math.abs(placeAt(across, at(5)).longitude), 180);
  assert.deepEqual(lines(across), [[[179, 0], [181, 0]]]);
});

test("a gap splits the line, and is a line of its own where the driver moved", () => {
  const split = track([0, 0, 0], [10, 1, 0], [1000, 2, 0], [1010, 3, 0]);
  assert.deepEqual(gaps(split), [[at(10), at(1000)]]);
  assert.deepEqual(lines(split), [[[0, 0], [1, 0]], [[2, 0], [3, 0]]]);
  assert.deepEqual(gapLines(split), [[[1, 0], [2, 0]]]);
  assert.deepEqual(gapLines(track([0, 1, 1], [1000, 1, 1])), []);
});

test("a part of the line is cut out by its times", () => {
  assert.deepEqual(lines(track([0, 0, 0], [10, 1, 0], [20, 2, 0]), at(10), at(20)), [[[1, 0], [2, 0]]]);
});

test("the time of a place is that of the nearest part of the way", () => {
  const there = track([0, 0, 0], [10, 0.01, 0], [20, 0.01, 0.01], [1_000, 0.02, 0.01], [1_010, 0.03, 0.01]);
  const at = (latitude, longitude, options) => (timeNear(there, { latitude, longitude }, options) - there.times[0]) / 1000;
  near(at(0.0001, 0.005), 5, 0.01);
  near(at(0.02, 0.01), 20, 0.01, "beyond an end");
  near(at(0.0099, 0.0125), 20, 0.2, "a gap is no way");
  near(at(0, 0.005, { from: there.times[1] }), 10, 0.01, "of a part");
  assert.equal(timeNear(track([0, 0, 0]), { latitude: 0, longitude: 0 }), null);
});

test("where the way leads back over itself, the time that is nearest to another counts", () => {
  const back = track([0, 0, 0], [10, 0.01, 0], [20, 0, 0]);
  const at = (seconds) => timeNear(back, { latitude: 0, longitude: 0.004 }, { around: back.times[0] + seconds * 1000 }) - back.times[0];
  near(at(0), 4_000, 1);
  near(at(19), 16_000, 1);
  near(timeNear(back, { latitude: 0, longitude: 0.004 }) - back.times[0], 4_000, 1);
});

test("a row is thinned at its older end", () => {
  const row = Array.from({ length: 100 }, (_, index) => index);
  const thin = thinned(row, 30);
  assert.ok(thin.length <= 30);
  assert.deepEqual([thin[0], thin.slice(-10)], [0, row.slice(-10)]);
  assert.equal(thinned(row, 100), row);
  assert.deepEqual(thinned([1, 2, 3], 1), [3]);
});

test("the heading is the direction to the next position where the device reported none", () => {
  near(placeAt(track([0, 0, 0], [10, 0.01, 0]), at(0)).heading, 90, 0.1);
  assert.equal(placeAt(track([0, 0, 0], [10, 0.00001, 0]), at(0)).heading, undefined);
});

test("a path is decoded as in Google's description of the format", () => {
  assert.deepEqual(decodePath("_p~iF~ps|U_ulLnnqC_mqNvxq`@"), [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]]);
});

test("a degree of latitude is 111.2 km", () => near(metresBetween({ latitude: 0, longitude: 0 }, { latitude: 1, longitude: 0 }), 111_195, 1));

test("a track is loaded with its bound, and says whether more was left out", async () => {
  const asked = [];
  const api = {
    async all(path, name, params, options) {
      asked.push([path, name, params, options.bound]);
      return { items: [{ recordedAt: new Date(START).toISOString(), latitude: 1, longitude: 2 }], more: true };
    },
  };
  const loaded = await loadTrack(api, "a/b", START, at(10));
  assert.deepEqual([loaded.length, loaded.more], [1, true]);
  assert.equal(asked[0][0], "/api/v1/drivers/a%2Fb/track");
  assert.equal(asked[0][3], 100_000);
});
