// What the page knows of each driver, from messages of the socket and lists of the API.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createFleet } from "../../../clients/web/js/live/fleet.js";

const TIME = "2026-10-05T08:00:00Z";
const NOW = Date.parse(TIME);

const location = (driverId, seq, rest = {}) => ({ type: "location", id: "map", driverId, seq, latitude: 1, longitude: 2, recordedAt: TIME, receivedAt: TIME, ...rest });

/** A fleet whose frames are drawn by hand; `say` are messages of the hub, `drivers` and `names` what the API lists. */
function fleetOf(context, { drivers = [], names = [], vehicles = [], pages = 1 } = {}) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
  const frames = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  let listener = null;
  const followed = [];
  const api = {
    drivers,
    names,
    vehicles,
    asked: [],
    async get(path, { cursor }) {
      api.asked.push(path);
      if (path === "/api/v1/fleet/vehicles") return { data: { vehicles: api.vehicles } };
      const list = path === "/api/v1/drivers" ? api.drivers : api.names;
      const page = Number(cursor ?? 0);
      const size = Math.ceil(list.length / pages) || 1;
      const next = page + 1 < pages ? String(page + 1) : undefined;
      return { data: { drivers: list.slice(page * size, (page + 1) * size), next } };
    },
  };
  const connection = { onMessage: (heard) => void (listener = heard), follow: (driverId) => followed.push(driverId) };
  const fleet = createFleet({ api, connection });
  context.after(() => fleet.stop());
  const seen = [];
  fleet.onFrame((changed, removed) => seen.push([[...changed].sort(), [...removed].sort()]));
  let now = 0;
  return {
    fleet,
    api,
    followed,
    seen,
    say: (...messages) => messages.forEach((message) => listener(message)),
    /** A frame, `ms` after the one before. */
    frame(ms = 100) {
      now += ms;
      for (const callback of frames.splice(0)) callback(now);
    },
    async tick(ms) {
      context.mock.timers.tick(ms);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
  };
}

const listed = (driverId, seq, rest = {}) => ({ driverId, status: "offline", position: location(driverId, seq), ...rest });

test("many messages are one frame, and frames keep their distance", (context) => {
  const { say, frame, seen } = fleetOf(context);
  say(location("1", 1), location("2", 2), location("1", 3));
  frame();
  assert.deepEqual(seen, [[["1", "2"], []]]);
  say(location("1", 4));
  frame(99);
  assert.equal(seen.length, 1);
  frame(1);
  assert.deepEqual(seen[1], [["1"], []]);
});

test("an older position does not replace a newer one", (context) => {
  const { fleet, say } = fleetOf(context);
  say(location("1", 5, { latitude: 5 }), location("1", 4, { latitude: 4 }));
  assert.deepEqual([fleet.get("1").seq, fleet.get("1").latitude], [5, 5]);
});

test("numbers of another run of the hub start over", (context) => {
  const { fleet, say } = fleetOf(context);
  say({ type: "subscribed", id: "map", epoch: "a" }, location("1", 500));
  say({ type: "subscribed", id: "map", epoch: "b", reset: true }, location("1", 3, { latitude: 3 }));
  assert.deepEqual([fleet.get("1").seq, fleet.get("1").latitude], [3, 3]);
});

test("a hub that goes on from another one repeats no older position", (context) => {
  const { fleet, say } = fleetOf(context);
  const at = (second) => ({ recordedAt: `2026-03-01T08:00:0${second}Z`, latitude: second });
  say({ type: "subscribed", id: "map", epoch: "a" }, location("1", 500, at(3)), location("2", 501, at(3)));
  say({ type: "subscribed", id: "map", epoch: "b", reset: false }, location("1", 7, at(2)), location("2", 8, at(4)));
  assert.deepEqual([fleet.get("1").latitude, fleet.get("2").latitude], [3, 4]);
  assert.deepEqual([fleet.get("1").live, fleet.get("1").seq], [true, 0]);
  say(location("1", 9, at(5)));
  assert.deepEqual([fleet.get("1").latitude, fleet.get("1").seq], [5, 9]);
});

test("what a newer position does not say is unknown, and not of the older one", (context) => {
  const { fleet, say } = fleetOf(context);
  say(location("1", 1, { speed: 9, heading: 90 }), location("1", 2));
  assert.deepEqual([fleet.get("1").speed, fleet.get("1").heading], [undefined, undefined]);
});

test("a driver that left the map is no longer live, unless it is followed", (context) => {
  const { fleet, say, followed } = fleetOf(context);
  say(location("1", 1), location("2", 2));
  fleet.follow("2");
  say({ type: "left", id: "map", driverId: "1" }, { type: "left", id: "map", driverId: "2" });
  assert.deepEqual([fleet.get("1").live, fleet.get("2").live], [false, true]);
  say({ type: "left", id: "follow", driverId: "2" });
  assert.equal(fleet.get("2").live, false);
  assert.deepEqual(followed, ["2"]);
});

test("a reset of the map's subscription keeps the followed driver only", (context) => {
  const { fleet, say } = fleetOf(context);
  say({ type: "subscribed", id: "map", epoch: "a" }, location("1", 1), location("2", 2));
  fleet.follow("2");
  say({ type: "subscribed", id: "map", epoch: "a", reset: true });
  assert.deepEqual([fleet.get("1").live, fleet.get("2").live], [false, true]);
});

test("a followed driver of which a new run knows nothing is not live", (context) => {
  const { fleet, say } = fleetOf(context);
  say({ type: "subscribed", id: "follow", epoch: "a" }, location("2", 9, { id: "follow" }));
  fleet.follow("2");
  say({ type: "subscribed", id: "follow", epoch: "b", reset: true }, { type: "synced", id: "follow", seq: 0 });
  assert.equal(fleet.get("2").live, false);
});

