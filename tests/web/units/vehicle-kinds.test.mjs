// The kind of a vehicle, from its type in the words of the fleet.

import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOf, KINDS, labelOf } from "../../../clients/web/js/ui/vehicle-kinds.js";

const TYPES = {
  car: ["car", "Cars", "Company car", "Taxi", "PKW", "سيارة"],
  van: ["van", "VAN 3.5t", "cargo van", "Minivan", "Transporter", "furgón"],
  truck: ["Truck", "trucks", "box-truck", "Lorry 7.5 t", "LKW", "Camión", "شاحنة"],
  bus: ["bus", "Mini-bus", "autobus", "School bus"],
  motorcycle: ["motorcycle", "Motorbike", "Moto", "e-scooter", "دراجة نارية"],
  bicycle: ["bicycle", "e-bike", "Cargo bike", "Fahrrad", "vélo", "دراجة"],
  foot: ["on foot", "Walker", "zu Fuß"],
};

for (const [kind, types] of Object.entries(TYPES)) {
  for (const type of types) test(`${type} is of the kind ${kind}`, () => assert.equal(kindOf(type), kind));
}

for (const type of ["", "Radio 4", "canvas", "carbon", "Boat", "7"]) {
  test(`"${type}" is of no kind`, () => assert.equal(kindOf(type), undefined));
}

test("a kind has a word, and another type keeps its own", () => {
  assert.deepEqual(["LKW", "Boat", undefined].map(labelOf), ["Truck", "Boat", ""]);
});

/** The contrast of white on a colour, by WCAG 2. */
function contrast(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

test("pictures and colours tell the kinds apart, and white is read on each", () => {
  const kinds = Object.values(KINDS);
  assert.equal(new Set(kinds.map(({ fill, line }) => fill ?? line)).size, kinds.length);
  assert.equal(new Set(kinds.map(({ colour }) => colour)).size, kinds.length);
  for (const { colour } of kinds) assert.ok(contrast(colour) >= 4.5, colour);
});
