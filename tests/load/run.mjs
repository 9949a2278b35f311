// Runs each scenario's function of fixes.js once, and prints its options and what was found, as JSON.
import { checked, slept } from "k6";

globalThis.__ENV = process.env;
const script = await import("./fixes.mjs");
for (const name of new Set(Object.values(script.options.scenarios).map((scenario) => scenario.exec))) script[name]();
console.log(JSON.stringify({ options: script.options, checked, slept }));
