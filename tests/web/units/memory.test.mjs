// What the page remembers, also where the browser does not help.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createMemory } from "../../../clients/web/js/ui/memory.js";

function storageOf(items = {}) {
  return { items, getItem: (name) => items[name] ?? null, setItem: (name, value) => void (items[name] = value) };
}

test("what is set is there after a reload, for each user apart", () => {
  const storage = storageOf();
  const memory = createMemory("amal", () => storage);
  memory.set("order", "speed");
  assert.equal(memory.get("order"), "speed");
  memory.write();
  assert.equal(createMemory("amal", () => storage).get("order"), "speed");
  assert.equal(createMemory("badr", () => storage).get("order"), undefined);
});

test("two tabs keep each other's changes", () => {
  const storage = storageOf();
  const [one, other] = [1, 2].map(() => createMemory("amal", () => storage));
  one.set("order", "speed");
  other.set("status", "stale");
  one.write();
  other.write();
  assert.deepEqual(["order", "status"].map(one.get), ["speed", "stale"]);
});

for (const broken of ["{", "[]", "null", "7", '"text"']) {
  test(`something else under the name is nothing: ${broken}`, () => {
    const storage = storageOf({ "hub-screen:amal": broken });
    const memory = createMemory("amal", () => storage);
    assert.equal(memory.get("order"), undefined);
    memory.set("order", "age");
    memory.write();
    assert.deepEqual(JSON.parse(storage.items["hub-screen:amal"]), { order: "age" });
  });
}

test("without storage, or with a full one, it lasts as long as the page", (context) => {
  context.mock.method(console, "info", () => {});
  const refused = () => {
    throw new Error("SecurityError");
  };
  const full = { getItem: () => null, setItem: refused };
  for (const storage of [refused, () => full]) {
    const memory = createMemory("amal", storage);
    memory.set("order", "age");
    memory.write();
    assert.equal(memory.get("order"), "age");
  }
});

test("many changes are written once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const storage = storageOf();
  const write = context.mock.method(storage, "setItem");
  const memory = createMemory("amal", () => storage);
  for (let zoom = 0; zoom < 50; zoom += 1) memory.set("view", [0, 0, zoom]);
  context.mock.timers.tick(1_000);
  assert.equal(write.mock.callCount(), 1);
  assert.deepEqual(memory.get("view"), [0, 0, 49]);
});
