// Loading the style of a base map: with a tile of it, and a sentence where it cannot be shown.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

globalThis.location = { href: "http://hub.example/share/secret" };
const { loadStyle, REFERRER } = await import("../../../clients/web/js/map/load-style.js");

const VIEW = { center: { lng: 55.27, lat: 25.2 }, zoom: 10.7 };
const STYLE = { kind: "style", url: "https://s.example/style.json?key=k" };
const json = (value) => new Response(JSON.stringify(value));
const { fetch } = globalThis;
let asked = [];

/** Answers requests by their address; others are refused as by a network that is away. */
function answering(answers) {
  asked = [];
  globalThis.fetch = async (url, options) => {
    asked.push([url, options.referrerPolicy, options.credentials]);
    if (!(url in answers)) throw new TypeError("Failed to fetch");
    return answers[url]();
  };
}

const load = (look, { tone = "light", inverted = false, signal = new AbortController().signal } = {}) => loadStyle({ look, tone, inverted }, VIEW, signal);
const refused = (answers, message) => {
  answering(answers);
  return assert.rejects(load(STYLE), { message });
};

afterEach(() => void (globalThis.fetch = fetch));

test("a style comes with the tile in the middle of the view, and nothing of the page's address is sent", async () => {
  const sources = { shade: { type: "raster-dem", url: "https://d.example" }, streets: { type: "vector", url: "tiles.json" } };
  answering({
    "https://s.example/style.json?key=k": () => json({ version: 8, sources, layers: [] }),
    "https://s.example/tiles.json": () => json({ tiles: ["https://t.example/{z}/{x}/{y}.pbf"], maxzoom: 9 }),
    "https://t.example/9/334/218.pbf": () => new Response("tile"),
  });
  const { style, ours, note } = await load(STYLE);
  assert.deepEqual([ours, note, Object.keys(style.sources)], [false, "", ["base:shade", "base:streets"]]);
  assert.equal(asked.length, 3);
  for (const [, policy, credentials] of asked) assert.deepEqual([policy, credentials], [REFERRER, "omit"]);
  assert.equal(REFERRER, "strict-origin");
});

test("what is wrong is said in a sentence with the host", async () => {
  const url = STYLE.url;
  const sources = { streets: { type: "vector", url: "https://t.example/tiles.json" } };
  const good = { [url]: () => json({ version: 8, sources, layers: [] }) };
  const tiles = { ...good, "https://t.example/tiles.json": () => json({ tiles: ["https://t.example/{z}/{x}/{y}"] }) };
  await refused({}, "s.example does not answer, or does not allow requests from this page.");
  await refused({ [url]: () => new Response("", { status: 503 }) }, "s.example answers with status 503.");
  await refused({ [url]: () => new Response("<html>") }, "s.example sent text that is not valid JSON.");
  for (const wrong of [null, [], { sources: null, layers: [] }, { sources: {} }, { sources: { a: null }, layers: [] }, { sources: {}, layers: [1] }]) {
    await refused({ [url]: () => json(wrong) }, "s.example sent JSON that is not a MapLibre style.");
  }
  await refused(good, "t.example does not answer, or does not allow requests from this page.");
  await refused({ ...good, "https://t.example/tiles.json": () => json({}) }, "t.example names no tiles.");
  await refused({ ...tiles, "https://t.example/10/669/437": () => new Response("", { status: 403 }) }, "t.example answers with status 403.");
});

test("a place without a tile is no failure", async () => {
  answering({ "https://t.example/10/669/437.png": () => new Response("", { status: 404 }) });
  const { style, ours, note } = await load({ kind: "raster", url: "https://t.example/{z}/{x}/{y}.png", attribution: "© A" });
  assert.equal(note, "t.example has no tile of this place (status 404).");
  assert.deepEqual([ours, style.layers.at(-1).id, style.sources.tiles.attribution], [true, "tiles", "© A"]);
});

test("the end of the wait is the reason that was given for it", async () => {
  const attempt = new AbortController();
  globalThis.fetch = (url, { signal }) => new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const waiting = load(STYLE, { signal: attempt.signal });
  attempt.abort(new Error("too slow"));
  await assert.rejects(waiting, { message: "too slow" });
});
