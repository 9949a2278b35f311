// A day of a driver: its trips and stops, its track on the map and in the player, and the files of it.

import { rich, t } from "../i18n/messages.js";
import { speedsOf } from "../map/speeds.js";
import { decodePath, gapLines, lines, loadTrack, placeAt, timeNear } from "../map/track.js";
import { placeWords } from "../places/words.js";
import { dayIn, isDay, shifted, span } from "../ui/days.js";
import { download } from "../ui/download.js";
import { element, find, focused } from "../ui/element.js";
import * as text from "../ui/text.js";
import { addressOf } from "./moment.js";
import { about, mountPlayer } from "./player.js";
import { endOf, startOf, timeline, totals } from "./timeline.js";

const PAGE = 500;

// Trips that began this long before the day may reach into it.
const BEFORE = 86_400_000;

// The hub counts a trip under way each minute; and it tells of a trip when it is in the tables.
const REFRESH = 60_000;

// Between the news of a trip and asking for it, since news come in twos.
const SOON = 500;

const FILES = { gpx: "GPX", csv: "CSV", geojson: "GeoJSON" };

// Between two changes of the address: browsers allow some hundred in half a minute.
const WRITE_EVERY = 500;

/** Mount the sections "Day", "Replay" and "Files", of what the address names (moment.js): a day, a trip, and the player at
 * an instant. The address follows what a user opens. Returns {destroy()}. */
