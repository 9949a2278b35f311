// What the address of a driver's panel names.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, momentOf } from "../../../clients/web/js/views/moment.js";

const TRIP = "0b3e7a52-6c1f-5c1a-9d8e-2f6f0a3b4c5d";
const AT = Date.UTC(2026, 9, 5, 8, 0, 7);

test("an address names day, trip and instant, and is read as it was written", () => {
  const address = addressOf("van:7", { day: "2026-10-05", trip: TRIP, at: AT + 400 });
  assert.equal(address, `#/drivers/van%3A7?day=2026-10-05&trip=${TRIP}&at=2026-10-05T08:00:07Z`);
  assert.deepEqual(momentOf(undefined, address.split("?")[1]), { day: "2026-10-05", trip: TRIP, at: AT });
});

test("a part that is not named is left out", () => {
  assert.equal(addressOf("7", {}), "#/drivers/7");
  assert.deepEqual(momentOf(undefined, undefined), {});
  assert.deepEqual(momentOf("2026-10-05T08:00:07Z", undefined), { at: AT });
});

test("what is not valid is left out", () => {
  assert.deepEqual(momentOf("soon", "day=2026-13-05&trip=../../x&at=yesterday"), {});
});
