// The map: drivers that move, one that is followed, and what was.

import { rich, t } from "../i18n/messages.js";
import { miles } from "../i18n/preferences.js";
import { followViewport } from "../live/viewport.js";
import { element, focused } from "../ui/element.js";
import { speed, status, STATUSES } from "../ui/text.js";
import { addArrows, offerArrows, statusColours } from "./arrows.js";
import { addBadges, offerBadges } from "./badges.js";
import { createBaseMap } from "./base-map.js";
import { createDriversLayer } from "./drivers-layer.js";
import { PLACES_BY } from "./looks.js";
import { keepView, restoreView } from "./kept-view.js";
import { loadMapLibre } from "./maplibre.js";
import { createFencesLayer } from "./fences-layer.js";
import { createFollowed } from "./followed.js";
import { createRuler } from "./ruler.js";
import { createOwnPosition } from "./own-position.js";
import { createStyleMenu } from "./style-menu.js";
import { END, mapTexts, SCALE } from "./texts.js";
import { createTrack } from "./track-layer.js";

const EVERYTHING = { all: true };
/** Positions a second and driver where no map shows them and a list does. */
const LIST_RATE = 0.2;
const NEAR = 15;
/** Degrees, of a millimetre or less, by which the centre of the map is not where it was put. */
const SAME_PLACE = 1e-8;
/** Pixels next to the line of a track that count as a click on it. */
const REACH = 6;
/** Layers of single drivers: their arrows, and what stands next to them. */
const DRIVERS = ["arrows", "kinds", "alert-marks"];

const MISSING = {
  packages: t("map-not-installed"),
  webgl: t("map-no-webgl"),
};

/**
 * Mount the map. Resolves to `{available, select, follow, followed, onFollow, onOpen, showTrack, clearTrack, showMarker,
 * fit, showFleet, setTheme, destroy}`; where there is no map the same names do nothing, a notice says why, and the whole
 * fleet is watched for the list.
 */
