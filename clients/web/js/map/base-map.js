// The base map below our layers: the built-in one at once, and the chosen one as soon as a tile of it is there.

import { t } from "../i18n/messages.js";
import { fillOffline, offlineStyle } from "./basemap.js";
import { loadStyle, REFERRER } from "./load-style.js";
import { choicesOf, lookOf, OWN_FONT } from "./looks.js";
import { MapProblem } from "./map-problem.js";

/** Milliseconds until a style and a tile of it are there; until then the built-in map is shown. */
const LIMIT = 15_000;
/** Seconds in which the map reads a style that it was given; it takes a few frames. */
const READ_LIMIT = 10;
/** Name in the browser's storage of what a user has chosen. */
const KEPT = "map";

/** A vector tile that the server does not have is loaded, too, and empty. */
const hasContent = (map, source, tile) => map.getSource(source)?.type !== "vector" || Boolean(tile.latestRawTileData?.byteLength);

/**
 * `setting` is the `map` of `GET /api/v1/screen`. `options` are those of MapLibre's `Map`. `mount(map)` follows when the
 * map is made. After each new style `onStyle({tone, font, ours})` adds the other layers: their colours should suit the
 * `tone`, and `font` is one that the style has.
 */
export function createBaseMap({ setting, theme, onStyle }) {
  const choices = choicesOf(setting);
  const stateListeners = new Set();
  const leaveListeners = new Set();
  let choice = kept() ?? choices[0].name;
  let map = null;
  let attempt = null;
  let timer = null;
  let endOffline = () => {};
  /** Of the style that the map has, or has been given and not read yet (`pending`). */
  let shown = builtIn();
  let pending = true;
  let watch = null;
  /** What is told of the style that was chosen once the map has read it; null of a style that is shown meanwhile. */
  let awaited = null;
  let state = { name: "loading", problem: "" };

  function builtIn() {
    return { style: offlineStyle(theme), tone: theme, font: OWN_FONT, ours: true, look: null, note: "" };
  }

  function kept() {
    try {
      const name = localStorage.getItem(KEPT);
      return choices.some((each) => each.name === name) ? name : null;
    } catch {
      return null;
    }
  }

  function keep(name) {
    try {
      localStorage.setItem(KEPT, name);
    } catch {
      // Storage is closed to the page: the choice holds until it is closed.
    }
  }

  function report(name, problem = "") {
    state = { name, problem };
    for (const listener of stateListeners) listener(state);
  }

  function put(next) {
    for (const listener of leaveListeners) listener();
    shown = next;
    pending = true;
    clearInterval(watch);
    if (next.look !== null) watchPending();
    map.setStyle(next.style, { diff: false });
  }

  /** MapLibre does not tell of every style that it gives up. A map in a hidden page reads none: that time does not count. */
  function watchPending() {
    let seconds = 0;
    watch = setInterval(() => {
      if (document.hidden) return;
      seconds += 1;
      if (seconds >= READ_LIMIT) fail(new MapProblem(t("map-not-read", { duration: t("duration-seconds", { value: READ_LIMIT }) })));
    }, 1000);
  }

  /** Reports the chosen style as shown, which it is when the map has read it. */
  function confirm(note) {
    if (pending) awaited = note;
    else report("shown", note);
  }

  /** The map has read the style. */
  function read() {
    pending = false;
    clearInterval(watch);
    try {
      endOffline();
      endOffline = shown.ours ? fillOffline(map) : () => {};
      onStyle(shown);
    } catch (error) {
      // MapLibre would drop the error. It is still busy with this style: the next one follows when it is done.
      console.error(error);
      queueMicrotask(() => fail(new MapProblem(t("map-style-unusable", { reason: error.message }))));
      return;
    }
    if (awaited === null) return;
    report("shown", awaited);
    awaited = null;
  }

  /** The built-in map in the colours of the theme, unless it is there. */
  function putBuiltIn() {
    if (shown.look !== null || shown.tone !== theme) put(builtIn());
  }

  function fail(error) {
    if (!(error instanceof MapProblem)) console.error(error);
    awaited = null;
    putBuiltIn();
    // Where both have the same problem, once is enough.
    const hub = setting.problem && !error.message.includes(setting.problem) && t("map-hub-problem", { problem: setting.problem });
    report("failed", [error.message, hub, t("map-showing-built-in")].filter(Boolean).join(" "));
  }

  function stop(reason) {
    clearTimeout(timer);
    attempt?.abort(reason);
    attempt = null;
  }

  async function apply() {
    stop();
    awaited = null;
    const chosen = lookOf(setting, choice, theme);
    if (chosen.look !== null && chosen.look === shown.look && chosen.tone === shown.tone) return confirm("");
    if (chosen.look === null) {
      putBuiltIn();
      return confirm("");
    }
    if (shown.look === null) putBuiltIn();
    const mine = (attempt = new AbortController());
    const host = new URL(chosen.look.url, location.href).host;
    timer = setTimeout(() => mine.abort(new MapProblem(t("map-host-slow", { host, duration: t("duration-seconds", { value: LIMIT / 1000 }) }))), LIMIT);
    report("loading");
    try {
      const loaded = await loadStyle(chosen, { center: map.getCenter(), zoom: map.getZoom() }, mine.signal);
      if (attempt !== mine) return;
      put({ ...chosen, ...loaded });
      confirm(loaded.note);
    } catch (error) {
      if (attempt === mine) fail(error);
    } finally {
      if (attempt === mine) stop();
    }
  }

  const retry = () => {
    if (state.name === "failed") apply();
  };

  return {
    choices,
    options: { style: shown.style, transformRequest: (url) => ({ url, referrerPolicy: REFERRER }) },
    /** `auto` where a map that cannot be loaded is not worth a message. */
    quiet: setting.mode === "auto",

    mount(onto) {
      map = onto;
      let first = true;
      map.on("style.load", () => {
        read();
        // The built-in map comes first, also on a slow network.
        if (first) setTimeout(apply);
        first = false;
      });
      map.on("error", ({ error, sourceId }) => {
        // MapLibre does not use a style that is not valid.
        if (pending && shown.look !== null && sourceId === undefined) return fail(new MapProblem(t("map-style-invalid", { reason: String(error?.message) })));
        console.warn("The map:", error?.message);
      });
      map.on("sourcedata", ({ sourceId, tile }) => {
        // There was none in the middle of the view before.
        if (sourceId === shown.source && tile && state.name === "shown" && state.problem && hasContent(map, sourceId, tile)) report("shown");
      });
      map.on("remove", () => {
        stop();
        clearInterval(watch);
        endOffline();
        removeEventListener("online", retry);
      });
      addEventListener("online", retry);
    },

    get choice() {
      return choice;
    },

    /** `{name: "loading" | "shown" | "failed", problem}`; `problem` is a sentence or empty. */
    get state() {
      return state;
    },

    onState: (listener) => void stateListeners.add(listener),

    /** Whether the map has read its style, so that layers can be added. */
    get ready() {
      return !pending;
    },

    /** Calls `fn()` before the style with all its layers is replaced; returns what ends that. */
    onLeave(listener) {
      leaveListeners.add(listener);
      return () => leaveListeners.delete(listener);
    },

    choose(name) {
      choice = name;
      keep(name);
      apply();
    },

    setTheme(name) {
      theme = name;
      apply();
    },

    retry,
  };
}
