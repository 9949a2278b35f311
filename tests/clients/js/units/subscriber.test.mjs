// How the socket comes back: when, with what, and what the state says meanwhile.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Subscriber } from "../../../../clients/js/src/subscriber.js";
import { Socket, settled, staged } from "./sockets.mjs";

const AREA = { bbox: [1, 2, 3, 4], maxHz: 1 };
const OTHER = { bbox: [5, 6, 7, 8], maxHz: 2 };

async function connected(context, { ticket = async () => null, random = 1, ...options } = {}) {
  const { listeners, last, tick } = staged(context, random);
  const subscriber = new Subscriber("ws://hub", { ticket, ...options });
  context.after(() => subscriber.stop());
  const states = [];
  subscriber.onState(({ name }) => states.at(-1) === name || states.push(name));
  subscriber.subscribe("map", AREA);
  subscriber.start();
  await settled();
  return { subscriber, states, listeners, tick, last };
}

test("it subscribes once the socket is open, and is live once that is synced", async (context) => {
  const { states, last } = await connected(context);
  assert.deepEqual(last().protocols, ["hub.v1"]);
  last().accept();
  assert.deepEqual(last().sent, [{ type: "subscribe", id: "map", ...AREA }]);
  assert.deepEqual(states, ["connecting"]);
  last().answer("map", 7);
  assert.deepEqual(states, ["connecting", "live"]);
});

test("the ticket of the session is in the address", async (context) => {
  const { last } = await connected(context, { ticket: async () => "a/b" });
  assert.equal(last().url, "ws://hub/ws?subscribe=none&ticket=a%2Fb");
});

