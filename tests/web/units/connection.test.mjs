// How the socket comes back: when, with what, and what the state says meanwhile.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createConnection } from "../../../clients/web/js/live/connection.js";

const AREA = { bbox: [1, 2, 3, 4] };
const OTHER = { bbox: [5, 6, 7, 8] };

/** The sockets that were opened, oldest first; the other end is played by hand. */
class Socket {
  static OPEN = 1;
  static opened = [];

  constructor(url, protocols) {
    Object.assign(this, { url, protocols, sent: [], readyState: 0 });
    Socket.opened.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  /** The hub accepts the handshake. */
  accept() {
    this.readyState = Socket.OPEN;
    this.onopen();
  }

  say(...messages) {
    for (const message of messages) this.onmessage({ data: JSON.stringify(message) });
  }

  /** The hub answers a subscription, and has sent everything up to `seq`. */
  answer(id, seq, epoch = "a") {
    this.say({ type: "subscribed", id, epoch }, { type: "synced", id, seq });
  }

  end(code, reason = "") {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}

/** What pages have. `visible` is whether the page is looked at. */
function page(visible = true) {
  const listeners = {};
  const target = { addEventListener: (name, listener) => void (listeners[name] = listener) };
  Object.assign(globalThis, target, { WebSocket: Socket, document: { ...target, visibilityState: visible ? "visible" : "hidden" } });
  return listeners;
}

async function connected(context, { session = { ticket: async () => null }, heartbeatInterval = 10, random = 1 } = {}) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const chance = mock.method(Math, "random", () => random);
  context.after(() => chance.mock.restore());
  Socket.opened = [];
  const listeners = page();
  const connection = createConnection({ session, heartbeatInterval, url: "ws://hub/ws?subscribe=none" });
  const states = [];
  connection.onState(({ name }) => states.at(-1) === name || states.push(name));
  connection.watch(AREA, 1);
  connection.start();
  await settled();
  return { connection, states, listeners, tick: async (ms) => (context.mock.timers.tick(ms), settled()), last: () => Socket.opened.at(-1) };
}

/** Lets promises that are kept be seen. */
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

test("it subscribes once the socket is open, and is live once that is synced", async (context) => {
  const { states, last } = await connected(context);
  assert.deepEqual(last().protocols, ["hub.v1"]);
  last().accept();
  assert.deepEqual(last().sent, [{ type: "subscribe", id: "map", ...AREA, maxHz: 1 }]);
  assert.deepEqual(states, ["connecting"]);
  last().answer("map", 7);
  assert.deepEqual(states, ["connecting", "live"]);
});

test("the ticket of the session is in the address", async (context) => {
  const { last } = await connected(context, { session: { ticket: async () => "a/b" } });
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
    const { connection, last, tick } = await connected(context);
    last().accept();
    last().end(code, "because");
    await tick(60_000);
    assert.equal(Socket.opened.length, 1);
    assert.deepEqual([connection.state.name, connection.state.reason], ["ended", "because"]);
  });
}

test("a session that is over ends it, a hub that does not answer does not", async (context) => {
  let status = 0;
  const session = { ticket: () => Promise.reject(Object.assign(new Error("out"), { status })) };
  const { connection, tick } = await connected(context, { session });
  assert.equal(connection.state.name, "connecting");
  status = 401;
  await tick(500);
  assert.deepEqual([connection.state.name, connection.state.reason], ["ended", "out"]);
});

test("it resumes from the newest number that a heartbeat named", async (context) => {
  const { last, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  last().say({ type: "heartbeat", seq: 42 });
  last().end(1006);
  await tick(500);
  last().accept();
  assert.deepEqual(last().sent, [{ type: "subscribe", id: "map", ...AREA, maxHz: 1, since: { epoch: "a", seq: 42 } }]);
});

test("it resumes the area that was answered, then moves to the one that is shown now", async (context) => {
  const { connection, last, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  last().end(1006);
  connection.watch(OTHER, 2);
  await tick(500);
  last().accept();
  assert.deepEqual(last().sent, [
    { type: "subscribe", id: "map", ...AREA, maxHz: 1, since: { epoch: "a", seq: 7 } },
    { type: "subscribe", id: "map", ...OTHER, maxHz: 2 },
  ]);
});

test("it starts over where the last move was not answered, since its number counts for another area", async (context) => {
  const { connection, last, tick } = await connected(context);
  last().accept();
  last().answer("map", 7);
  connection.watch(OTHER, 2);
  last().say({ type: "heartbeat", seq: 42 });
  last().end(1006);
  await tick(500);
  last().accept();
  assert.deepEqual(last().sent, [{ type: "subscribe", id: "map", ...OTHER, maxHz: 2 }]);
});

test("the same area is not asked for twice", async (context) => {
  const { connection, last } = await connected(context);
  last().accept();
  connection.watch({ bbox: [...AREA.bbox] }, 1);
  assert.equal(last().sent.length, 1);
});

test("one driver is followed beside the map, and let go", async (context) => {
  const { connection, last } = await connected(context);
  last().accept();
  connection.follow("7");
  connection.follow(null);
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

test("a page that stood still itself does not take that for silence of the hub", async (context) => {
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
  const { connection, last, tick } = await connected(context);
  const heard = [];
  connection.onMessage((message) => heard.push(message.type));
  const first = last();
  first.accept();
  await tick(12_000);
  await tick(13_000);
  first.say({ type: "heartbeat", seq: 1 });
  assert.deepEqual(heard, []);
});

test("a fresh access token goes to an open socket only", async (context) => {
  const { connection, last } = await connected(context);
  connection.renew("early");
  last().accept();
  connection.renew("token");
  assert.deepEqual(last().sent.filter(({ type }) => type === "auth"), [{ type: "auth", token: "token" }]);
});
