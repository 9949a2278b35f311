// The dispatcher: events, its table, and what ends it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DispatcherClient } from "../../../../clients/js/src/dispatcher.js";
import { Socket, settled, staged } from "./sockets.mjs";

const location = (driverId, seq) => ({ type: "location", driverId, latitude: 25.2, longitude: 55.3, seq });

async function watching(context, area = { all: true }) {
  const stage = staged(context);
  const dispatcher = new DispatcherClient("ws://hub", { ticket: async () => null });
  context.after(() => dispatcher.close());
  const events = [];
  dispatcher.onEvent((event) => events.push(event.type));
  dispatcher.subscribe(area);
  await settled();
  stage.last().accept();
  return { ...stage, dispatcher, events };
}

test("listeners get events after the table has changed", async (context) => {
  const { dispatcher, events, last } = await watching(context, { bbox: [1, 2, 3, 4], maxHz: 2 });
  assert.deepEqual(last().sent, [{ type: "subscribe", id: "watch", bbox: [1, 2, 3, 4], maxHz: 2 }]);
  const sizes = [];
  dispatcher.onEvent(() => sizes.push(dispatcher.latest.size));
  last().say({ type: "subscribed", id: "watch", epoch: "e", seq: 2, count: 2, reset: true }, location("a", 1), location("b", 2));
  last().say({ type: "synced", id: "watch", seq: 2 }, location("b", 2), { type: "pong" }, { type: "of a newer hub" });
  last().say({ type: "left", id: "watch", driverId: "a" });
  assert.deepEqual(events, ["subscribed", "location", "location", "synced", "left"]);
  assert.deepEqual(sizes, [0, 1, 2, 2, 1]);
  assert.equal(dispatcher.state.name, "live");
});

test("a second area moves the subscription", async (context) => {
  const { dispatcher, last } = await watching(context);
  dispatcher.subscribe({ near: { latitude: 25, longitude: 55, radius: 1_000 } });
  assert.deepEqual(last().sent.at(-1), { type: "subscribe", id: "watch", near: { latitude: 25, longitude: 55, radius: 1_000 } });
});

test("after a restart of the hub the table has only what the hub sent", async (context) => {
  const { dispatcher, last, tick } = await watching(context);
  last().say({ type: "subscribed", id: "watch", epoch: "e", seq: 9, count: 1, reset: true }, location("a", 9), { type: "synced", id: "watch", seq: 9 });
  last().end(1006);
  await tick(500);
  last().accept();
  assert.deepEqual(last().sent[0].since, { epoch: "e", seq: 9 });
  assert.equal(dispatcher.latest.size, 1);
  last().say({ type: "subscribed", id: "watch", epoch: "f", seq: 1, count: 1, reset: true }, location("b", 1));
  assert.deepEqual([...dispatcher.latest.keys()], ["b"]);
});

test("an area that the hub refuses ends it, a refused token does not", async (context) => {
  const { dispatcher, last, tick } = await watching(context);
  last().say({ type: "error", code: "unauthenticated", field: "token", detail: "expired" });
  assert.equal(dispatcher.state.name, "connecting");
  last().say({ type: "error", code: "forbidden", detail: "the role driver may not subscribe" });
  await tick(60_000);
  assert.deepEqual([dispatcher.state.name, dispatcher.state.reason], ["ended", "the role driver may not subscribe"]);
  assert.equal(Socket.opened.length, 1);
});

for (const area of [{}, { all: true, drivers: ["a"] }, { drivers: [] }, { all: false }, { maxHz: 1 }]) {
  test(`${JSON.stringify(area)} is not an area`, (context) => {
    staged(context);
    const dispatcher = new DispatcherClient("ws://hub");
    assert.throws(() => dispatcher.subscribe(area), /area: must have exactly one of all, drivers, bbox and near/);
    assert.equal(Socket.opened.length, 0);
  });
}