test("a lost socket is followed by the next after a delay that doubles up to 30 s", async (context) => {
  const { last, states, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  for (const delay of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = Socket.opened.length;
    last().end(1006);
    await tick(delay - 1);
    assert.equal(Socket.opened.length, before, `too early: ${delay}`);
    await tick(1);
    assert.equal(Socket.opened.length, before + 1, `too late: ${delay}`);
  }
  assert.equal(states.at(-1), "reconnecting");
  last().accept();
  last().answer("map", 9);
  assert.equal(states.at(-1), "live");
  // A subscription that was answered resets the delay.
  last().end(1006);
  await tick(500);
  assert.equal(Socket.opened.length, 10);
});

test("it waits as long as the hub asks for in bye, and a part of the delay more", async (context) => {
  const { last, tick } = await connected(context, { random: 0.5 });
  last().accept();
  last().answer("map", 7);
  last().say({ type: "bye", retryMs: 3_000 });
  last().end(1001);
  await tick(3_249);
  assert.equal(Socket.opened.length, 1);
  await tick(1);
  assert.equal(Socket.opened.length, 2);
});

for (const code of [1000, 1002, 1003, 1007, 1008, 1009, 4500, 4503]) {
  test(`after close code ${code} it does not come back`, async (context) => {
    const { subscriber, last, tick } = await connected(context);
    last().accept();
    last().end(code, "because");
    await tick(60_000);
    assert.equal(Socket.opened.length, 1);
    assert.deepEqual([subscriber.state.name, subscriber.state.reason], ["ended", "because"]);
  });
}

test("a session that is over ends it, a hub that does not answer does not", async (context) => {
  let status = 0;
  const ticket = () => Promise.reject(Object.assign(new Error("out"), { status }));
  const { subscriber, tick } = await connected(context, { ticket });
  assert.equal(subscriber.state.name, "connecting");
  status = 401;
  await tick(500);
  assert.deepEqual([subscriber.state.name, subscriber.state.reason], ["ended", "out"]);
});

test("it resumes from the newest number that a heartbeat named", async (context) => {
  const { last, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  last().say({ type: "heartbeat", seq: 42 });
  last().end(1006);
  await tick(500);
  last().accept();
  assert.deepEqual(last().sent, [{ type: "subscribe", id: "map", ...AREA, since: { epoch: "a", seq: 42 } }]);
});

test("it resumes with the last token, which a heartbeat may leave as it is", async (context) => {
  const { last, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  last().say({ type: "heartbeat", seq: 8, resume: "g.1" }, { type: "heartbeat", seq: 9 });
  last().end(1006);
  await tick(500);
  last().accept();
  assert.deepEqual(last().sent, [{ type: "subscribe", id: "map", ...AREA, since: { epoch: "a", seq: 9, resume: "g.1" } }]);
});

test("it resumes the area that was answered, then moves to the one that is shown now", async (context) => {
  const { subscriber, last, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  last().end(1006);
  subscriber.subscribe("map", OTHER);
  await tick(500);
  last().accept();
  assert.deepEqual(last().sent, [
    { type: "subscribe", id: "map", ...AREA, since: { epoch: "a", seq: 7 } },
    { type: "subscribe", id: "map", ...OTHER },
  ]);
});

test("it starts over where the last move was not answered, since its number counts for another area", async (context) => {
  const { subscriber, last, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  subscriber.subscribe("map", OTHER);
  last().say({ type: "heartbeat", seq: 42 });
  last().end(1006);
  await tick(500);
  last().accept();
  assert.deepEqual(last().sent, [{ type: "subscribe", id: "map", ...OTHER }]);
});

test("the same area is not asked for twice", async (context) => {
  const { subscriber, last } = await connected(context);
  last().accept();
  subscriber.subscribe("map", { ...AREA, bbox: [...AREA.bbox] });
  assert.equal(last().sent.length, 1);
});

test("subscriptions share the socket, and end one by one", async (context) => {
  const { subscriber, last } = await connected(context);
  last().accept();
  subscriber.subscribe("follow", { drivers: ["7"], maxHz: 20 });
  subscriber.unsubscribe("follow");
  subscriber.unsubscribe("follow");
  assert.deepEqual(last().sent.slice(1), [
    { type: "subscribe", id: "follow", drivers: ["7"], maxHz: 20 },
    { type: "unsubscribe", id: "follow" },
  ]);
});

test("silence makes the picture stale, then the socket is given up for another one", async (context) => {
  const { last, states, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  await tick(12_000);
  assert.equal(states.at(-1), "stale");
  last().say({ type: "heartbeat", seq: 8 });
  assert.equal(states.at(-1), "live");
  await tick(12_000);
  await tick(13_000);
  assert.equal(Socket.opened.length, 2);
  assert.equal(states.at(-1), "stale");
});

test("a process that stood still itself does not take that for silence of the hub", async (context) => {
  let now = 0;
  const clock = mock.method(performance, "now", () => now);
  context.after(() => clock.mock.restore());
  const { last, states, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  now = 60_000;
  await tick(12_000);
  assert.equal(states.at(-1), "live");
});

test("a network that is found again is used at once, but not by a hidden page", async (context) => {
  const { last, listeners } = await connected(context);
  last().accept();
  last().end(1006);
  document.visibilityState = "hidden";
  listeners.online();
  assert.equal(Socket.opened.length, 1);
  document.visibilityState = "visible";
  listeners.visibilitychange();
  await settled();
  assert.equal(Socket.opened.length, 2);
});

test("messages of a socket that was given up are not heard", async (context) => {
  const { subscriber, last, tick } = await connected(context);
  const heard = [];
  subscriber.onMessage((message) => heard.push(message.type));
  const first = last();
  first.accept();
  await tick(12_000);
  await tick(13_000);
  first.say({ type: "heartbeat", seq: 1 });
  assert.deepEqual(heard, []);
});

test("a fresh access token goes to an open socket only", async (context) => {
  const { subscriber, last } = await connected(context);
  subscriber.renew("early");
  last().accept();
  subscriber.renew("token");
  assert.deepEqual(last().sent.filter(({ type }) => type === "auth"), [{ type: "auth", token: "token" }]);
});

test("a token is offered as a subprotocol, and read for each socket", async (context) => {
  let number = 0;
  const { last, tick } = await connected(context, { ticket: null, token: async () => `token-${(number += 1)}` });
  assert.deepEqual(last().protocols, ["hub.v1", "bearer.token-1"]);
  last().accept();
  last().end(4001);
  await tick(500);
  assert.deepEqual(last().protocols, ["hub.v1", "bearer.token-2"]);
});

for (const [status, ends] of [[401, true], [403, true], [200, false], [503, false]]) {
  test(`a handshake that fails while the API answers ${status} ${ends ? "ends it" : "is tried again"}`, async (context) => {
    const asked = mock.method(globalThis, "fetch", async () => ({ status, json: async () => ({ detail: "invalid token" }) }));
    context.after(() => asked.mock.restore());
    const { subscriber, last, tick } = await connected(context, { ticket: null, token: "secret" });
    last().onerror({});
    last().end(1006);
    await settled();
    const [address, { headers }] = asked.mock.calls[0].arguments;
    assert.deepEqual([address, headers], ["http://hub/api/v1/auth/me", { authorization: "Bearer secret" }]);
    assert.equal(asked.mock.callCount(), 1);
    await tick(60_000);
    assert.deepEqual([subscriber.state.name, Socket.opened.length], ends ? ["ended", 1] : ["connecting", 2]);
    if (ends) assert.equal(subscriber.state.reason, "invalid token");
  });
}

test("it does not listen to the page after it has stopped", async (context) => {
  const { subscriber, listeners } = await connected(context);
  subscriber.stop();
  assert.deepEqual(listeners, {});
});

test("a class of sockets is passed in where the runtime has none", (context) => {
  staged(context);
  delete globalThis.WebSocket;
  assert.throws(() => new Subscriber("ws://hub"), /WebSocket: this runtime has none/);
  assert.doesNotThrow(() => new Subscriber("ws://hub", { WebSocket: Socket }));
});

for (const url of ["http://hub/ws", "hub", "ws://", ""]) {
  test(`${JSON.stringify(url)} is not the URL of a socket`, (context) => {
    staged(context);
    assert.throws(() => new Subscriber(url), /must be a WebSocket URL/);
  });
}
