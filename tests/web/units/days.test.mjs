// Days of the calendar.

import assert from "node:assert/strict";
import { test } from "node:test";

import { between, isDay, localDay, shifted, span, utcDay } from "../../../clients/web/js/ui/days.js";

// test_units.py runs this in the time of Berlin, where the clocks change.
assert.equal(Intl.DateTimeFormat().resolvedOptions().timeZone, "Europe/Berlin");

const HOUR = 3_600_000;

test("a local day is 23 hours long when the clocks go forward and 25 when they go back", () => {
  const length = (day) => (span(day)[1] - span(day)[0]) / HOUR;
  assert.deepEqual(["2026-03-28", "2026-03-29", "2026-10-25"].map(length), [24, 23, 25]);
});

test("the days of this time zone and of UTC differ near midnight", () => {
  const time = Date.parse("2026-10-05T22:30:00Z");
  assert.equal(localDay(time), "2026-10-06");
  assert.equal(utcDay(time), "2026-10-05");
});

test("a day is shifted over the ends of months and years, and over the change of the clocks", () => {
  assert.equal(shifted("2026-12-31", 1), "2027-01-01");
  assert.equal(shifted("2028-03-01", -1), "2028-02-29");
  assert.equal(shifted("2026-03-29", 1), "2026-03-30");
});

test("between includes both ends", () => {
  assert.deepEqual(between("2026-02-27", "2026-03-01"), ["2026-02-27", "2026-02-28", "2026-03-01"]);
  assert.deepEqual(between("2026-02-27", "2026-02-27"), ["2026-02-27"]);
  assert.deepEqual(between("2026-02-27", "2026-02-26"), []);
});

test("a day is four, two and two digits of a date that exists", () => {
  assert.ok(isDay("2026-10-05"));
  for (const wrong of ["", "2026-13-01", "2026-10-5", "05-10-2026", "2026-10-05T00:00"]) assert.ok(!isDay(wrong), wrong);
});
