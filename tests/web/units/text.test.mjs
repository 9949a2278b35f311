// The words of the screen: numbers with their units, ages, times.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./english.mjs";
import * as text from "../../../clients/web/js/ui/text.js";

/** Runs a function over [argument, expected] pairs. */
function table(name, say, rows) {
  test(name, () => {
    for (const [value, expected] of rows) assert.equal(say(value), expected, `${name}(${value})`);
  });
}

table("speed", text.speed, [[0, "0 km/h"], [13.89, "50 km/h"], [undefined, "–"], [NaN, "–"], [null, "–"]]);

table("state", text.state, [["free", "Free"], ["off_duty", "Off duty"], [undefined, "–"], [null, "–"], ["newer", "newer"]]);

table("distance", text.distance, [[0, "0 m"], [999.4, "999 m"], [999.6, "1.0 km"], [99_949, "99.9 km"], [99_950, "100 km"], [1_234_000, "1,234 km"], [undefined, "–"]]);

table("duration", text.duration, [[0, "0 s"], [59.4, "59 s"], [59.6, "1 min"], [3_570, "1 h 00 min"], [3_600, "1 h 00 min"], [5_400, "1 h 30 min"], [360_000, "100 h"], [-5, "0 s"], [undefined, "–"]]);

table("age", text.age, [[0.4, "just now"], [1, "1 s ago"], [99.9, "99 s ago"], [100, "1 min ago"], [5_999, "99 min ago"], [6_000, "1 h ago"], [172_799, "47 h ago"], [172_800, "2 days ago"], [undefined, "–"]]);

table("wind", text.wind, [[0, "north"], [22.4, "north"], [22.6, "north-east"], [180, "south"], [359, "north"]]);

table("day", text.day, [["2026-10-05", "Mon, 5 Oct 2026"], ["2026-03-01", "Sun, 1 Mar 2026"]]);

test("times are those of the zone that is used", () => {
  const time = "2026-10-05T22:30:05Z";
  text.useZone("Asia/Kathmandu");
  assert.deepEqual([text.clock(time), text.minute(time), text.zone()], ["04:15:05", "04:15", "Asia/Kathmandu"]);
  assert.match(text.instant(time), /^6 Oct 2026,? (at )?04:15( \(Asia\/Kathmandu\))?$/);
  assert.equal(text.instant(time).includes("("), !text.zoneIsOwn());
  text.useZone("Not/There");
  assert.equal(text.zone(), "Asia/Kathmandu");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  text.useZone(own);
  assert.ok(text.zoneIsOwn());
  assert.ok(!text.instant(time).includes(own));
});

table("utc", text.utc, [[0, "1970-01-01 00:00:00 UTC"], ["2026-10-05T12:34:56.789Z", "2026-10-05 12:34:56 UTC"]]);

test("coordinates always have points, so that maps and search fields take them", () => {
  assert.equal(text.coordinates(25.2, -55.1234567), "25.200000, -55.123457");
});

test("a status tells how long nothing was received", () => {
  assert.equal(text.status("online", 3), "Online");
  assert.match(text.status("stale", 90), /^Stale: .* 2 min$/);
  assert.match(text.status("offline", 7_200), /^Offline: .* 2 h 00 min$/);
  assert.equal(text.status("unheard-of", 3), "–");
  assert.equal(text.status("online", 3, 20, 60), "Online");
  assert.equal(text.status("online", 3, 300, 60), "Online, no position for 5 min");
});

test("an online driver was heard within the time after which it would be stale", () => {
  assert.equal(text.heard("online", 12, 60), "12 s ago");
  assert.equal(text.heard("online", 600, 60), "within the last 1 min");
  assert.equal(text.heard("stale", 90, 60), "90 s ago");
});

test("a clock that is wrong", () => {
  assert.deepEqual(
    [80.2, 3_600, -180, -1_024 * 7 * 86_400, 0, undefined].map(text.clockWarning),
    ["Clock 1 min ahead", "Clock 1 h 00 min ahead", "Clock 3 min behind", "Clock 7,168 days behind", "", ""],
  );
});

test("a time of each day is that of the text, whatever the time zone is", () => {
  assert.equal(text.timeOfDay("06:00"), "06:00");
  assert.equal(text.timeOfDay("18:30"), "18:30");
});
