// The page of a share link: the live position of one driver until the link expires. No login, no list, no ids.

// Before all others: it gives the document its language.
import "../i18n/document.js";
import { t } from "../i18n/messages.js";
import { PLACES_BY } from "../map/looks.js";
import { createSharedMap } from "../map/shared-map.js";
import { placeWords } from "../places/words.js";
import { age, duration, heading, instant, speed, utc } from "../ui/text.js";
import { measuredAt, PERIOD, startPolling } from "./polling.js";

/** Zoom of the first look; the built-in map has nothing finer to show. */
const NEAR = { builtIn: 11, streets: 15 };
/** A way that is shown as a movement; what is further away was not driven in between. */
const GLIDE_DEGREES = 0.05;

const OVER = t("share-over");
const AWAY = t("share-lost-about");
const WAITING = t("share-no-position");

const [label, state, notice, figures, until, host] = ["label", "state", "notice", "figures", "until", "map"].map((id) =>
  document.getElementById(id),
);
const token = location.pathname.split("/").filter(Boolean).at(-1);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let glimpse = null;
let over = false;
let view = null;

function end() {
  if (over) return;
  over = true;
  glimpse = null;
  polling.stop();
  clearInterval(clock);
  view?.remove();
  label.textContent = t("shared-location");
  document.title = t("share-title-ended");
  state.textContent = t("share-state-ended");
  state.dataset.state = "ended";
  figures.textContent = until.textContent = "";
  tell(OVER);
}

function tell(text) {
  if (notice.textContent !== text) notice.textContent = text;
  notice.hidden = text === "";
}

function show() {
  if (over) return;
  if (glimpse && Date.parse(glimpse.expiresAt) <= polling.now()) return end();
  if (!glimpse) {
    if (polling.failures) tell(t("share-reconnecting"));
    return;
  }
  const { position, status } = glimpse;
  label.textContent = glimpse.label || t("shared-location");
  document.title = glimpse.label || t("shared-location");
  const left = (Date.parse(glimpse.expiresAt) - polling.now()) / 1000;
  until.textContent = t("share-until-time", { time: instant(glimpse.expiresAt), duration: duration(left) });
  until.title = utc(glimpse.expiresAt);
  const seconds = position ? Math.max(0, (polling.now() - measuredAt(position)) / 1000) : null;
  const lost = polling.failures > 1;
  const [word, colour] = !position
    ? [t("share-waiting"), "connecting"]
    : lost
      ? [t("share-lost"), "reconnecting"]
      : status === "online"
        ? [t("live"), "live"]
        : [t("share-not-live"), "stale"];
  // Read aloud when it changes; the seconds are in the figures, which are not.
  if (state.textContent !== word) state.textContent = word;
  state.dataset.state = colour;
  if (lost) tell(AWAY);
  else if (!position) tell(WAITING);
  else if (status === "online") tell("");
  else tell(t("share-silent", { time: instant(measuredAt(position)) }));
  figures.textContent = position
    ? [age(seconds), speed(position.speed), position.heading === undefined ? null : t("share-heading", { heading: heading(position.heading) }), placeWords(glimpse.place)]
        .filter(Boolean)
        .join(" · ")
    : "";
  figures.title = position ? utc(measuredAt(position)) : "";
}

/** The map with its arrow: `{move(glimpse), remove()}`. */
async function mountMap() {
  const map = await createSharedMap({ host, title: t("share-map-title"), credit: PLACES_BY, onStyle });
  let shown = null;
  let glide = null;
  let following = true;
  let ready = false;
  let near = NEAR.builtIn;
  map.on("dragstart", () => {
    following = false;
  });

  function put({ longitude, latitude }, { status, position }) {
    shown = { longitude, latitude };
    const known = position.heading !== undefined;
    const properties = { icon: `${known ? "arrow" : "disc"}-${status}`, heading: position.heading ?? 0 };
    const geometry = { type: "Point", coordinates: [longitude, latitude] };
    // There is none while a new style is read.
    map.getSource("driver")?.setData({ type: "Feature", properties, geometry });
    if (following) map.setCenter([longitude, latitude]);
  }

  function move(now) {
    if (!ready || !now.position) return;
    cancelAnimationFrame(glide);
    const to = now.position;
    const from = shown;
    if (!from) {
      map.jumpTo({ center: [to.longitude, to.latitude], zoom: near });
      return put(to, now);
    }
    const [dx, dy] = [to.longitude - from.longitude, to.latitude - from.latitude];
    if (calm.matches || Math.hypot(dx, dy) > GLIDE_DEGREES) return put(to, now);
    const began = performance.now();
    const step = (time) => {
      const part = Math.min(1, Math.max(0, (time - began) / PERIOD));
      put({ longitude: from.longitude + dx * part, latitude: from.latitude + dy * part }, now);
      if (part < 1) glide = requestAnimationFrame(step);
    };
    if (dx || dy) glide = requestAnimationFrame(step);
    else put(to, now);
  }

  /** The arrow, on a new style. */
  function onStyle(style) {
    // Seen once on a busy machine: MapLibre told of a style that had the layer already.
    if (map.getSource("driver")) return;
    map.addSource("driver", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({
      id: "driver",
      type: "symbol",
      source: "driver",
      layout: {
        "icon-image": ["get", "icon"],
        "icon-rotate": ["get", "heading"],
        "icon-rotation-alignment": "map",
        "icon-allow-overlap": true,
      },
    });
    // Streets are worth a closer look, unless the viewer has chosen one.
    if (style.look !== null && following && shown && map.getZoom() === near) map.setZoom(NEAR.streets);
    if (style.look !== null) near = NEAR.streets;
    ready = true;
    if (glimpse && shown) put(glimpse.position, glimpse);
    else if (glimpse) move(glimpse);
  }

  return {
    move,
    remove() {
      cancelAnimationFrame(glide);
      map.remove();
    },
  };
}

const clock = setInterval(show, 1_000);
const polling = startPolling({
  path: `/api/v1/share/${encodeURIComponent(token)}`,
  onAnswer(received) {
    glimpse = received;
    view?.move(glimpse);
  },
  onEnd: end,
  onChange: show,
});
try {
  const mounted = await mountMap();
  if (over) mounted.remove();
  else view = mounted;
} catch (error) {
  // The words below the map still say what is known.
  console.warn("The map is missing:", error.message);
  host.classList.add("missing");
  host.textContent = t("share-no-map");
}
