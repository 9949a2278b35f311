// Small figures of the panel and the map: numbers to call, other maps, distances and the circle of the accuracy.

import assert from "node:assert/strict";
import { test } from "node:test";

import { radiusOf } from "../../../clients/web/js/map/followed.js";
import { lengthOf } from "../../../clients/web/js/map/ruler.js";
import { telephone } from "../../../clients/web/js/views/details.js";
import { mapsOf } from "../../../clients/web/js/views/open-in.js";

test("a phone number becomes one that is called", () => {
  assert.equal(telephone("+971 50 123-4567"), "tel:+971501234567");
  assert.equal(telephone("050 123 4567 (Noura)"), "tel:0501234567");
  assert.equal(telephone("javascript:alert(112)"), "tel:112");
  assert.equal(telephone("ask Noura"), null);
});

test("other maps get the place, and only that", () => {
  for (const [, address] of mapsOf(-25.2048001, 55.2708)) {
    assert.ok(address.includes("-25.204800"), address);
    assert.ok(address.includes("55.270800"), address);
    assert.match(new URL(address).protocol, /^(https|geo):$/);
  }
});

test("the ruler adds up great circles", () => {
  assert.equal(lengthOf([]), 0);
  assert.equal(lengthOf([[55, 25]]), 0);
  const metres = lengthOf([[0, 0], [0, 1], [1, 1]]);
  assert.ok(Math.abs(metres - (111_195 + 111_195 * Math.cos(Math.PI / 180))) < 20, String(metres));
});

test("a circle of metres has the right pixels at each zoom", () => {
  const [, , , , low, , high] = radiusOf(1_000, 60);
  // 78,271.5 m a pixel on the equator at zoom 0, half of it at 60 degrees.
  assert.ok(Math.abs(low - 1_000 / 39_135.8) < 1e-4);
  assert.equal(high, low * 2 ** 24);
});