export async function mountMap(host, { api, fleet, alerts, search, memory, connection, screen, theme, announce }) {
  const followListeners = new Set();
  const openListeners = new Set();
  const track = createTrack();
  const fences = createFencesLayer();
  const fenceListeners = new Set();
  const trackListeners = new Set();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const alarmed = () => new Set(alerts.waiting().map(({ driverId }) => driverId));
  const layer = createDriversLayer({ fleet, calm: () => still.matches, search, alarmed, staleAfter: screen.staleAfter });
  const trail = createFollowed({ api, fleet });
  let followed = null;
  let selected = null;
  let map = null;

  const canvas = element("div", { class: "map-canvas" });
  const notice = element("p", { class: "notice map-notice", hidden: true });
  const bar = element("div", { class: "map-following", hidden: true });
  const hint = element("div", { class: "map-hint", hidden: true });
  // A screen reader tells of what comes into a region that is there.
  host.replaceChildren(canvas, hint, element("div", { role: "status" }, notice), bar);
  connection.onState((state) => void (host.dataset.state = state.name));

  /** What is told about the map, and about the own position: one does not take the other away. */
  const told = { map: "", own: "" };

  /** @param {string} text
   * @param {"map" | "own"} [about] */
  function tell(text, about = "map") {
    told[about] = text;
    notice.textContent = Object.values(told).filter(Boolean).join(" ");
    notice.hidden = notice.textContent === "";
  }

  function follow(driverId) {
    if (followed === driverId) return;
    followed = driverId;
    fleet.follow(driverId);
    layer.select(followed ?? selected);
    if (map) trail.follow(driverId);
    // The keyboard stays with the map when the button that it is on goes.
    if (driverId === null && bar.contains(focused())) map?.getCanvas().focus();
    bar.hidden = driverId === null;
    if (driverId !== null) {
      const name = fleet.nameOf(driverId);
      const stop = element("button", { type: "button", onclick: () => follow(null) }, t("map-stop"));
      bar.replaceChildren(element("span", {}, rich("map-following", { name: element("bdi", {}, name) })), stop);
      announce(t("map-following-said", { name }));
      const driver = fleet.get(driverId);
      if (map && Number.isFinite(driver?.longitude)) {
        map.easeTo({ center: [driver.longitude, driver.latitude], zoom: Math.max(map.getZoom(), 12), duration: still.matches ? 0 : 600 });
      }
    } else {
      announce(t("map-following-ended"));
    }
    for (const listener of followListeners) listener(driverId);
  }

  const handle = {
    available: false,
    follow,
    get followed() {
      return followed;
    },
    /** `fn(driverId | null)` when the map begins or ends to follow; returns what ends that. */
    onFollow(listener) {
      followListeners.add(listener);
      return () => followListeners.delete(listener);
    },
    /** Calls `fn(driverId)` when a driver is clicked. */
    onOpen: (listener) => void openListeners.add(listener),
    /** Calls `fn(fenceId)` when a fence is clicked where no driver is. */
    onOpenFence: (listener) => void fenceListeners.add(listener),
    /** The layer of the fences: `show`, `select`, `sketch`. */
    fences,
    /** While a user draws or measures, clicks open nothing. */
    drawing: false,
    measuring: false,
    /** Ends the ruler, if it is used. */
    stopMeasuring() {},
    /** Mark a driver, and move to where it is in sight, unless another one is followed. */
    select(driverId) {
      selected = driverId;
      layer.select(followed ?? selected);
      const driver = followed === null ? fleet.get(driverId) : undefined;
      if (!map || !Number.isFinite(driver?.longitude)) return;
      const center = [driver.longitude, driver.latitude];
      if (!map.getBounds().contains(center)) map.easeTo({ center, duration: still.matches ? 0 : 600 });
    },
    /** Draw what was (`show` of track-layer.js), and move to where all of `positions` are seen, if there are any. */
    showTrack(positions, parts) {
      track.show(parts);
      layer.recede(track.shown);
      handle.fit(positions);
    },
    clearTrack() {
      track.clear();
      layer.recede(false);
    },
    showMarker: (position) => track.mark(position),
    /** `fn({longitude, latitude})` when the shown track is clicked; returns what ends that. */
    onTrack(listener) {
      trackListeners.add(listener);
      return () => trackListeners.delete(listener);
    },
    /** Show all of some positions; that ends following, which would move the map away again. */
    fit(positions) {
      if (!map || positions.length === 0) return;
      follow(null);
      const [longitudes, latitudes] = [positions.map((each) => each.longitude), positions.map((each) => each.latitude)];
      const least = (values) => values.reduce((one, other) => Math.min(one, other));
      const most = (values) => values.reduce((one, other) => Math.max(one, other));
      const bounds = [[least(longitudes), least(latitudes)], [most(longitudes), most(latitudes)]];
      map.fitBounds(bounds, { padding: 48, maxZoom: NEAR, animate: false });
    },
    /** Show all drivers that are known. */
    showFleet: () => handle.fit([...fleet.all()].filter((driver) => Number.isFinite(driver.latitude))),
    setTheme() {},
    destroy() {
      map?.remove();
    },
  };

  const maplibre = screen.mapAvailable ? await loadMapLibre().catch(() => null) : null;
  if (!maplibre) {
    tell(MISSING.packages);
    connection.watch(EVERYTHING, LIST_RATE);
    return handle;
  }
  const base = createBaseMap({ setting: screen.map, theme, onStyle });
  try {
    map = new maplibre.Map({
      ...base.options,
      container: canvas,
      center: [25, 25],
      zoom: 1.4,
      maxZoom: 18,
      fadeDuration: 0,
      attributionControl: { compact: false, customAttribution: PLACES_BY },
      doubleClickZoom: true,
      locale: mapTexts(t("map-title")),
    });
  } catch {
    tell(MISSING.webgl);
    connection.watch(EVERYTHING, LIST_RATE);
    return handle;
  }

  let tone = theme;
  offerArrows(map, () => tone);
  offerBadges(map, () => tone);
  const ruler = createRuler({ handle, place: host, announce });

  /** The other layers, on a new style. */
  function onStyle(style) {
    tone = style.tone;
    const colours = { ...statusColours(tone), text: tone === "dark" ? "#eef2f6" : "#17212b", font: style.font };
    addArrows(map, tone);
    addBadges(map, tone);
    // Seen on a busy machine, as on the page of a share link: MapLibre told of a style that had the layers already.
    if (map.getSource("fences")) return;
    fences.attach(map);
    layer.attach(map, colours);
    trail.attach(map, colours);
    fences.label(map, colours);
    // Above the drivers, so that a loaded day is not covered.
    track.attach(map, colours);
    ruler.attach(map, colours);
    trail.raise(map, colours);
    host.dataset.ready = "true";
  }

  base.onState(({ name, problem }) => tell(base.quiet ? "" : name === "failed" ? t("map-configured-failed", { problem }) : problem));
  base.mount(map);
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), END);
  const own = createOwnPosition(maplibre, { tell: (text) => tell(text, "own"), announce, begun: () => follow(null) });
  map.addControl(own, END);
  map.addControl(ruler, END);
  handle.stopMeasuring = ruler.end;
  if (base.choices.length > 1) map.addControl(createStyleMenu(base), END);
  map.addControl(new maplibre.ScaleControl({ maxWidth: 110, unit: miles ? "imperial" : "metric" }), SCALE);
  map.dragRotate.disable();
  map.touchZoomRotate.disableRotation();

  const busy = () => handle.drawing || handle.measuring;
  const open = (event) => event.features[0].properties.id;
  map.on("click", DRIVERS, (event) => {
    if (!busy()) for (const listener of openListeners) listener(open(event));
  });
  map.on("click", "fence-labels", (event) => {
    if (busy() || map.queryRenderedFeatures(event.point, { layers: [...DRIVERS, "groups"] }).length) return;
    for (const listener of fenceListeners) listener(event.features[0].properties.fenceId);
  });
  map.on("click", ({ point: { x, y }, lngLat }) => {
    if (busy() || !track.shown || trackListeners.size === 0) return;
    if (map.queryRenderedFeatures([x, y], { layers: [...DRIVERS, "groups"] }).length) return;
    // A line is thinner than a finger.
    const around = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
    if (map.queryRenderedFeatures(around, { layers: ["track", "chosen"] }).length === 0) return;
    for (const listener of trackListeners) listener({ longitude: lngLat.wrap().lng, latitude: lngLat.lat });
  });
  map.on("dblclick", DRIVERS, (event) => {
    if (busy()) return;
    event.preventDefault();
    follow(open(event));
  });
  map.on("click", "groups", async (event) => {
    if (busy()) return;
    const group = event.features[0];
    const zoom = await map.getSource("drivers").getClusterExpansionZoom(group.properties.cluster_id);
    map.easeTo({ center: group.geometry.coordinates, zoom: zoom + 0.5 });
  });
  map.on("mousemove", "arrows", (event) => {
    const driver = fleet.get(open(event));
    if (!driver) return;
    // What was heard and what was measured are told apart: the speed of an old position is not that of now.
    const old = driver.status === "online" && fleet.age(driver) >= (driver.staleAfter ?? screen.staleAfter);
    const known = driver.status !== "online" ? STATUSES[driver.status] : old ? status("online", 0, fleet.age(driver), 0) : speed(driver.speed);
    const vehicle = driver.vehicle ? ` · ${driver.vehicle.plate || driver.vehicle.name || driver.vehicle.vehicleId}` : "";
    hint.replaceChildren(element("bdi", {}, fleet.nameOf(driver.driverId)), element("bdi", {}, vehicle), ` · ${known}`);
    hint.hidden = false;
    // On the side where there is room.
    const left = event.point.x > host.clientWidth - 200;
    hint.style.transform = `translate(calc(${event.point.x + (left ? -14 : 14)}px ${left ? "- 100%" : ""}), ${event.point.y - 10}px)`;
  });
  map.on("mouseleave", "arrows", () => void (hint.hidden = true));
  const point = (cursor) => {
    if (!busy()) map.getCanvas().style.cursor = cursor;
  };
  for (const name of [...DRIVERS, "groups", "fence-labels"]) {
    map.on("mouseenter", name, () => point("pointer"));
    map.on("mouseleave", name, () => point(""));
  }
  map.on("dragstart", () => follow(null));

  // Until it is moved by hand, the map shows all drivers, or what it showed before a reload.
  let untouched = !restoreView(map, memory);
  map.on("moveend", () => {
    if (!untouched) keepView(map, memory);
  });
  for (const gesture of ["mousedown", "touchstart", "wheel"]) map.once(gesture, () => void (untouched = false));
  function showAtFirst() {
    if (!untouched || fleet.size === 0) return;
    untouched = false;
    if (followed === null) handle.showFleet();
  }
  showAtFirst();
  alerts.onChange(() => layer.marked());
  fleet.onFrame((changed, removed) => {
    layer.update(changed, removed);
    trail.update(changed);
    showAtFirst();
  });
  function centre() {
    if (followed === null || map.isMoving()) return;
    const at = layer.at(followed);
    const { lng, lat } = map.getCenter();
    if (at && Math.max(Math.abs(at[0] - lng), Math.abs(at[1] - lat)) > SAME_PLACE) map.jumpTo({ center: at });
  }
  layer.onDrawn(centre);
  // A position that came while the map moved may be the last one for long.
  map.on("moveend", centre);
  const endViewport = followViewport(map, (area, rate) => connection.watch(area, rate));

  return Object.assign(handle, {
    available: true,
    /** The MapLibre map, for layers of other views. */
    maplibre: map,
    layer,
    base,
    setTheme: base.setTheme,
    destroy() {
      endViewport();
      map.remove();
    },
  });
}
