// Sums and orders of the daily figures.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./english.mjs";
import { csvOf, ends, everyDay, perDriver, sorted, total, wrongRange } from "../../../clients/web/js/views/daily-figures.js";

const row = (driverId, day, distance, rest = {}) => ({ driverId, day, distance, trips: 1, duration: 100, movingTime: 80, averageSpeed: distance / 100, maxSpeed: 20, ...rest });

const EACH = [row("a", "2026-10-05", 1_000), row("b", "2026-10-05", 500, { maxSpeed: 30 }), row("a", "2026-10-06", 2_000)];

test("the days of a driver are summed, its average is of distance over time, its top speed the highest", () => {
  const [a, b] = perDriver(EACH);
  assert.deepEqual(a, { driverId: "a", distance: 3_000, trips: 2, duration: 200, movingTime: 160, maxSpeed: 20, averageSpeed: 15 });
  assert.equal(b.averageSpeed, 5);
  assert.deepEqual(total([a, b]), { driverId: "", distance: 3_500, trips: 3, duration: 300, movingTime: 240, maxSpeed: 30, averageSpeed: 3_500 / 300 });
  assert.equal(total([]).averageSpeed, undefined);
});

test("drivers are sorted by a figure or by name, equal ones by id", () => {
  const drivers = [{ driverId: "b", trips: 1 }, { driverId: "a", trips: 1 }, { driverId: "c", trips: 2 }, { driverId: "d" }];
  const ids = (order, nameOf = (id) => id) => sorted(drivers, order, nameOf).map(({ driverId }) => driverId).join("");
  assert.equal(ids({ key: "trips", up: false }), "cabd");
  assert.equal(ids({ key: "trips", up: true }), "dabc");
  const names = { a: "Truck 10", b: "Truck 9", c: "truck 1", d: "Amal" };
  assert.equal(ids({ key: "name", up: true }, (id) => names[id]), "dcba");
});

test("a day without trips is a row of zeros", () => {
  const days = everyDay({ from: "2026-10-04", to: "2026-10-05" }, [{ day: "2026-10-05", distance: 7, trips: 1, movingTime: 2, drivers: 1 }]);
  assert.deepEqual(days.map(({ day, distance }) => [day, distance]), [["2026-10-04", 0], ["2026-10-05", 7]]);
});

test("the file has units in its heading, and nothing where a figure is unknown", () => {
  assert.equal(
    csvOf([{ ...EACH[0], averageSpeed: undefined }]),
    "day,driver,trips,distance_m,duration_s,moving_time_s,average_speed_m_s,max_speed_m_s\r\n2026-10-05,a,1,1000,100,80,,20\r\n",
  );
});

test("a range has two days in order, at most 366 apart", () => {
  assert.equal(wrongRange({ from: "2026-01-01", to: "2027-01-01" }), "");
  assert.match(wrongRange({ from: "2026-01-01", to: "2027-01-02" }), /366 days/);
  assert.match(wrongRange({ from: "2026-01-02", to: "2026-01-01" }), /must not be after/);
  assert.match(wrongRange({ from: "", to: "2026-01-01" }), /Choose/);
});

test("one day has one end", () => {
  assert.deepEqual(ends({ from: "2026-10-05", to: "2026-10-05" }), ["5 Oct"]);
  assert.equal(ends({ from: "2026-10-05", to: "2026-10-06" }).length, 2);
});
