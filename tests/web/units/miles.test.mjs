// The numbers of rules and the clock for a user with miles and twelve hours. The bounds of the API are in hub/core/alerts/rules.py.

import assert from "node:assert/strict";
import { test } from "node:test";

Object.defineProperty(globalThis, "navigator", { value: { language: "en-GB", languages: ["en-GB"] }, configurable: true });
globalThis.localStorage = /** @type {any} */ ({ getItem: (key) => (key === "preferences" ? '{"units": "mi", "clock": "12"}' : null) });
const { timeOfDay } = await import("../../../clients/web/js/ui/text.js");
const { shownOf } = await import("../../../clients/web/js/reports/figures.js");
const { number, PARAMS } = await import("../../../clients/web/js/alerts/params.js");

test("bounds in miles are inside of those of the API", () => {
  const [limit] = PARAMS.overspeed;
  const [every, start] = PARAMS.maintenance;
  const ranges = [[limit, 1, 400], [every, 10_000, 1e9], [start, 0, 1e10]];
  for (const [param, least, most] of ranges) {
    for (const value of [param.min, param.max]) {
      const sent = number(param, String(value));
      assert.ok(sent >= least && sent <= most, `${param.label}: ${value} is ${sent}`);
    }
  }
  assert.deepEqual([limit.min, limit.max, every.min], [3, 894, 7]);
  assert.equal(number(limit, "60"), 26.8224);
});

test("the time of a report by e-mail is that of the user's clock", () => {
  assert.match(timeOfDay("18:30"), /^0?6:30\s?pm$/i);
});

test("places of a report are in miles", () => {
  const place = { text: "16 km SE of Hatta", source: "gazetteer", name: "Hatta", country: "AE", distance: 16_093, direction: "SE" };
  const words = shownOf({ name: "place", title: "Place", kind: "text", unit: "" }, { place: place.text, places: { place } });
  assert.equal(words, "10.0 mi south-east of Hatta, United Arab Emirates");
});
