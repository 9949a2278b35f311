// The driver: what it accepts, what it sends, and what the hub's answers do to it.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { DriverClient } from "../../../../clients/js/src/driver.js";
import { Outbox } from "../../../../clients/js/src/outbox.js";
import { Socket, settled, staged } from "./sockets.mjs";

const PLACE = { latitude: 25.2, longitude: 55.3 };

async function connected(context, options = {}) {
  const stage = staged(context);
  const driver = new DriverClient("ws://hub", { driverId: "d", ticket: async () => null, ...options });
  const quiet = mock.method(console, "warn", () => {});
  context.after(() => driver.close().finally(() => quiet.mock.restore()));
  await settled();
  stage.last().accept();
  return { ...stage, driver, warned: quiet };
}

const sent = (socket) => socket.sent.flat().map(({ msgNo }) => msgNo);

test("a fix is sent with the driver, the present time and its number", async (context) => {
  const { driver, last } = await connected(context);
  assert.equal(await driver.send({ ...PLACE, speed: 13.9, attributes: { hdop: 1 } }), 1);
  await driver.send({ ...PLACE, driverId: "other", recordedAt: new Date(1_000) });
  assert.deepEqual(last().sent, [
    { msgNo: 1, ...PLACE, speed: 13.9, attributes: { hdop: 1 }, driverId: "d", recordedAt: "1970-01-01T00:00:00.000Z" },
    { msgNo: 2, ...PLACE, driverId: "other", recordedAt: "1970-01-01T00:00:01.000Z" },
  ]);
  last().say({ type: "ack", msgNo: 2 });
  await driver.flush();
  assert.deepEqual([driver.sent, driver.acked, driver.rejected, driver.pending], [2, 2, 0, 0]);
});

test("the number of a fix is the outbox's, whatever the fix has", async (context) => {
  const { driver, last } = await connected(context);
  await driver.send({ ...PLACE, msgNo: 99, type: "ping" });
  assert.deepEqual([last().sent[0].msgNo, last().sent[0].type], [1, undefined]);
});

for (const [fix, message] of [
  [{ longitude: 55.3 }, /latitude: must be a finite number, not undefined/],
  [{ ...PLACE, speed: NaN }, /speed: must be a finite number, not NaN/],
  [{ ...PLACE, heading: "90" }, /heading: must be a finite number, not 90/],
  [{ ...PLACE, recordedAt: new Date("x") }, /recordedAt: must be a valid time/],
  [{ ...PLACE, attributes: { note: "ü".repeat(2_100) } }, /a fix of 43\d\d bytes; the hub accepts at most 1 KiB/],
]) {
  test(`it refuses a fix at once: ${message.source.slice(0, 50)}`, async (context) => {
    const { driver, last } = await connected(context);
    await assert.rejects(driver.send(fix), message);
    assert.deepEqual([driver.pending, last().sent], [0, []]);
  });
}

test("after a loss it sends again what is not acknowledged", async (context) => {
  const { driver, last, tick } = await connected(context);
  for (let number = 0; number < 3; number += 1) await driver.send(PLACE);
  last().say({ type: "ack", msgNo: 1 });
  last().end(1006);
  await driver.send(PLACE);
  await tick(500);
  assert.deepEqual(sent(last()), []);
  last().accept();
  assert.deepEqual(sent(last()), [2, 3, 4]);
  assert.equal(driver.sent, 6);
});

test("after unavailable it waits, and sends from that number on", async (context) => {
  const { driver, last, tick } = await connected(context);
  for (let number = 0; number < 4; number += 1) await driver.send(PLACE);
  last().say({ type: "ack", msgNo: 1 }, { type: "error", code: "unavailable", detail: "", msgNo: 3, retryMs: 2_000 });
  await driver.send(PLACE);
  await tick(2_999);
  assert.deepEqual(sent(last()), [1, 2, 3, 4]);
  await tick(1);
  assert.deepEqual(sent(last()), [1, 2, 3, 4, 3, 4, 5]);
});

test("a pause ends with its connection", async (context) => {
  const { driver, last, tick } = await connected(context);
  await driver.send(PLACE);
  last().say({ type: "error", code: "unavailable", detail: "", msgNo: 1, retryMs: 60_000 });
  last().end(1006);
  await tick(500);
  last().accept();
  assert.deepEqual(sent(last()), [1]);
});

test("after bye it sends nothing more over this connection", async (context) => {
  const { driver, last, tick } = await connected(context);
  last().say({ type: "bye", retryMs: 3_000 });
  await driver.send(PLACE);
  assert.deepEqual(last().sent, []);
  last().end(1012);
  await tick(3_500);
  last().accept();
  assert.deepEqual(sent(last()), [1]);
});

