// What a channel sends without a rule: which boxes the form has, and what they keep.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenEvents, defaultEvents, eventsOf, KINDS } from "../../../clients/web/js/alerts/channel-kinds.js";

test("only kinds that forward positions offer them", () => {
  const offering = Object.keys(KINDS).filter((kind) => eventsOf(kind).some(([key]) => key === "position"));
  assert.deepEqual(offering.sort(), ["mqtt", "nats", "traccar"]);
});

test("kinds that people read are told of disabled channels unless a user decides otherwise", () => {
  const told = Object.keys(KINDS).filter((kind) => defaultEvents(kind).includes("channel"));
  assert.deepEqual(told.sort(), ["apprise", "discord", "email", "ntfy", "slack", "teams", "telegram", "webpush"]);
});

test("a choice keeps positions and events without a box", () => {
  assert.deepEqual(chosenEvents("mqtt", ["position", "trip"], ["position", "fence"]), ["position", "fence"]);
  assert.deepEqual(chosenEvents("mqtt", ["position", "trip"], ["trip"]), ["trip"]);
  assert.deepEqual(chosenEvents("webhook", ["weather", "trip"], ["fence"]), ["fence", "weather"]);
});
