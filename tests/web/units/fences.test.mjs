// Who is inside of each fence, from the messages of the socket.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createFences } from "../../../clients/web/js/live/fences.js";

const [EIGHT, NINE] = ["2026-11-27T08:00:00Z", "2026-11-27T09:00:00Z"];

function world(context, items = []) {
  let listener = () => {};
  const fences = createFences({
    api: { all: async () => ({ items }) },
    connection: { onMessage: (given) => void (listener = given) },
    subscription: "facts",
  });
  context.after(fences.stop);
  const say = async (message) => {
    listener(message);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { fences, say };
}

const event = (name, driverId, more = {}) => ({ type: "fence", event: name, fenceId: "port", driverId, enteredAt: NINE, ...more });
const inside = (fences) => Object.fromEntries(fences.inside("port"));

test("the state comes first, and events change it", async (context) => {
  const { fences, say } = world(context, [{ fenceId: "b", name: "Port 10" }, { fenceId: "a", name: "port 9" }]);
  await say({ type: "subscribed", id: "facts" });
  assert.deepEqual(fences.all().map(({ name }) => name), ["port 9", "Port 10"]);
  await say({ type: "fences", driverId: "1", inside: [["port", EIGHT], ["yard", EIGHT]] });
  await say(event("entered", "2"));
  assert.deepEqual(inside(fences), { 1: EIGHT, 2: NINE });
  await say(event("exited", "1", { enteredAt: EIGHT, exitedAt: NINE }));
  await say({ type: "fences", driverId: "2", inside: [] });
  assert.deepEqual(inside(fences), {});
  assert.deepEqual([...fences.inside("yard").keys()], ["1"]);
});

test("news of the past does not end a visit of now", async (context) => {
  const { fences, say } = world(context);
  await say(event("entered", "1"));
  await say(event("revised", "1", { enteredAt: EIGHT, exitedAt: NINE }));
  await say(event("crossed", "2", { enteredAt: EIGHT, exitedAt: NINE }));
  assert.deepEqual(inside(fences), { 1: NINE });
  await say(event("revised", "1", { removed: true }));
  assert.deepEqual(inside(fences), {});
});

test("a connection that begins again begins with nobody inside", async (context) => {
  const { fences, say } = world(context);
  const heard = [];
  fences.onEvent((message) => heard.push(message.event));
  await say(event("entered", "1"));
  await say({ type: "subscribed", id: "map" });
  assert.deepEqual(inside(fences), { 1: NINE });
  await say({ type: "subscribed", id: "facts" });
  assert.deepEqual(inside(fences), {});
  assert.deepEqual(heard, ["entered"]);
});
