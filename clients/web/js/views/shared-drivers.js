// The page of a share link to several drivers or a group: all of them on a map, and a list where the link shows names. No login, no ids.
// With `?kiosk` it is a display on a wall.

// Before all others: it gives the document its language.
import "../i18n/document.js";
import { t } from "../i18n/messages.js";
import { statusColours } from "../map/arrows.js";
import { keepInSight } from "../map/in-sight.js";
import { createSharedMap } from "../map/shared-map.js";
import { byId, element } from "../ui/element.js";
import { age, duration, instant, STATUSES, utc } from "../ui/text.js";
import { isKiosk, mountKiosk } from "./kiosk.js";
import { measuredAt, startPolling } from "./polling.js";

const TITLE = t("shared-locations");
const OVER = t("shared-locations-over");
const AWAY = t("shared-locations-lost");
const WAITING = t("shared-locations-none");
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** @typedef {{id: string, status: "online" | "stale" | "offline", name?: string, position: {latitude: number, longitude: number, recordedAt: string, heading?: number, clockOffset?: number}}} Member */
/** @typedef {{label: string, expiresAt: string, total: number, drivers: Member[]}} Shared */

const token = location.pathname.split("/").filter(Boolean).at(-2);
const kiosk = isKiosk(location.search);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const [label, state, notice, figures, until, names, host] = ["label", "state", "notice", "figures", "until", "names", "map"].map(byId);
/** @type {Shared | null} */
let shared = null;
let over = false;
let view = null;

function tell(text) {
  if (notice.textContent !== text) notice.textContent = text;
  notice.hidden = text === "";
}

function end() {
  if (over) return;
  over = true;
  shared = null;
  polling.stop();
  clearInterval(clock);
  view?.remove();
  names.hidden = true;
  label.textContent = TITLE;
  document.title = t("shared-locations-ended");
  say(t("share-state-ended"), "ended");
  names.replaceChildren();
  figures.textContent = until.textContent = "";
  tell(OVER);
}

function say(word, colour) {
  // Read aloud when it changes; the seconds are in the figures, which are not.
  if (state.textContent !== word) state.textContent = word;
  state.dataset.state = colour;
  display?.tell(word, colour);
}

const seconds = (driver) => Math.max(0, (polling.now() - measuredAt(driver.position)) / 1000);

function show() {
  if (over) return;
  if (shared && Date.parse(shared.expiresAt) <= polling.now()) return end();
  if (!shared) {
    if (polling.failures) tell(t("share-reconnecting"));
    return;
  }
  const { drivers, total } = shared;
  label.textContent = document.title = shared.label || TITLE;
  until.textContent = t("share-until-time", { time: instant(shared.expiresAt), duration: duration((Date.parse(shared.expiresAt) - polling.now()) / 1000) });
  until.title = utc(shared.expiresAt);
  const lost = polling.failures > 1;
  const online = drivers.filter(({ status }) => status === "online").length;
  const newest = drivers.length ? age(Math.min(...drivers.map(seconds))) : "";
  if (lost) say(kiosk && newest ? t("shared-lost-newest", { age: newest }) : t("share-lost"), "reconnecting");
  else if (drivers.length === 0) say(t("share-waiting"), "connecting");
  else if (online === 0) say(t("share-not-live"), "stale");
  else say(t("live"), "live");
  tell(lost ? AWAY : drivers.length === 0 ? WAITING : "");
  const some = total > drivers.length ? t("shared-some", { shown: drivers.length, drivers: t("count-drivers", { count: total }) }) : t("count-drivers", { count: total });
  figures.textContent = [some, t("shared-online", { count: online }), newest && t("shared-newest", { age: newest })].filter(Boolean).join(" · ");
  list(drivers.filter(({ name }) => name));
}

/** The drivers with a name, by name. */
function list(named) {
  names.hidden = named.length === 0 || kiosk;
  if (names.hidden) return;
  const sorted = named.toSorted((one, other) => collator.compare(one.name, other.name));
  names.replaceChildren(
    ...sorted.map((driver) =>
      element(
        "li",
        {},
        element("span", { class: "dot", dataset: { status: driver.status }, ariaHidden: "true" }),
        element("bdi", {}, driver.name),
        element("span", { class: "soft" }, `${STATUSES[driver.status]} · ${age(seconds(driver))}`),
      ),
    ),
  );
}

/** The map with an arrow for each driver: `{put(drivers), remove()}`. */
async function mountMap() {
  let following = true;
  let last = [];
  const map = await createSharedMap({ host, title: t("shared-map-title"), controls: !kiosk, onStyle });
  // On a display the map stays with the drivers.
  if (!kiosk) map.on("dragstart", () => void (following = false));

  function collection() {
    const features = last.map(({ id, status, name, position }) => ({
      type: "Feature",
      properties: { id, name: name ?? "", icon: `${position.heading === undefined ? "disc" : "arrow"}-${status}`, heading: position.heading ?? 0 },
      geometry: { type: "Point", coordinates: [position.longitude, position.latitude] },
    }));
    return { type: "FeatureCollection", features };
  }

  function put(drivers) {
    last = drivers;
    // There is none while a new style is read.
    map.getSource("drivers")?.setData(collection());
    if (following) keepInSight(map, drivers.map(({ position }) => position), calm.matches);
  }

  function onStyle(style) {
    if (map.getSource("drivers")) return;
    const { edge } = statusColours(style.tone);
    map.addSource("drivers", { type: "geojson", data: collection() });
    map.addLayer({
      id: "drivers",
      type: "symbol",
      source: "drivers",
      layout: {
        "icon-image": ["get", "icon"],
        "icon-rotate": ["get", "heading"],
        "icon-rotation-alignment": "map",
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    });
    map.addLayer({
      id: "names",
      type: "symbol",
      source: "drivers",
      layout: { "text-field": ["get", "name"], "text-font": style.font, "text-size": kiosk ? 16 : 12, "text-offset": [0, 1.6], "text-anchor": "top" },
      paint: { "text-color": style.tone === "dark" ? "#eef2f6" : "#17212b", "text-halo-color": edge, "text-halo-width": 1.4 },
    });
    put(last);
  }

  return { put, remove: () => map.remove() };
}

const clock = setInterval(show, 1_000);
const polling = startPolling({
  path: `/api/v1/share/${encodeURIComponent(token)}/drivers`,
  onAnswer(received) {
    shared = received;
    view?.put(received.drivers);
  },
  onEnd: end,
  onChange: show,
});
const display = kiosk ? mountKiosk({ now: () => polling.now() }) : null;
try {
  const mounted = await mountMap();
  if (over) mounted.remove();
  else {
    view = mounted;
    if (shared) view.put(shared.drivers);
  }
} catch (error) {
  // The list and the words below the map still say what is known.
  console.warn("The map is missing:", error.message);
  host.classList.add("missing");
  host.textContent = t("shared-no-map");
}
