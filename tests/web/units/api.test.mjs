// Requests to the hub, and what their errors mean for the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.mjs";
import { createApi, unavailable } from "../../../clients/web/js/app/api.js";
import { unreachable } from "../../../clients/web/js/ui/problems.js";

const problem = (status, detail) => new Response(JSON.stringify({ title: "no", status, detail }), { status, headers: { "content-type": "application/problem+json" } });

/** An API whose requests get `answers`, one after another. */
function apiOf(context, answers) {
  const asked = context.mock.method(globalThis, "fetch", async () => answers.shift());
  return { api: createApi(), asked: asked.mock };
}

test("an error sends its request again", async (context) => {
  const { api, asked } = apiOf(context, [problem(503, "PostgreSQL is unavailable."), new Response("{}")]);
  const error = await api.post("/api/v1/auth/refresh", {}).catch((thrown) => thrown);
  assert.equal((await error.again()).status, 200);
  assert.deepEqual(asked.calls.map(({ arguments: [path, { method }] }) => [method, path]), Array(2).fill(["POST", "/api/v1/auth/refresh"]));
});

test("a hub without its database is not taken for one that cannot be reached", async (context) => {
  const answers = [problem(503, "PostgreSQL is unavailable."), new Response("<h1>Bad gateway</h1>", { status: 502 }), problem(404, "No such driver.")];
  const { api } = apiOf(context, answers);
  const states = [];
  for (let index = 0; index < 3; index += 1) {
    const error = await api.get("/api/v1/screen").catch((thrown) => thrown);
    states.push([unreachable(error), unavailable(error)]);
  }
  assert.deepEqual(states, [[false, true], [true, false], [false, false]]);
});

test("a wrong code is sent once", async (context) => {
  const { api, asked } = apiOf(context, [problem(401, "The code is wrong."), problem(401, "The code is wrong."), new Response("{}")]);
  let renewed = 0;
  api.onUnauthorized(async () => Boolean((renewed += 1)));
  await assert.rejects(api.post("/api/v1/auth/totp/remove", { code: "1" }, { once: true }), { status: 401 });
  assert.deepEqual([asked.calls.length, renewed], [1, 0]);
  await api.get("/api/v1/auth/account");
  assert.deepEqual([asked.calls.length, renewed], [3, 1]);
});