export function mountDay(host, context, driverId, named) {
  const { api, fleet, map, announce } = context;
  const zone = text.zone();
  const present = () => dayIn(fleet.now(), zone);
  let day = present();
  let entries = [];
  let chosen = null;
  let pieces = [];
  let track = null;
  let player = null;
  let asked = new AbortController();
  let soon = null;
  /** Where the player begins: at the instant of the address, or where a user has put it. */
  let at = named.at;
  /** The trip of the address, until the trips are there. */
  let awaited = named.trip ?? null;
  let writing = null;

  const date = element("input", { type: "date", id: "day", onchange: () => isDay(date.value) && turnTo(date.value) });
  const next = element("button", { type: "button", ariaLabel: t("day-next"), onclick: () => turnTo(shifted(day, 1)) }, "›");
  const today = element("button", { type: "button", onclick: () => turnTo(present()) }, t("today"));
  const body = element("div", { class: "day-body" });
  const replay = element("div", { class: "replay-body", tabIndex: -1 });
  const files = element("div", { class: "files-body" });
  const saved = element("p", { class: "files-said", role: "status" });
  host.append(
    element(
      "section",
      { class: "panel-part day", "aria-label": t("day-label") },
      element(
        "div",
        { class: "day-tools" },
        element("button", { type: "button", ariaLabel: t("day-previous"), onclick: () => turnTo(shifted(day, -1)) }, "‹"),
        element("label", { class: "unseen", htmlFor: "day" }, t("day-field", { zone })),
        date, next, today,
      ),
      text.zoneIsOwn() ? undefined : element("p", { class: "soft day-zone" }, t("day-zone", { zone })),
      body,
    ),
    element("section", { class: "panel-part replay", "aria-label": t("playback") }, element("h3", {}, t("playback")), replay),
    element(
      "section",
      { class: "panel-part files", "aria-label": t("files-label") },
      element("h3", {}, t("files")),
      files, saved,
    ),
  );
  for (const [format, name] of Object.entries(FILES)) {
    files.append(element("button", { type: "button", dataset: { format }, onclick: () => save(format) }, name));
  }

  /** What a user does: another day, without the trip and the instant of the one before. */
  function turnTo(wanted) {
    [at, awaited] = [undefined, null];
    open(wanted);
    write();
  }

  /** The address is written soon, so that a reload and another dispatcher see the same. */
  function write() {
    writing ??= setTimeout(() => {
      writing = null;
      history.replaceState(history.state, "", addressOf(driverId, { day, trip: chosen ?? undefined, at }));
    }, WRITE_EVERY);
  }

  function open(wanted) {
    asked.abort();
    asked = new AbortController();
    const had = track !== null;
    const pressed = focused();
    closeTrack();
    [day, entries, chosen, pieces] = [wanted, [], null, []];
    date.value = day;
    const last = present();
    date.max = last;
    next.disabled = day >= last;
    today.disabled = day === last;
    // The keyboard stays here when its button has nowhere to lead any more.
    if (pressed.disabled) date.focus();
    saved.textContent = "";
    body.replaceChildren(element("p", { role: "status" }, t("day-loading")));
    replay.replaceChildren(element("button", { type: "button", onclick: () => loadDay() }, t("load-track")));
    load(asked.signal);
    if (had) loadDay();
  }

  function closeTrack() {
    player?.destroy();
    [track, player] = [null, null];
    map.clearTrack();
  }

  async function load(signal) {
    const [start, end] = span(day, zone);
    const path = `/api/v1/drivers/${encodeURIComponent(driverId)}/trips`;
    const question = { from: new Date(start - BEFORE).toISOString(), to: new Date(end).toISOString(), limit: PAGE };
    try {
      const { items } = await api.all(path, "trips", question, { signal });
      entries = timeline(items, [start, end]);
    } catch (error) {
      if (signal.aborted) return;
      // No positions are stored for this driver yet, so there are no trips.
      if (error.status === 404) entries = [];
      else return body.replaceChildren(failure(error, () => load(signal)));
    }
    if (signal.aborted) return;
    show();
    player?.showEntries(entries);
    draw();
    const entry = entries.find(({ trip }) => awaited !== null && trip?.tripId === awaited);
    awaited = null;
    if (entry) choose(entry, at ?? entry.from);
  }

  function show() {
    const tripId = focused()?.closest(".entry")?.dataset.trip;
    if (entries.length === 0) return body.replaceChildren(nothing());
    body.replaceChildren(summary(), element("ol", { class: "entries" }, entries.map(item), ending()));
    if (tripId) find(body, `[data-trip="${tripId}"] button`)?.focus();
  }

  function nothing() {
    return element(
      "p",
      { class: "soft" },
      t("day-no-trips", { day: text.day(day) }),
    );
  }

  function summary() {
    const sum = totals(entries);
    const figures = [
      [t("day-trips", { count: sum.trips }), text.count(sum.trips), "trips"],
      [t("day-distance"), text.distance(sum.distance), "distance"],
      [t("day-moving"), text.duration(sum.movingTime), "movingTime"],
      [t("day-top-speed"), text.speed(sum.maxSpeed), "maxSpeed"],
    ];
    const cells = figures.map(([name, value, key]) => element("div", { dataset: { key } }, element("dt", {}, name), element("dd", {}, value)));
    return element("dl", { class: "totals", "aria-label": t("day-totals") }, cells);
  }

  function item(entry) {
    const times = [moment(entry.from), " – ", moment(entry.to)];
    const long = text.duration((entry.to - entry.from) / 1000);
    if (entry.kind === "stop") return element("li", { class: "entry stop" }, element("span", { class: "entry-times" }, times), " ", t("day-stop", { duration: long }), places(entry.place));
    if (entry.kind === "away") {
      const words = t("day-away", { duration: long, distance: text.distance(entry.metres) });
      return element("li", { class: "entry away" }, element("span", { class: "entry-times" }, times), " ", words);
    }
    const { trip, number, carried } = entry;
    const name = carried ? t("day-trip-carried") : t("day-trip", { number });
    const press = element(
      "button",
      { type: "button", class: "quiet", "aria-pressed": String(chosen === trip.tripId), onclick: () => choose(entry) },
      element("span", { class: "entry-times" }, times),
      element("strong", {}, trip.endedAt ? name : t("day-trip-under-way", { name })),
      element("span", { class: "entry-figures" }, t("day-trip-figures", { distance: text.distance(trip.distance), duration: long, speed: text.speed(trip.maxSpeed) })),
      places(trip.startPlace, trip.endPlace),
    );
    return element("li", { class: "entry trip", dataset: { trip: trip.tripId } }, press);
  }

  // Where it was, or from where it went where to.
  function places(...along) {
    const spots = along.filter(Boolean).map((place) => element("bdi", { title: placeWords(place) }, placeWords(place, { short: true })));
    if (spots.length === 0) return undefined;
    return element("span", { class: "entry-place" }, spots.length === 1 ? spots : rich("day-from-to", { from: spots[0], to: spots[1] }));
  }

  function moment(time) {
    return element("time", { dateTime: new Date(time).toISOString(), title: text.utc(time) }, text.minute(time));
  }

  function ending() {
    if (!entries.at(-1).trip.endedAt) return undefined;
    const words = day === present() ? t("day-no-more-yet") : t("day-no-more");
    return element("li", { class: "entry soft" }, words);
  }

  /** Chooses a trip, or no longer; the player begins at `start`. */
  async function choose(entry, start = entry.from) {
    const { signal } = asked;
    const { tripId } = entry.trip;
    pieces = [];
    chosen = chosen === tripId ? null : tripId;
    at = chosen === null ? undefined : start;
    show();
    draw();
    write();
    if (chosen === null) return;
    map.follow(null);
    let found;
    try {
      found = track ? lines(track, entry.from, entry.to) : await piecesOf(entry.trip, signal);
    } catch (error) {
      if (signal.aborted || chosen !== tripId) return;
      chosen = null;
      show();
      return body.prepend(failure(error, () => choose(entry, start)));
    }
    if (signal.aborted || chosen !== tripId) return;
    pieces = found;
    draw(pieces.flat());
    player?.seek(start);
    announce(t("day-trip-shown", { time: text.minute(entry.from) }));
  }

  // The hub keeps the path of a trip that is over; of one under way there are its positions.
  async function piecesOf(trip, signal) {
    const { data } = await api.get(`/api/v1/trips/${trip.tripId}`);
    if (data.path) return [decodePath(data.path)];
    const found = await loadTrack(api, driverId, startOf(trip), endOf(trip) + 1, { signal });
    return lines(found);
  }

  // What is loaded, on the map; and the map over `view`, points of [longitude, latitude], if there are any.
  function draw(view = []) {
    const shown = track !== null || pieces.length > 0;
    const stops = shown ? entries.filter((entry) => entry.kind === "stop") : [];
    map.showTrack(
      view.map(([longitude, latitude]) => ({ longitude, latitude })),
      {
        pieces: track ? lines(track) : [],
        gaps: track ? gapLines(track) : [],
        chosen: pieces,
        stops: stops.map((stop) => ({ ...stop, label: text.duration((stop.to - stop.from) / 1000) })),
      },
    );
  }

  /** Loads the positions of the day; the map moves to them if `fit`. */
  async function loadDay(fit = true) {
    const { signal } = asked;
    const status = element("p", { role: "status" }, t("track-loading"));
    if (fit) map.follow(null);
    if (replay.contains(focused())) replay.focus();
    replay.replaceChildren(status);
    const progress = (count) => (status.textContent = t("track-loading-count", { positions: t("count-positions", { count }) }));
    try {
      const [start, end] = span(day, zone);
      const found = await loadTrack(api, driverId, start, end, { signal, progress });
      if (found.length === 0) return replay.replaceChildren(noTrack());
      track = Object.assign(found, speedsOf(found));
    } catch (error) {
      if (signal.aborted) return;
      return replay.replaceChildren(error.status === 404 ? noTrack() : failure(error, () => loadDay(fit)));
    }
    const place = element("div", { class: "player" });
    replay.replaceChildren(place, element("p", { class: "soft" }, about(track)));
    player = mountPlayer(place, context, track, entries, (time) => {
      at = time;
      write();
    });
    if (focused() === replay) place.querySelector("button").focus();
    draw(fit ? lines(track).flat() : []);
    if (at !== undefined) player.seek(at);
    announce(t("track-loaded", { positions: t("count-positions", { count: track.length }) }));
  }

  function noTrack() {
    return element("p", { class: "soft" }, t("track-none", { day: text.day(day) }));
  }

  async function save(format) {
    const [start, end] = span(day, zone);
    const wanted = day;
    const question = { from: new Date(start).toISOString(), to: new Date(end).toISOString(), format };
    saved.textContent = t("file-loading", { format: FILES[format] });
    try {
      const response = await api.raw(`/api/v1/drivers/${encodeURIComponent(driverId)}/track`, question);
      const blob = await response.blob();
      download(blob, `${driverId}-${wanted}.${format}`.replaceAll(":", "-"));
      saved.textContent = t("file-saved", { format: FILES[format] });
    } catch (error) {
      // An interrupted download is not an ApiError: the response had begun.
      const words = error.status === undefined ? t("download-interrupted") : text.wrong(error);
      saved.replaceChildren(`${words} `, element("button", { type: "button", onclick: () => save(format) }, t("retry")));
    }
  }

  const endTrips = fleet.onTrip((message) => {
    if (message.driverId !== driverId) return;
    clearTimeout(soon);
    soon = setTimeout(() => load(asked.signal), SOON);
  });
  const clock = setInterval(() => {
    const last = entries.at(-1)?.trip;
    if (last && !last.endedAt) load(asked.signal);
  }, REFRESH);
  /** The player goes to where the way is clicked; of the chosen trip, if there is one. */
  async function clicked(spot) {
    if (!track) await loadDay(false);
    if (!track) return;
    const { from, to } = entries.find(({ trip }) => chosen !== null && trip?.tripId === chosen) ?? {};
    const time = timeNear(track, spot, { around: player.time, from, to });
    if (time === null) return;
    player.seek(time);
    announce(t("playback-at", { time: text.clock(time) }));
  }

  const endClicks = map.onTrack(clicked);

  /** The day of the address: of its instant or trip, if it names none. */
  async function namedDay() {
    if (named.day) return named.day;
    if (at !== undefined) return dayIn(at, zone);
    if (awaited === null) return day;
    try {
      const { data } = await api.get(`/api/v1/trips/${awaited}`);
      return dayIn(startOf(data), zone);
    } catch (error) {
      console.info("The trip of the address could not be read:", error.message);
      return day;
    }
  }

  async function begin() {
    const { signal } = asked;
    const [instant, trip] = [at, awaited];
    const first = await namedDay();
    if (signal.aborted) return;
    open(first);
    if (instant === undefined) return;
    const opened = asked;
    await loadDay(trip === null);
    if (opened.signal.aborted || !track) return;
    replay.scrollIntoView({ block: "nearest" });
    const place = placeAt(track, Math.min(instant, track.times[track.length - 1]));
    if (place && trip === null) map.fit([place]);
  }

  if (Object.keys(named).length) begin();
  else open(day);
  return {
    destroy() {
      asked.abort();
      endTrips();
      endClicks();
      clearTimeout(writing);
      clearTimeout(soon);
      clearInterval(clock);
      closeTrack();
    },
  };
}

function failure(error, again) {
  const retry = element("button", { type: "button", onclick: again }, t("retry"));
  return element("div", { class: "notice bad", role: "alert" }, `${text.wrong(error)} `, retry);
}
