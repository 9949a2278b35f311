// What the pages of share links do while the hub does not answer.

import assert from "node:assert/strict";
import { test } from "node:test";

test("a request without an answer fails after ten seconds", async (context) => {
  globalThis.document = /** @type {any} */ ({ hidden: false, addEventListener() {}, removeEventListener() {} });
  const limits = [];
  context.mock.method(AbortSignal, "timeout", (ms) => {
    limits.push(ms);
    return AbortSignal.abort();
  });
  context.mock.method(globalThis, "fetch", async (_, { signal }) => {
    signal.throwIfAborted();
    return new Promise(() => {});
  });
  const { startPolling } = await import("../../../clients/web/js/views/polling.js");
  const polling = await new Promise((resolve) => {
    const started = startPolling({ path: "/share/a", onAnswer: assert.fail, onEnd: assert.fail, onChange: () => resolve(started) });
  });
  polling.stop();
  assert.deepEqual([limits, polling.failures], [[10_000], 1]);
});
