// Go-back-N: transcripts, and the law that every fix arrives with any behaviour of hub and network.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../../../clients/js/src/outbox.js";
import { Window } from "../../../../clients/js/src/window.js";

async function filled(fixes, limits) {
  const outbox = new Outbox();
  for (let number = 1; number <= fixes; number += 1) await outbox.put(`{"n":${number}}`);
  return { outbox, sender: new Window(outbox, limits) };
}

const numbers = (message) => (message === null ? [] : [JSON.parse(message)].flat().map(({ msgNo }) => msgNo));

test("one fix is an object, several are an array", async () => {
  const { sender } = await filled(1);
  assert.equal(sender.nextMessage(), '{"msgNo":1,"n":1}');
  assert.equal(sender.nextMessage(), null);
  assert.equal((await filled(2)).sender.nextMessage(), '[{"msgNo":1,"n":1},{"msgNo":2,"n":2}]');
});

test("a message and the fixes in flight are bounded", async () => {
  const { sender } = await filled(10, { maxBatch: 2, maxInFlight: 5 });
  assert.deepEqual(numbers(sender.nextMessage()), [1, 2]);
  assert.deepEqual(numbers(sender.nextMessage()), [3, 4]);
  assert.equal(sender.nextMessage(), null);
  assert.equal(sender.acked(1), 1);
  assert.deepEqual(numbers(sender.nextMessage()), [5, 6]);
  assert.equal(sender.inFlight, 5);
});

test("bytes bound a message, in UTF-8, and a long fix goes alone", async () => {
  const { outbox, sender } = await filled(0, { maxBytes: 60 });
  for (const size of [10, 10, 50, 10]) await outbox.put(`{"x":"${"ü".repeat(size)}"}`);
  assert.deepEqual([1, 2, 3, 4].map(() => numbers(sender.nextMessage())), [[1], [2], [3], [4]]);
});

test("unavailable goes back, and an ack counts only what was sent over this connection", async () => {
  const { outbox, sender } = await filled(6, { maxBatch: 2 });
  for (let turn = 0; turn < 3; turn += 1) sender.nextMessage();
  sender.acked(2);
  sender.nacked(4);
  assert.equal(sender.inFlight, 1);
  assert.deepEqual(numbers(sender.nextMessage()), [4, 5]);
  sender.nacked(6);
  assert.deepEqual(numbers(sender.nextMessage()), [6]);
  sender.restart();
  assert.deepEqual(numbers(sender.nextMessage()), [3, 4]);
  assert.equal(sender.acked(6), 2);
  assert.equal(outbox.size, 2);
});

test("a rejected fix leaves the outbox and delays no other", async () => {
  const { outbox, sender } = await filled(3);
  sender.nextMessage();
  assert.equal(sender.rejected(2), '{"n":2}');
  assert.equal(sender.rejected(2), undefined);
  assert.equal(sender.acked(3), 2);
  assert.equal(outbox.size, 0);
});

/** The hub's side of the contract: messages wait on the wire; a full hub refuses from a number on. */
class Hub {
  logged = [];
  wire = [];
  refusedFrom = null;

  constructor(bad) {
    this.bad = bad;
  }

  cut() {
    this.wire = [];
    this.refusedFrom = null;
  }

  read(sender, full) {
    let through = 0;
    for (const number of this.wire.shift() ?? []) {
      if (this.refusedFrom !== null && number > this.refusedFrom) continue;
      if (full) {
        this.refusedFrom = number;
        sender.nacked(number);
        continue;
      }
      this.refusedFrom = null;
      if (this.bad.has(number)) sender.rejected(number);
      else this.logged.push(number);
      through = number;
    }
    if (through) sender.acked(through);
  }
}

/** Numbers from 0 to 1 that are the same in each run: mulberry32. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("everything arrives in order, and nothing is removed that is neither logged nor rejected", async () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const random = chance(seed);
    const count = Math.floor(random() * 30);
    const { outbox, sender } = await filled(count, { maxBatch: 3, maxInFlight: 7 });
    const hub = new Hub(new Set(Array.from({ length: random() * 10 }, () => Math.ceil(random() * 30))));
    let put = count;
    const steps = Array.from({ length: random() * 80 }, () => ["put", "send", "read", "full", "cut"][Math.floor(random() * 5)]);
    const rest = Array.from({ length: count + steps.length + 1 }, () => ["send", "read"]).flat();
    for (const step of [...steps, "cut", ...rest]) {
      if (step === "put") put = await outbox.put('{"n":1}');
      if (step === "read") hub.read(sender, false);
      if (step === "full") hub.read(sender, true);
      if (step === "send") {
        const message = sender.nextMessage();
        if (message) hub.wire.push(numbers(message));
      }
      if (step === "cut") {
        hub.cut();
        sender.restart();
      }
      const waiting = new Set(outbox.after(0, 99).map(([number]) => number));
      const settled = new Set([...hub.logged, ...hub.bad]);
      for (let number = 1; number <= put; number += 1) assert(waiting.has(number) || settled.has(number), `seed ${seed}`);
      assert(sender.inFlight <= 7);
    }
    assert.equal(outbox.size, 0, `seed ${seed}`);
    const firsts = [...new Set(hub.logged)];
    assert.deepEqual(firsts, Array.from({ length: put }, (_, index) => index + 1).filter((number) => !hub.bad.has(number)));
  }
});
