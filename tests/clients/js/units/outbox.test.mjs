// The outboxes in memory and in a file with one suite, and how long the latter lasts.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs, { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, mock, test } from "node:test";

import { openFileOutbox } from "../../../../clients/js/src/file-outbox.js";
import { Outbox, OutboxInUse } from "../../../../clients/js/src/outbox.js";

const folder = mkdtempSync(join(tmpdir(), "outbox-"));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = () => join(folder, `${(count += 1)}.outbox`);
const fix = (number) => `{"n":${number}}`;
const numbers = (outbox) => outbox.after(0, 1e9).map(([number]) => number);

for (const [kind, open] of [["memory", () => new Outbox()], ["file", () => openFileOutbox(fresh())]]) {
  test(`${kind}: fixes come out in order, and numbers grow although it is empty`, async () => {
    const outbox = await open();
    for (let number = 1; number <= 5; number += 1) assert.equal(await outbox.put(fix(number)), number);
    assert.deepEqual(outbox.after(0, 2), [[1, fix(1)], [2, fix(2)]]);
    assert.deepEqual(outbox.after(3, 9), [[4, fix(4)], [5, fix(5)]]);
    assert.equal(outbox.removeThrough(2), 2);
    assert.equal(outbox.removeThrough(2), 0);
    assert.deepEqual(numbers(outbox), [3, 4, 5]);
    assert.equal(outbox.removeThrough(99), 3);
    assert.equal(outbox.size, 0);
    assert.equal(await outbox.put(fix(6)), 6);
    await outbox.close();
  });

  test(`${kind}: a fix is removed from the middle`, async () => {
    const outbox = await open();
    for (let number = 1; number <= 3; number += 1) await outbox.put(fix(number));
    assert.equal(outbox.remove(2), fix(2));
    assert.equal(outbox.remove(2), undefined);
    assert.equal(outbox.remove(77), undefined);
    assert.deepEqual(numbers(outbox), [1, 3]);
    assert.equal(outbox.removeThrough(3), 2);
    await outbox.close();
  });
}

test("a file is opened again with what was not removed", async () => {
  const path = fresh();
  const first = await openFileOutbox(path);
  for (let number = 1; number <= 5; number += 1) await first.put(fix(number));
  first.removeThrough(2);
  first.remove(4);
  await first.close();
  const second = await openFileOutbox(path);
  assert.deepEqual(second.after(0, 9), [[3, fix(3)], [5, fix(5)]]);
  assert.equal(await second.put(fix(6)), 6);
  await Promise.all([second.close(), second.close()]);
});

test("an empty outbox is an empty file, and a file that is mostly removed fixes is written again", async () => {
  const path = fresh();
  const outbox = await openFileOutbox(path);
  const long = JSON.stringify({ note: "x".repeat(1_000) });
  for (let number = 1; number <= 1_100; number += 1) await outbox.put(long);
  const full = statSync(path).size;
  outbox.removeThrough(1_098);
  assert(full > 1_100_000 && statSync(path).size < 3_000);
  await outbox.put(fix(1_101));
  await outbox.close();
  const again = await openFileOutbox(path);
  assert.deepEqual(numbers(again), [1_099, 1_100, 1_101]);
  again.removeThrough(2_000);
  assert.equal(statSync(path).size, 0);
  await again.put(fix(1));
  assert.equal(readFileSync(path, "utf8"), `{"put":1102,"fix":{"n":1}}\n`);
  await again.close();
});

test("a last line that was cut off is ignored, any other unknown line is an error and stays", async () => {
  const path = fresh();
  writeFileSync(path, `{"put":7,"fix":{"n":7}}\n{"put":8,"fix":{"n`);
  const outbox = await openFileOutbox(path);
  assert.deepEqual(outbox.after(0, 9), [[7, fix(7)]]);
  assert.equal(await outbox.put(fix(8)), 8);
  await outbox.close();
  const other = fresh();
  for (const text of ["not an outbox\n", '{"put":1,"fix":{}}\n{"puts":2}\n', '{"put":"1","fix":{}}\n', "null\n"]) {
    writeFileSync(other, text);
    await assert.rejects(openFileOutbox(other), /line \d is not a line of an outbox/);
    assert.equal(readFileSync(other, "utf8"), text);
  }
});

test("a fix that cannot be written is not in the outbox, and leaves no part of a line", async () => {
  const path = fresh();
  const outbox = await openFileOutbox(path);
  await outbox.put(fix(1));
  const failing = mock.method(fs, "writeSync", () => {
    throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  });
  syncBuiltinESMExports();
  try {
    await assert.rejects(outbox.put(fix(2)), /no space/);
  } finally {
    failing.mock.restore();
    syncBuiltinESMExports();
  }
  assert.equal(await outbox.put(fix(2)), 2);
  assert.deepEqual(numbers(outbox), [1, 2]);
  await outbox.close();
});

test("one process at a time, and kill -9 loses nothing that was accepted", { skip: process.platform !== "linux" }, async () => {
  const path = fresh();
  const module = new URL("../../../../clients/js/src/file-outbox.js", import.meta.url).href;
  const script = `
    import { openFileOutbox } from ${JSON.stringify(module)};
    import { writeSync } from "node:fs";
    const outbox = await openFileOutbox(${JSON.stringify(path)});
    for (;;) writeSync(1, (await outbox.put('{"a":"fix"}')) + "\\n");`;
  const writer = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  for await (const chunk of writer.stdout) {
    if (printed.length === 0) await assert.rejects(openFileOutbox(path), OutboxInUse);
    printed += chunk;
    if (printed.length > 10_000) writer.kill("SIGKILL");
  }
  const accepted = printed.slice(0, printed.lastIndexOf("\n")).split("\n").map(Number);
  const outbox = await openFileOutbox(path);
  const found = numbers(outbox);
  assert.deepEqual(found.slice(0, accepted.length), accepted);
  assert.equal(accepted[0], 1);
  assert(found.length <= accepted.length + 1, "at most the one whose number was not printed");
  await outbox.close();
});

test("what the store cannot forget is reported", async () => {
  const outbox = new Outbox({ put: () => 1, remove: () => Promise.reject(new Error("gone")), close: () => {} });
  const errors = [];
  outbox.onError = (error) => errors.push(error.message);
  await outbox.put(fix(1));
  outbox.removeThrough(1);
  await outbox.close();
  assert.deepEqual(errors, ["gone"]);
});
