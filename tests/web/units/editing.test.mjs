// Three versions of a row while two people edit it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { changes, compare, versionOf } from "../../../clients/web/js/ui/editing.js";

const KEYS = ["name", "plate", "driverId"];
const base = { name: "Van", plate: "A 1", driverId: null };

const cases = [
  ["no other user changed anything", base, { ...base, name: "Lorry" }, [], []],
  ["they changed another field", { ...base, plate: "B 2" }, { ...base, name: "Lorry" }, ["plate"], []],
  ["both changed the same field", { ...base, plate: "B 2" }, { ...base, plate: "C 3" }, [], ["plate"]],
  ["both changed it to the same", { ...base, plate: "B 2" }, { ...base, plate: "B 2" }, [], []],
  ["they cleared what was changed here", { ...base, name: "" }, { ...base, name: "Lorry" }, [], ["name"]],
  ["they assigned a driver", { ...base, driverId: "7" }, base, ["driverId"], []],
];

for (const [name, theirs, mine, taken, conflicts] of cases) {
  test(name, () => assert.deepEqual(compare(KEYS, base, theirs, mine), { taken, conflicts }));
}

test("a PATCH has the changed fields only", () => {
  assert.deepEqual(changes(KEYS, base, { ...base, name: "Lorry", driverId: "7" }), { name: "Lorry", driverId: "7" });
  assert.deepEqual(changes(KEYS, base, { ...base }), {});
});

test("a version is an entity tag", () => assert.equal(versionOf({ version: 3 }), '"3"'));
