// What finds a driver.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createSearch, finds } from "../../../clients/web/js/live/search.js";

const DRIVER = {
  driverId: "d-17",
  name: "Noura Özdemir",
  phone: "+971 50 123-4567",
  status: "online",
  vehicle: { vehicleId: "van-7", name: "Blue Vito", plate: "DXB A 12 345", type: "Van 3.5 t" },
};

for (const words of ["d-17", "noura", "ÖZDEMIR", "+971 50 123", "971501234567", "0501234567", "050 123", "van-7", "vito", "dxb a 12 345", "A12345", "a-12-345", "van 3", "  noura "]) {
  test(`"${words}" finds her`, () => assert.ok(finds(DRIVER, words)));
}

for (const words of ["amal", "12346", "99", "truck", "0999"]) {
  test(`"${words}" does not`, () => assert.ok(!finds(DRIVER, words)));
}

test("a driver without an entry is found by its id", () => {
  assert.ok(finds({ driverId: "x" }, "X"));
  assert.ok(!finds({ driverId: "x" }, "-y"));
});

test("signs alone find nothing but themselves, and an empty text everything", () => {
  assert.ok(finds(DRIVER, " "));
  assert.ok(finds(DRIVER, "-"));
  assert.ok(!finds({ driverId: "x" }, "-"));
});

test("status and text narrow together, and listeners hear changes only", () => {
  const search = createSearch();
  let heard = 0;
  const end = search.onChange(() => (heard += 1));
  assert.deepEqual([search.chosen, search.matches(DRIVER)], [false, true]);
  search.choose({ status: "stale" });
  search.choose({ status: "stale" });
  assert.deepEqual([search.chosen, search.matches(DRIVER), heard], [true, false, 1]);
  search.choose({ status: "online", words: "vito" });
  assert.deepEqual([search.matches(DRIVER), heard], [true, 2]);
  end();
  search.choose({ words: "" });
  assert.deepEqual([search.words, heard], ["", 2]);
});
