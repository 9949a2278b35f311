import assert from "node:assert/strict";
import { test } from "node:test";

import { idFrom, numbered } from "../../../clients/web/js/manage/ids.js";

const ALLOWED = /^[A-Za-z0-9._:-]{1,64}$/;

test("an id is what one would type for the name", () => {
  assert.equal(idFrom("Truck 17"), "truck-17");
  assert.equal(idFrom("  Müller, Jürgen (Süd) "), "muller-jurgen-sud");
  assert.equal(idFrom("Łódź Straße"), "lodz-strasse");
  assert.equal(idFrom("ﬁre №5"), "fire-no5");
  assert.equal(idFrom("B-XY 1234"), "b-xy-1234");
});

test("a name without Latin letters proposes nothing", () => {
  for (const name of ["", "خالد", "ड्राइवर", "--", "…"]) assert.equal(idFrom(name), "");
});

test("every proposal is an id", () => {
  const long = "a ".repeat(100);
  assert.match(idFrom(long), ALLOWED);
  assert.match(numbered(idFrom(long), 12), ALLOWED);
  assert.equal(numbered("truck-17", 2), "truck-17-2");
  for (const name of ["İstanbul", "x".repeat(65), "Ａ１", "a\u0300\u0301b"]) assert.match(idFrom(name), ALLOWED);
});
