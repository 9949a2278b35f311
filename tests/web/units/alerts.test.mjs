// The alerts of the page: from the list, from the socket, in any order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createAlerts } from "../../../clients/web/js/live/alerts.js";

const alert = (alertId, version, more = {}) => ({ alertId, version, state: "open", noticedAt: `2026-11-27T07:00:0${alertId}Z`, ...more });

function world(pages = [{ alerts: [] }]) {
  let listener = () => {};
  const asked = [];
  const api = {
    get: async (path, params) => {
      asked.push(params);
      const page = pages[params.cursor ?? 0];
      if (page instanceof Error) throw page;
      return { data: page };
    },
    post: async (path) => ({ data: alert(path.split("/").at(-2), 9, { acknowledgedAt: "2026-11-27T07:01:00Z" }) }),
  };
  const alerts = createAlerts({ api, connection: { onMessage: (given) => void (listener = given) }, subscription: "facts" });
  const say = async (message) => {
    listener(message);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { alerts, asked, say };
}

const begun = { type: "subscribed", id: "facts" };
const ids = (alerts) => alerts.all().map((each) => each.alertId);

test("the newest is first, and an older message changes nothing", async () => {
  const { alerts, say } = world([{ alerts: [alert("1", 1), alert("2", 3)] }]);
  await say(begun);
  await say({ type: "alert", event: "opened", ...alert("3", 1) });
  await say({ type: "alert", event: "resolved", ...alert("1", 2, { state: "resolved" }) });
  await say({ type: "alert", event: "opened", ...alert("2", 1, { state: "resolved" }) });
  assert.deepEqual(ids(alerts), ["3", "2", "1"]);
  assert.deepEqual(alerts.all().map((each) => each.state), ["open", "open", "resolved"]);
});

test("only an alert that begins now is a signal", async () => {
  const { alerts, say } = world([{ alerts: [alert("1", 1)] }]);
  const heard = [];
  alerts.onOpened((each) => heard.push(each.alertId));
  await say(begun);
  await say({ type: "alert", event: "opened", ...alert("2", 1) });
  await say({ type: "alert", event: "opened", ...alert("2", 1) });
  await say({ type: "alert", event: "opened", ...alert("3", 1, { held: "late" }) });
  await say({ type: "alert", event: "resolved", ...alert("2", 2, { state: "resolved" }) });
  assert.deepEqual(heard, ["2"]);
});

test("after a lost connection the list is read again", async () => {
  const pages = [{ alerts: [alert("1", 1)] }];
  const { alerts, say } = world(pages);
  await say(begun);
  await say({ type: "subscribed", id: "map" });
  pages[0] = { alerts: [alert("2", 1), alert("1", 2, { state: "resolved" })] };
  assert.deepEqual(ids(alerts), ["1"]);
  await say(begun);
  assert.deepEqual(ids(alerts), ["2", "1"]);
  assert.equal(alerts.get("1").state, "resolved");
});

test("older pages are read on", async () => {
  const { alerts, asked, say } = world({ 0: { alerts: [alert("3", 1)], next: "a" }, a: { alerts: [alert("2", 1)], next: "b" }, b: { alerts: [alert("1", 1)] } });
  await say(begun);
  assert.ok(alerts.hasMore);
  await alerts.more();
  // Read again after a loss, the first page does not lead back to the second one.
  await say(begun);
  await alerts.more();
  assert.deepEqual(ids(alerts), ["3", "2", "1"]);
  assert.deepEqual(asked.map(({ cursor }) => cursor), [undefined, "a", undefined, "b"]);
  assert.ok(!alerts.hasMore);
});

test("a failure is kept until the list can be read", async () => {
  const pages = [new Error("no")];
  const { alerts, say } = world(pages);
  await say(begun);
  assert.equal(alerts.failed.message, "no");
  pages[0] = { alerts: [alert("1", 1)] };
  await alerts.again();
  assert.equal(alerts.failed, null);
  assert.ok(alerts.ready);
});

test("an acknowledged alert does not wait any more", async () => {
  const { alerts, say } = world([{ alerts: [alert("1", 1), alert("2", 1, { held: "late" })] }]);
  await say(begun);
  assert.deepEqual(alerts.waiting().map((each) => each.alertId), ["1"]);
  await alerts.acknowledge("1");
  assert.deepEqual(alerts.waiting(), []);
});