test("a followed driver stays live where only the map is reset", (context) => {
  const { fleet, say } = fleetOf(context);
  fleet.follow("2");
  say({ type: "subscribed", id: "follow", epoch: "a", reset: true }, location("2", 9, { id: "follow" }));
  say({ type: "subscribed", id: "map", epoch: "b", reset: true }, { type: "synced", id: "map", seq: 0 });
  say({ type: "subscribed", id: "follow", epoch: "b", reset: false }, { type: "synced", id: "follow", seq: 0 });
  assert.equal(fleet.get("2").live, true);
  say(location("2", 3, { id: "follow", recordedAt: new Date(NOW - 1000).toISOString() }));
  assert.equal(fleet.get("2").recordedAt, NOW);
});

test("a status is taken over, and a position means online", (context) => {
  const { fleet, say } = fleetOf(context);
  say(location("1", 1), { type: "status", driverId: "1", status: "stale" });
  assert.deepEqual(fleet.summary(), { all: 1, online: 0, stale: 1, offline: 0 });
  say(location("1", 2));
  assert.deepEqual(fleet.summary(), { all: 1, online: 1, stale: 0, offline: 0 });
});

test("a state is that of the position, and of the message after it", (context) => {
  const { fleet, say } = fleetOf(context);
  say(location("1", 1, { state: "free" }));
  assert.equal(fleet.get("1").state, "free");
  say({ type: "state", driverId: "1", state: "busy" }, { type: "state", driverId: "unknown", state: "busy" });
  assert.deepEqual([fleet.get("1").state, fleet.get("unknown")], ["busy", undefined]);
  say({ type: "state", driverId: "1" });
  assert.equal(fleet.get("1").state, undefined);
});

test("ages are by the clock of the hub", (context) => {
  const { fleet, say } = fleetOf(context);
  say(location("1", 1), { type: "heartbeat", time: new Date(NOW + 90_000).toISOString() });
  assert.equal(fleet.age(fleet.get("1")), 90);
  assert.equal(fleet.now(), NOW + 90_000);
});

test("the whole fleet is read page by page; what the socket keeps is newer", async (context) => {
  const { fleet, say } = fleetOf(context, { drivers: [listed("1", 1), listed("2", 2), listed("3", 3)], pages: 3 });
  say(location("2", 50));
  await fleet.start(NOW);
  assert.deepEqual([...fleet.all()].map(({ driverId, status, seq, live }) => [driverId, status, seq, live]).sort(), [
    ["1", "offline", 1, false],
    ["2", "online", 50, true],
    ["3", "offline", 3, false],
  ]);
});

test("a driver that is no longer listed is removed; a live one stays", async (context) => {
  const { fleet, api, say, frame, seen, tick } = fleetOf(context, { drivers: [listed("1", 1), listed("2", 2)] });
  await fleet.start(NOW);
  say(location("2", 9));
  frame();
  api.drivers = [];
  await tick(16_000);
  frame();
  assert.deepEqual(seen.at(-1), [["1"], ["1"]]);
  assert.deepEqual([...fleet.all()].map(({ driverId }) => driverId), ["2"]);
});

test("names come from the registry, also before the first position", async (context) => {
  const { fleet, say, tick } = fleetOf(context, { names: [{ driverId: "1", name: "Amal" }, { driverId: "2", name: "" }] });
  await fleet.start(NOW);
  await tick(0);
  say(location("1", 1));
  assert.deepEqual(["1", "2", "3"].map(fleet.nameOf), ["Amal", "2", "3"]);
  assert.equal(fleet.get("1").name, "Amal");
});

test("a hub that does not answer leaves what is known, and is asked again", async (context) => {
  const { fleet, api, tick } = fleetOf(context, { drivers: [listed("1", 1)] });
  await fleet.start(NOW);
  const { get } = api;
  let asked = 0;
  api.get = async () => {
    asked += 1;
    throw new Error("away");
  };
  await tick(16_000);
  await tick(16_000);
  assert.ok(asked >= 2);
  assert.equal(fleet.size, 1);
  api.get = get;
});

test("a position and a sign of life have two ages", async (context) => {
  const { fleet, say, tick } = fleetOf(context);
  say(location("d", 1));
  await tick(120_000);
  say({ type: "status", driverId: "d", status: "online", heardAt: new Date(NOW + 110_000).toISOString() });
  const driver = fleet.get("d");
  assert.deepEqual([fleet.age(driver), fleet.heard(driver)], [120, 10]);
  say({ type: "status", driverId: "d", status: "stale", heardAt: TIME });
  assert.equal(fleet.heard(driver), 10, "what is known already is newer");
});

test("the age of a position of a wrong clock is corrected", async (context) => {
  const { fleet, say, tick } = fleetOf(context);
  say(location("fast", 1, { recordedAt: new Date(NOW + 3_600_000).toISOString(), clockOffset: 3_600 }));
  say(location("slow", 2, { recordedAt: new Date(NOW - 180_000).toISOString(), clockOffset: -180 }));
  await tick(5_000);
  assert.deepEqual(["fast", "slow"].map((id) => fleet.age(fleet.get(id))), [5, 5]);
  assert.equal(fleet.get("fast").clockOffset, 3_600);
  say(location("fast", 3));
  assert.equal(fleet.get("fast").clockOffset, undefined);
});

test("without the registry a driver has the name that was kept", (context) => {
  const { fleet, say } = fleetOf(context);
  say(location("driver-1", 1));
  assert.equal(fleet.nameOf("driver-1"), "driver-1");
  fleet.get("driver-1").name = "Noor";
  assert.equal(fleet.nameOf("driver-1"), "Noor");
});
