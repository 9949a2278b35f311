// Days of the calendar.

import assert from "node:assert/strict";
import { test } from "node:test";

import { between, dayIn, isDay, shifted, span, utcDay } from "../../../clients/web/js/ui/days.js";

const HOUR = 3_600_000;

/** [first instant, hours] of days in a zone. */
const spans = (zone, days) => days.map((day) => {
  const [start, end] = span(day, zone);
  return [new Date(start).toISOString().slice(0, 16), (end - start) / HOUR];
});

test("a day is 23 hours long when the clocks go forward and 25 when they go back", () => {
  assert.deepEqual(spans("Europe/Berlin", ["2026-03-28", "2026-03-29", "2026-10-25"]), [
    ["2026-03-27T23:00", 24], ["2026-03-28T23:00", 23], ["2026-10-24T22:00", 25],
  ]);
  assert.deepEqual(spans("Pacific/Auckland", ["2026-04-04", "2026-04-05", "2026-09-27"]), [
    ["2026-04-03T11:00", 24], ["2026-04-04T11:00", 25], ["2026-09-26T12:00", 23],
  ]);
  assert.deepEqual(spans("UTC", ["2026-03-29"]), [["2026-03-29T00:00", 24]]);
});

test("a day begins with its first instant where the clocks change at midnight", () => {
  // Santiago: no 0:00 on 6 September; on 4 April 23:00 to 24:00 comes twice.
  assert.deepEqual(spans("America/Santiago", ["2026-09-06", "2026-04-04", "2026-04-05"]), [
    ["2026-09-06T04:00", 23], ["2026-04-04T03:00", 25], ["2026-04-05T04:00", 24],
  ]);
});

test("every instant of a day is on that day, in zones of all kinds", () => {
  for (const zone of ["America/Chicago", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Niue", "Australia/Lord_Howe"]) {
    for (let day = "2026-01-01"; day < "2027-01-01"; day = shifted(day, 1)) {
      const [start, end] = span(day, zone);
      const seen = [start - 1, start, end - 1, end].map((time) => dayIn(time, zone));
      assert.deepEqual(seen, [shifted(day, -1), day, day, shifted(day, 1)], `${day} in ${zone}`);
    }
  }
});

test("the days of two time zones differ near midnight", () => {
  const time = Date.parse("2026-10-05T22:30:00Z");
  assert.equal(dayIn(time, "Europe/Berlin"), "2026-10-06");
  assert.equal(dayIn(time, "UTC"), "2026-10-05");
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
