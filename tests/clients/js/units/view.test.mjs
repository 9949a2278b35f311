// A subscription's table, with transcripts of the hub's messages.

import assert from "node:assert/strict";
import { test } from "node:test";

import { View } from "../../../../clients/js/src/view.js";

const location = (driverId, seq) => ({ type: "location", driverId, latitude: 25.2, longitude: 55.3, seq });
const subscribed = (epoch, seq, reset) => ({ type: "subscribed", id: "w", epoch, seq, count: 0, reset });
const apply = (view, ...messages) => messages.map((message) => view.apply(message));
const seqs = (view) => Object.fromEntries([...view.latest].map(([driverId, { seq }]) => [driverId, seq]));

test("a location implies online, a status changes it, left removes both", () => {
  const view = new View();
  apply(view, location("a", 1), location("b", 2), { type: "status", driverId: "a", status: "stale" });
  assert.deepEqual(Object.fromEntries(view.presence), { a: "stale", b: "online" });
  apply(view, location("a", 3), { type: "left", id: "w", driverId: "b" });
  assert.deepEqual(Object.fromEntries(view.presence), { a: "online" });
  assert.deepEqual(seqs(view), { a: 3 });
});

test("positions that a resume repeats change nothing", () => {
  const view = new View();
  assert.deepEqual(apply(view, location("a", 4), location("a", 4), location("a", 3), location("a", 5)), [true, false, false, true]);
  assert.deepEqual(apply(view, { type: "left", id: "w", driverId: "unknown" }), [false]);
});

test("a reset forgets, also what has a higher number in the run before", () => {
  const view = new View();
  apply(view, subscribed("e", 50, true), location("a", 50), subscribed("f", 2, true), location("b", 2));
  assert.deepEqual(seqs(view), { b: 2 });
  assert.deepEqual(Object.fromEntries(view.presence), { b: "online" });
});

test("a resume and a move keep what is known", () => {
  const view = new View();
  apply(view, subscribed("e", 50, true), location("a", 50), subscribed("e", 60, false), location("b", 55));
  assert.deepEqual(seqs(view), { a: 50, b: 55 });
});

test("a resume at another hub goes on, by the time of record until it has sent a position", () => {
  const view = new View();
  const at = (driverId, seq, second, more) => ({ ...location(driverId, seq), recordedAt: `2026-03-01T08:00:0${second}Z`, ...more });
  apply(view, subscribed("one", 90, true), at("a", 80, 5), at("b", 90, 5), at("c", 89, 9, { clockOffset: 8 }));
  const heard = apply(view, subscribed("two", 3, false), at("a", 2, 4), at("a", 3, 6), at("a", 3, 6), at("c", 1, 2));
  assert.deepEqual(heard, [true, false, true, false, true]);
  assert.deepEqual(seqs(view), { a: 3, b: 0, c: 1 });
});
