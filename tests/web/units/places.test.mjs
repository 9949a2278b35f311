// Places in words.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./english.mjs";
import { placeWords } from "../../../clients/web/js/places/words.js";

const hatta = { text: "Hatta, United Arab Emirates", source: "gazetteer", name: "Hatta", country: "AE" };

test("a place inside, outside, without its country, and an address", () => {
  assert.equal(placeWords(hatta), "Hatta, United Arab Emirates");
  assert.equal(placeWords(hatta, { short: true }), "Hatta");
  const near = { ...hatta, text: "2.1 km NE of Hatta, United Arab Emirates", distance: 2100, direction: "NE" };
  assert.equal(placeWords(near), "2.1 km north-east of Hatta, United Arab Emirates");
  assert.equal(placeWords(near, { short: true }), "2.1 km north-east of Hatta");
  assert.equal(placeWords({ text: "12 Al Wasl Road", source: "geocoder" }, { short: true }), "12 Al Wasl Road");
  assert.equal(placeWords(undefined), "");
});

test("a name that its country repeats", () => {
  const place = { text: "5.0 km W of Mexico, Mexico", source: "gazetteer", name: "Mexico", country: "MX", distance: 5000, direction: "W" };
  assert.equal(placeWords(place), "5.0 km west of Mexico, Mexico");
});
