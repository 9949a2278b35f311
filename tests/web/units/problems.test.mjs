// Errors of the hub in plain words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inPlain, inWords, showProblem } from "../../../clients/web/js/ui/problems.js";

const error = (status, rest = {}) => Object.assign(new Error("no"), { status, ...rest });

test("details of the hub's checks are put in plain words", () => {
  for (const [entry, expected] of [
    [{ code: "too_short", limit: 10, detail: "must have at least 10 characters" }, "Use at least 10 characters."],
    [{ code: "too_long", limit: 64, detail: "must have at most 64 characters" }, "Use at most 64 characters."],
    [{ code: "pattern", detail: "must match '^[A-Za-z0-9._:-]{1,64}$'" }, "Use 1 to 64 letters A to Z, digits and . _ : - without spaces."],
    [{ code: "pattern", detail: "must match '^\\P{Cc}*$'" }, "Use one line of ordinary characters."],
    [{ code: "invalid", detail: "the name is taken" }, "The name is taken."],
    [{ detail: "the plate is taken" }, "The plate is taken."],
  ]) {
    assert.equal(inPlain(entry), expected);
  }
});

test("every status has a sentence", () => {
  for (const status of [0, 401, 403, 404, 429, 503, 409, 500]) assert.match(inWords(error(status)), /^[A-Z].*\.$/);
  assert.equal(inWords(error(409, { detail: "the plate is taken" })), "The plate is taken.");
});

test("a mistake in the page is not shown as an answer of the hub", () => {
  assert.throws(() => inWords(new TypeError("x is undefined")), TypeError);
});

test("an error is shown at the fields that it names, the first of which gets the focus", () => {
  const shown = {};
  const field = (name) => ({ complain: (text) => void (shown[name] = text), focus: () => void (shown.focus = name) });
  const line = { textContent: "" };
  showProblem(error(422, { errors: [{ field: "plate", code: "too_long", limit: 20, detail: "too long" }, { field: "other", detail: "bad" }] }), { name: field("name"), plate: field("plate") }, line);
  assert.deepEqual(shown, { plate: "Use at most 20 characters.", focus: "plate" });
  assert.equal(line.textContent, "");
  showProblem(error(422, { detail: "body too large" }), {}, line);
  assert.equal(line.textContent, "Body too large.");
});
