// The place of a driver in words, while the hub has none.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.mjs";

globalThis.document = /** @type {any} */ ({ createElement: () => ({ append() {}, setAttribute() {}, replaceChildren() {} }) });
const { createWhere } = await import("../../../clients/web/js/places/where.js");

test("each failure doubles the pause until the next question, up to five minutes", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let asked = 0;
  const api = {
    async get() {
      asked += 1;
      throw new Error("no");
    },
  };
  const where = createWhere({ api });
  where.show(1, 2);
  const wait = async (seconds) => {
    context.mock.timers.tick(seconds * 1_000);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    return asked;
  };
  assert.deepEqual([await wait(0), await wait(9), await wait(1), await wait(19), await wait(1)], [1, 1, 2, 2, 3]);
  for (let turn = 0; turn < 10; turn += 1) await wait(300);
  const before = asked;
  assert.deepEqual([await wait(299), await wait(1)], [before, before + 1]);
  where.destroy();
});
