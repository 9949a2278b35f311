// The choice of a report and its address, the words of its cells, the sums of its chart.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./english.mjs";
import { addressOf, choiceOf, limitOf, paramsOf, typedLimit, wrongChoice } from "../../../clients/web/js/reports/choice.js";
import { chartOf, columnsShown, shown, shownOf } from "../../../clients/web/js/reports/figures.js";

const TODAY = "2026-10-08";

test("an address keeps the whole choice, and a wrong one is the last seven days", () => {
  const choice = { kind: "speeding", from: "2026-10-01", to: "2026-10-05", drivers: ["a", "b:c"], group: "north", speedLimit: 14 };
  const [, kind, query] = /^#\/reports\/([a-z]+)\?(.*)$/.exec(addressOf(choice));
  assert.deepEqual(choiceOf(kind, query, TODAY), choice);
  assert.deepEqual(paramsOf(choice), { from: "2026-10-01", to: "2026-10-05", driverId: ["a", "b:c"], group: "north", speedLimit: 14 });
  const first = { kind: "trips", from: "2026-10-02", to: TODAY, drivers: [], group: "", speedLimit: null };
  assert.deepEqual(choiceOf(undefined, undefined, TODAY), first);
  assert.deepEqual(choiceOf("", "from=yesterday&to=2026-10-05&speedLimit=x", TODAY), first);
  assert.equal(paramsOf({ ...choice, kind: "trips" }).speedLimit, undefined);
});

test("limits are typed in kilometres per hour, with a point or a comma", () => {
  assert.equal(limitOf("50,4"), 14);
  assert.equal(typedLimit(limitOf("80")), "80");
  assert.equal(limitOf(typedLimit(13.4112), 13.4112), 13.4112);
  assert.deepEqual(["", " ", "0", "fast", "1441"].map((typed) => limitOf(typed)), [null, null, undefined, undefined, undefined]);
});

test("days in the wrong order are named", () => {
  const choice = choiceOf("trips", undefined, TODAY);
  assert.equal(wrongChoice(choice), null);
  assert.match(wrongChoice({ ...choice, from: "2026-10-09" }).words, /must not be after/);
  assert.deepEqual([wrongChoice({ ...choice, from: "" }).field, wrongChoice({ ...choice, to: "" }).field], ["from", "to"]);
});

const column = (name, kind) => ({ name, title: name.toUpperCase(), kind, unit: "" });
const REPORT = {
  kind: "trips",
  title: "Trips",
  about: "",
  columns: [column("day", "day"), column("driverName", "text"), column("driverId", "id"), column("distance", "distance"), column("latitude", "degrees")],
  chart: "distance",
  by: "day",
};

test("people get no ids and coordinates, and words for what is known", () => {
  assert.deepEqual(columnsShown(REPORT).map(({ name }) => name), ["day", "driverName", "distance"]);
  assert.equal(shown(column("distance", "distance"), 1_500), "1.5 km");
  assert.equal(shown(column("cause", "text"), "first_seen"), "First seen");
  assert.equal(shown(column("title", "text"), "first_seen"), "first_seen");
  assert.equal(shown(column("endedAt", "instant"), undefined), "–");
});

test("a place is made of its parts, an address stays as it is, and a row without parts has its text", () => {
  const from = column("startPlace", "text");
  const text = "2.8 km SE of Hatta, United Arab Emirates";
  const parts = { text, source: "gazetteer", name: "Hatta", country: "AE", distance: 2_800, direction: "SE" };
  assert.equal(shownOf(from, { startPlace: text, places: { startPlace: parts } }), "2.8 km south-east of Hatta, United Arab Emirates");
  assert.equal(shownOf(from, { startPlace: "1 A Street", places: { startPlace: { text: "1 A Street", source: "geocoder" } } }), "1 A Street");
  assert.equal(shownOf(from, { startPlace: text }), text);
  assert.equal(shownOf(from, {}), "–");
});

test("a chart has the sum of every day, or of the drivers with the most", () => {
  const rows = [
    { day: "2026-10-02", driverId: "a", driverName: "A", distance: 1_000 },
    { day: "2026-10-02", driverId: "b", driverName: "B", distance: 3_000 },
    { day: "2026-10-03", driverId: "a", driverName: "A" },
  ];
  const range = { from: "2026-10-01", to: "2026-10-03" };
  const byDay = chartOf(REPORT, rows, range);
  assert.deepEqual(byDay.bars.map(({ value }) => value), [0, 4_000, 0]);
  assert.deepEqual([byDay.name, byDay.sum], ["Distance", "4.0 km"]);
  const byDriver = chartOf({ ...REPORT, by: "driver" }, rows, range);
  assert.deepEqual(byDriver.bars, [{ label: "B", value: 3_000 }, { label: "A", value: 1_000 }]);
  const namesakes = rows.map((row) => ({ ...row, driverName: "Ali" }));
  assert.deepEqual(chartOf({ ...REPORT, by: "driver" }, namesakes, range).bars, [{ label: "Ali", value: 3_000 }, { label: "Ali", value: 1_000 }]);
  const many = Array.from({ length: 57 }, (_, n) => ({ driverId: `d${n}`, driverName: `d${n}`, distance: n }));
  const first = chartOf({ ...REPORT, by: "driver" }, many, range);
  assert.deepEqual([first.bars.length, first.count], [40, 57]);
  assert.deepEqual(chartOf({ ...REPORT, chart: "" }, rows, range).bars.map(({ value }) => value), [0, 2, 1]);
});
