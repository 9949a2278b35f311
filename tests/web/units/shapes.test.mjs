// Shapes of fences: between GeoJSON and what is drawn.

import assert from "node:assert/strict";
import { test } from "node:test";
import { RULES, rulesOf, texts } from "../../../clients/web/js/fences/rules.js";
import {
  circle, circleOf, complaint, corners, destination, draftOf, labelPlace, metresBetween, outline, shapeOf, unrolled, widthAtZero,
} from "../../../clients/web/js/fences/shapes.js";

const near = (found, wanted, off) => assert.ok(Math.abs(found - wanted) <= off, `${found} is not ${wanted} ± ${off}`);

const SQUARE = [[55, 25], [56, 25], [56, 26], [55, 26], [55, 25]];
const HOLE = [[55.4, 25.4], [55.4, 25.6], [55.6, 25.6], [55.6, 25.4], [55.4, 25.4]];

test("what was read is sent back unchanged, with its holes", () => {
  for (const fence of [
    { shape: { type: "Point", coordinates: [55.2, 25.1] }, radius: 250 },
    { shape: { type: "LineString", coordinates: [[55.2, 25.1], [55.3, 25.2]] }, radius: 20 },
    { shape: { type: "Polygon", coordinates: [SQUARE, HOLE] }, radius: null },
  ]) {
    assert.deepEqual(shapeOf(draftOf(fence)), fence);
    assert.equal(complaint(draftOf(fence)), "");
  }
});

test("shapes of several parts are not drawn, and have an outline, corners and a label", () => {
  const far = SQUARE.map(([x, y]) => [x + 3, y + 3]).map(([x, y]) => [x, (y - 28) * 2 + 28]);
  const fence = { shape: { type: "MultiPolygon", coordinates: [[SQUARE, HOLE], [far]] } };
  assert.equal(draftOf(fence), null);
  assert.equal(outline(fence).type, "MultiPolygon");
  assert.deepEqual(corners(fence), [{ longitude: 55, latitude: 25 }, { longitude: 59, latitude: 30 }]);
  assert.deepEqual(labelPlace(fence), [58.5, 30], "above the larger part");
  const [longitude, latitude] = labelPlace({ shape: { type: "Point", coordinates: [55, 25] }, radius: 111_195 });
  near(longitude, 55, 1e-9);
  near(latitude, 26, 1e-3);
});

test("a circle keeps its centre and radius through the map, also at 78° N", () => {
  for (const centre of [[55.2, 25.1], [15.6, 78.2], [179.99, -10]]) {
    const ring = circle(centre, 500);
    for (const place of ring) near(metresBetween(centre, place), 500, 0.01);
    const found = circleOf(ring);
    near(metresBetween(centre, found.centre), 0, 0.1);
    near(found.radius, 500, 0.1);
  }
});

test("the antimeridian: drawn beyond 180 degrees, sent within", () => {
  const ring = unrolled([[179.9, 0], [-179.9, 0], [-179.9, 0.1], [179.9, 0.1]]);
  assert.deepEqual(ring.map(([longitude]) => Number(longitude.toFixed(6))), [179.9, 180.1, 180.1, 179.9]);
  const sent = shapeOf({ kind: "polygon", points: ring, holes: [], radius: 0 });
  assert.deepEqual(sent.shape.coordinates[0].map(([longitude]) => longitude), [179.9, -179.9, -179.9, 179.9, 179.9]);
  const [west, east] = corners(sent);
  near(east.longitude - west.longitude, 0.2, 1e-6);
});

test("a corridor is as wide as it is", () => {
  // At zoom 17 on the equator a pixel is 0.597 m.
  near(widthAtZero(30, 0) * 2 ** 17, 60 / 0.597164, 0.01);
  const [south, north] = corners({ shape: { type: "LineString", coordinates: [[10, 0], [11, 0]] }, radius: 1_000 });
  near(metresBetween([10, 0], [10, north.latitude]), 1_000, 1);
  near(metresBetween([10, 0], [south.longitude, 0]), 1_000, 1);
});

test("what is missing is said", () => {
  const draft = { kind: "polygon", points: [[1, 2], [3, 4]], holes: [], radius: 0 };
  assert.match(complaint(draft), /at least 3 points/);
  assert.match(complaint({ ...draft, points: [...draft.points, [5, NaN]] }), /latitude and a longitude/);
  assert.match(complaint({ ...draft, points: [...draft.points, [5, 95]] }), /from -90 to 90/);
  assert.match(complaint({ ...draft, kind: "circle", points: [] }), /enter its centre/);
  assert.match(complaint({ ...draft, kind: "circle", points: [[1, 2]], radius: NaN }), /radius/);
  assert.match(complaint({ ...draft, kind: "corridor" }), /width/);
});

test("a place some metres away", () => {
  const [longitude, latitude] = destination([0, 0], 111_195, 90);
  near(longitude, 1, 1e-4);
  near(latitude, 0, 1e-9);
});

test("rules keep what the form does not show, and defaults stay defaults", () => {
  const before = { dwell: 600, speedLimit: 20 };
  const entered = texts(before);
  assert.deepEqual(entered, { dwell: "10", enterAfter: "0", exitAfter: "60", exitMargin: "20" });
  assert.deepEqual(rulesOf(before, entered), { rules: { dwell: 600, speedLimit: 20, enterAfter: 0, exitAfter: 60, exitMargin: 20 }, wrong: {} });
  assert.equal(rulesOf(before, { ...entered, dwell: "" }).rules.dwell, null);
  assert.deepEqual(Object.keys(rulesOf(before, { ...entered, exitMargin: "1001", dwell: "x" }).wrong), ["dwell", "exitMargin"]);
  assert.equal(RULES.length, Object.keys(entered).length);
});
