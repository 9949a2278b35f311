// The trail of the followed driver.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import "./english.mjs";
import { createFollowed } from "../../../clients/web/js/map/followed.js";

const NOW = Date.parse("2026-10-05T08:00:00Z");
const AHEAD = 3_600;

test("the trail of a device whose clock is ahead is that of the last minutes", async () => {
  const at = (minutes) => NOW - minutes * 60_000;
  const iso = (time) => new Date(time).toISOString();
  const asked = [];
  const api = {
    async all(_, name, { from, to }) {
      asked.push([from, to]);
      // As the device said: an hour ahead. The first is too old.
      const items = [16, 4, 3, 2].map((minutes) => ({ recordedAt: iso(at(minutes) + AHEAD * 1_000), latitude: 1, longitude: minutes }));
      return { items, more: false };
    },
  };
  const driver = { driverId: "a", latitude: 1, longitude: 1, clockOffset: AHEAD, recordedAt: at(1) + AHEAD * 1_000, measuredAt: at(1) };
  const drawn = [];
  const map = { addSource() {}, addLayer() {}, setFilter() {}, setLayoutProperty() {}, setPaintProperty() {}, getLayer: () => true, getSource: () => ({ setData: (data) => drawn.push(data) }) };
  const followed = createFollowed({ api, fleet: { get: () => driver, now: () => NOW } });
  followed.attach(map, {});
  followed.follow("a");
  await turn();
  assert.deepEqual(asked, [[iso(at(15) + AHEAD * 1_000), iso(NOW + AHEAD * 1_000)]]);
  assert.deepEqual(drawn.at(-1).features.map(({ geometry }) => geometry.coordinates), [[[4, 1], [3, 1], [2, 1], [1, 1]]]);
  followed.follow(null);
});
