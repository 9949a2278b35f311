// The numbers of rules between the user's units and those of the API.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.mjs";
import { entered, number, PARAMS, summary } from "../../../clients/web/js/alerts/params.js";
import { isSimple } from "../../../clients/web/js/alerts/schedule.js";
import { addressOf, matches } from "../../../clients/web/js/alerts/words.js";

test("a number is the same after it was entered and shown again", () => {
  for (const params of Object.values(PARAMS)) {
    for (const param of params) {
      for (const value of [param.min, param.max, param.value ?? param.min]) {
        assert.equal(entered(param, number(param, String(value))), String(value), param.label);
      }
    }
  }
});

test("a number out of range is refused in the user's units", () => {
  const [limit] = PARAMS.overspeed;
  assert.equal(number(limit, "90"), 25);
  assert.throws(() => number(limit, "3"), new RangeError("Enter a number from 4 to 1440."));
  assert.throws(() => number(limit, ""), RangeError);
  assert.throws(() => number(limit, "fast"), RangeError);
  assert.equal(number(PARAMS["fence.dwelled"][0], ""), null);
  const [every, , days] = PARAMS.maintenance;
  assert.deepEqual([number(every, ""), number(days, ""), number(days, "180")], [null, null, 180]);
  assert.throws(() => number(days, "1.5"), new RangeError("Enter a whole number from 1 to 3660."));
});

test("a number whose field was not touched stays as it is", () => {
  const [limit] = PARAMS.overspeed;
  assert.notEqual(number(limit, entered(limit, 13.4112)), 13.4112);
  assert.equal(number(limit, entered(limit, 13.4112), 13.4112), 13.4112);
  assert.equal(number(limit, "90", 13.4112), 25);
  assert.equal(number(PARAMS["fence.dwelled"][0], "", null), null);
  assert.throws(() => number(limit, "3", 13.4112), RangeError);
});

test("a rule in one line", () => {
  assert.equal(summary("overspeed", { limit: 25, for: 15 }), "Speed limit in km/h: 90; Seconds above it: 15");
  assert.equal(summary("fence.dwelled", { after: null }), "");
  assert.equal(summary("alarm", { alarms: ["sos"] }), "sos");
});

test("a schedule that the form cannot show is not simple", () => {
  const weekly = [["mo", "08:00", "18:00"], ["tu", "08:00", "18:00"]];
  assert.ok(isSimple(null));
  assert.ok(isSimple({ weekly, except: [] }));
  assert.ok(!isSimple({ weekly: [...weekly, ["mo", "20:00", "22:00"]] }));
  assert.ok(!isSimple({ weekly: [...weekly, ["we", "09:00", "18:00"]] }));
  assert.ok(!isSimple({ weekly, except: ["2026-12-02"] }));
});

test("the filter of the feed", () => {
  const alert = { state: "open", severity: "warning", kind: "overspeed", title: "Too fast", text: "truck-7 drives 120 km/h", driverId: "truck-7" };
  const all = { state: "all", severity: "all", words: "" };
  assert.ok(matches(alert, all));
  assert.ok(matches(alert, { ...all, words: " TRUCK-7 " }));
  assert.ok(!matches(alert, { ...all, words: "truck-8" }));
  assert.ok(!matches(alert, { ...all, severity: "critical" }));
  assert.ok(!matches({ ...alert, acknowledgedAt: "2026-11-27T07:00:00Z" }, { ...all, state: "unacknowledged" }));
  assert.ok(!matches({ ...alert, state: "resolved" }, { ...all, state: "open" }));
});

test("an alert leads to its driver, and one about a channel to the management of admins only", () => {
  assert.equal(addressOf({ driverId: "a b" }, false), "#/drivers/a%20b");
  assert.equal(addressOf({}, true), "#/manage");
  assert.equal(addressOf({}, false), "#/");
});
