// The filter of the page, and its address.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createAlerts } from "../../../clients/web/js/live/alerts.js";
import { filterOf, queryOf } from "../../../clients/web/js/live/filter.js";
import { names, number } from "../../../clients/web/js/ui/kinds.js";

test("an address keeps the filter and what else is in it", () => {
  const query = queryOf({ group: "vans", state: "off_duty" }, "?theme=dark");
  assert.equal(query, "?theme=dark&group=vans&state=off_duty");
  assert.deepEqual(filterOf(query), { group: "vans", state: "off_duty" });
  assert.equal(queryOf({}, query), "?theme=dark");
  assert.equal(queryOf({}, "?group=vans"), "");
});

test("values that are no filter are left out", () => {
  assert.deepEqual(filterOf("?group=a b&state=asleep"), {});
  assert.deepEqual(filterOf(`?group=${"x".repeat(65)}`), {});
});

test("alerts of another group that arrive late are not taken", async () => {
  const answers = [];
  const api = { get: (path, params) => new Promise((resolve) => answers.push({ params, resolve })), post: async () => ({ data: {} }) };
  const alerts = createAlerts({ api, connection: { onMessage() {} }, subscription: "facts" });
  const alert = (alertId) => ({ alertId, version: 1, noticedAt: "2026-01-01T00:00:00Z" });
  const [first, second] = [alerts.again(), alerts.choose("vans")];
  assert.deepEqual(answers.map(({ params }) => params.group), [undefined, "vans"]);
  answers[1].resolve({ data: { alerts: [alert("new")] } });
  answers[0].resolve({ data: { alerts: [alert("old")], next: "2" } });
  await Promise.all([first, second]);
  assert.deepEqual(alerts.all().map(({ alertId }) => alertId), ["new"]);
  assert.equal(alerts.hasMore, false);
});

test("names and numbers are entered as text", () => {
  assert.deepEqual(names.value(" vans, north  b"), ["vans", "north", "b"]);
  assert.equal(names.text(["vans", "north"]), "vans, north");
  assert.deepEqual(["", "7.5", "soon"].map(number.value), [null, 7.5, "soon"]);
  assert.equal(number.text(null), "");
});
