// The login of the page, with answers of a hub that a test gives.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import "./english.mjs";

let reloads;
Object.assign(globalThis, {
  BroadcastChannel: class {
    postMessage() {}
  },
  location: { reload: () => void (reloads += 1) },
  localStorage: { getItem: () => null, setItem() {}, removeItem() {} },
});
const { createSession } = await import("../../../clients/web/js/app/session.js");

beforeEach(() => {
  reloads = 0;
});

/** A session on a hub that answers `answers`, one after another; an `Error` is thrown. */
function sessionOf(context, answers) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const post = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return { data: answer };
  };
  return createSession({ post, onUnauthorized() {}, setToken() {} });
}

const token = (userId, more = {}) => ({ accessToken: "t", expiresIn: 600, user: { userId, role: "dispatcher" }, ...more });

test("recovery codes are shown before the page is cleared for another user", async (context) => {
  const session = sessionOf(context, [token("kim"), Object.assign(new Error("ended"), { status: 401 }), token("lee", { recoveryCodes: ["a", "b"] })]);
  await session.login("kim", "secret", {}, assert.fail);
  await session.refresh();
  assert.equal(session.state.user, null);
  let read;
  const login = session.login("lee", "secret", {}, (codes) => new Promise((resolve) => {
    assert.deepEqual(codes, ["a", "b"]);
    read = resolve;
  }));
  await turn();
  assert.equal(reloads, 0);
  read();
  await login;
  assert.equal(reloads, 1);
});

test("for the same user the page is open below the recovery codes", async (context) => {
  const session = sessionOf(context, [token("kim", { recoveryCodes: ["a"] })]);
  const seen = [];
  await session.login("kim", "secret", {}, async (codes) => void seen.push([codes, session.state.user.userId]));
  assert.deepEqual([seen, reloads], [[[["a"], "kim"]], 0]);
});