test("a fix refused for good is reported, and delays no other", async (context) => {
  const rejections = [];
  const { driver, last } = await connected(context, { onRejected: (rejection) => rejections.push(rejection) });
  for (const latitude of [25, 95, 26]) await driver.send({ ...PLACE, latitude });
  const error = { type: "error", code: "invalid", field: "latitude", detail: "must be at most 90", msgNo: 2 };
  last().say(error, error, { type: "ack", msgNo: 3 });
  await driver.flush();
  assert.deepEqual([driver.acked, driver.rejected, rejections.length], [2, 1, 1]);
  const [{ fix, ...rest }] = rejections;
  assert.deepEqual(rest, { msgNo: 2, code: "invalid", field: "latitude", detail: "must be at most 90" });
  assert.equal(fix.latitude, 95);
});

test("by default a rejection is a warning without coordinates", async (context) => {
  const { driver, last, warned } = await connected(context);
  await driver.send({ ...PLACE, latitude: 95 });
  last().say({ type: "error", code: "invalid", field: "latitude", detail: "must be at most 90", msgNo: 1 });
  assert.deepEqual(warned.mock.calls[0].arguments, ["fix 1 rejected: invalid: latitude: must be at most 90"]);
});

test("a full outbox makes senders wait, in order", async (context) => {
  const { driver, last } = await connected(context, { maxFixes: 2 });
  const done = [];
  for (let number = 1; number <= 4; number += 1) driver.send({ ...PLACE, speed: number }).then(() => done.push(number));
  await settled();
  assert.deepEqual([done, driver.pending], [[1, 2], 2]);
  last().say({ type: "ack", msgNo: 1 });
  await settled();
  assert.deepEqual([done, driver.pending], [[1, 2, 3], 2]);
  last().say({ type: "ack", msgNo: 3 });
  await settled();
  assert.deepEqual(last().sent.map(({ speed }) => speed), [1, 2, 3, 4]);
});

test("a tight loop of sends lets other tasks run", async (context) => {
  const { driver, tick } = await connected(context);
  const sending = (async () => {
    for (let number = 0; number < 600; number += 1) await driver.send(PLACE);
  })();
  // Many more turns of promises than the loop takes.
  for (let turn = 0; turn < 2_000; turn += 1) await settled();
  assert.equal(driver.pending, 499);
  await tick(1);
  await sending;
  assert.equal(driver.pending, 600);
});

test("a hub that refuses the client ends it; the outbox keeps its fixes", async (context) => {
  const { driver, last, tick } = await connected(context, { maxFixes: 1 });
  await driver.send(PLACE);
  const [waiting, flushed] = [driver.send(PLACE), driver.flush()];
  last().end(4501, "revoked");
  await assert.rejects(waiting, { name: "Refused", code: 4501, message: "revoked" });
  await assert.rejects(flushed, { name: "Refused" });
  await assert.rejects(driver.send(PLACE), { name: "Refused" });
  await tick(60_000);
  assert.deepEqual([driver.pending, driver.state.name, Socket.opened.length], [1, "ended", 1]);
});

test("an error without a number refuses a whole message, and ends it", async (context) => {
  const { driver, last } = await connected(context);
  await driver.send(PLACE);
  last().say({ type: "error", code: "forbidden", detail: "the role dispatcher may not publish" });
  await assert.rejects(driver.flush(), { code: "forbidden" });
});

test("a silent hub is asked for a sign of life, then the socket is given up", async (context) => {
  let now = 0;
  const clock = mock.method(performance, "now", () => now);
  context.after(() => clock.mock.restore());
  const { last, tick } = await connected(context);
  const pass = async (ms) => {
    now += ms;
    await tick(ms);
  };
  await pass(15_000);
  assert.deepEqual(last().sent, [{ type: "ping" }]);
  last().say({ type: "pong" });
  await pass(15_000);
  await pass(15_000);
  assert.equal(Socket.opened.length, 2);
});

test("an outbox that cannot store a fix refuses it, one that cannot forget ends the client", async (context) => {
  let room = false;
  const store = {
    put: () => (room ? 1 : Promise.reject(new Error("no space"))),
    remove: () => Promise.reject(new Error("read-only")),
    close: () => {},
  };
  const { driver, last } = await connected(context, { outbox: new Outbox(store) });
  await assert.rejects(driver.send(PLACE), /no space/);
  assert.deepEqual([driver.pending, last().sent], [0, []]);
  room = true;
  await driver.send(PLACE);
  last().say({ type: "ack", msgNo: 1 });
  await settled();
  await assert.rejects(driver.send(PLACE), /read-only/);
  assert.equal(driver.state.name, "ended");
});

test("after close nothing is accepted, and fixes that are lost with the memory are counted", async (context) => {
  const { driver, warned } = await connected(context);
  await driver.send(PLACE);
  const flushed = driver.flush();
  await Promise.all([driver.close(), assert.rejects(flushed, /the client is closed/)]);
  await assert.rejects(driver.send(PLACE), /the client is closed/);
  assert.match(warned.mock.calls[0].arguments[0], /closed with 1 unacknowledged fixes in memory/);
});
