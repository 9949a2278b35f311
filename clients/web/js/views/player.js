// Replays a track: a time slider, a chart of the speed below it, and a marker on the map.

import { mirrored, t } from "../i18n/messages.js";
import { BOUND, GAP, gaps, placeAt } from "../map/track.js";
import { speedChart } from "../ui/charts.js";
import { element } from "../ui/element.js";
import * as text from "../ui/text.js";

const RATES = [1, 5, 10, 30, 60, 120, 300, 600];
const USUAL_RATE = 60;

// A page that was hidden continues where it was, and does not jump.
const LONGEST_FRAME = 100;

// Seconds that the arrow keys go; one second, as the browser would, is little of a day.
const FORWARD = mirrored ? -10 : 10;
const STEPS = { ArrowRight: FORWARD, ArrowUp: 10, ArrowLeft: -FORWARD, ArrowDown: -10, PageUp: 600, PageDown: -600 };

// Milliseconds between what a screen reader may say while it plays.
const SAY_EVERY = 2_000;

// Where the space bar has a meaning of its own.
const OWN_SPACE = "button, a, input:not([type=range]), select, textarea, summary, dialog, [role=listbox], [role=option]";

/**
 * Replay `track` (js/map/track.js) with its `entries` (js/views/timeline.js). The slider counts seconds since 1970. Returns
 * {time, seek(time), pause(), showEntries(entries), destroy()}. `settled(time)` is called where a user has put or paused it.
 * @param {(time: number) => void} settled
 */
export function mountPlayer(host, { map, announce }, track, entries, settled) {
  // Not whole seconds: before its first position a track is nowhere.
  const [from, to] = [track.times[0], track.times[track.length - 1]];
  let time = from;
  let rate = USUAL_RATE;
  let frame = 0;
  let shownAt = null;
  let saidAt = 0;
  let chart = null;

  const play = element("button", { type: "button", class: "primary player-play", onclick: toggle });
  const choice = element(
    "select",
    { "aria-label": t("player-speed"), onchange: () => void (rate = Number(choice.value)) },
    RATES.map((each) => element("option", { value: each, selected: each === rate }, t("player-rate", { rate: each }))),
  );
  const slider = element("input", {
    type: "range",
    class: "player-slider",
    min: Math.floor(from / 1000),
    max: Math.ceil(to / 1000),
    step: 1,
    value: Math.floor(from / 1000),
    "aria-label": t("player-time"),
    oninput: () => seek(Number(slider.value) * 1000),
    onkeydown: step,
  });
  const readout = element("p", { class: "player-readout" });
  const chartHost = element("div", { class: "player-chart" });
  const scale = element("span");
  host.replaceChildren(
    element("div", { class: "player-tools" }, play, choice, readout),
    slider,
    chartHost,
    element("p", { class: "player-ends soft" }, moment(from), scale, moment(to)),
  );

  function moment(at) {
    return element("time", { dateTime: new Date(at).toISOString(), title: text.utc(at) }, text.minute(at));
  }

  function showEntries(fresh) {
    entries = fresh;
    const stops = entries.filter((entry) => entry.kind === "stop").map((entry) => [entry.from, entry.to]);
    chart = speedChart(track, [from, to], { silences: gaps(track), stops }, seek);
    chartHost.replaceChildren(chart.svg);
    scale.textContent = t(track.measured ? "player-scale-calculated" : "player-scale", { speed: text.speed(chart.top) });
    chart.show(time);
  }

  function toggle() {
    if (frame) return pause();
    if (time >= to) time = from;
    play.textContent = t("player-pause");
    // Else the map would stay with where the driver is now.
    map.follow(null);
    let before = performance.now();
    const advance = (now) => {
      const elapsed = Math.min(LONGEST_FRAME, Math.max(0, now - before));
      before = now;
      time = Math.min(to, time + elapsed * rate);
      frame = requestAnimationFrame(advance);
      if (time >= to) {
        pause();
        announce(t("player-finished"));
      }
      show();
    };
    frame = requestAnimationFrame(advance);
  }

  function pause() {
    cancelAnimationFrame(frame);
    frame = 0;
    play.textContent = time >= to ? t("player-again") : t("player-play");
    settled(time);
    show();
  }

  function seek(wanted) {
    time = Math.min(to, Math.max(from, wanted));
    if (!frame) {
      play.textContent = time >= to ? t("player-again") : t("player-play");
      settled(time);
    }
    show();
  }

  function step(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in STEPS)) return;
    event.preventDefault();
    seek(time + STEPS[event.key] * 1000);
  }

  function show() {
    const place = placeAt(track, time);
    map.showMarker(place);
    chart.show(time);
    slider.value = String(Math.round(time / 1000));
    const second = Math.floor(time / 1000);
    if (second === shownAt) return;
    shownAt = second;
    const said = sentence(place);
    readout.textContent = said;
    readout.title = text.utc(time);
    const now = performance.now();
    if (frame && now - saidAt < SAY_EVERY) return;
    saidAt = now;
    slider.setAttribute("aria-valuetext", said);
  }

  function sentence(place) {
    const parts = [text.clock(time)];
    if (place.stale) parts.push(t("player-silent", { duration: text.duration(place.silence) }));
    else {
      if (place.speed !== undefined) parts.push(text.speed(place.speed));
      if (place.heading !== undefined) parts.push(text.wind(place.heading));
    }
    const entry = entries.find((each) => each.from <= time && time < each.to);
    if (entry?.kind === "trip" && entry.number) parts.push(t("player-trip", { number: entry.number }));
    if (entry?.kind === "stop") parts.push(t("player-stop", { duration: text.duration((entry.to - entry.from) / 1000) }));
    return parts.join(" · ");
  }

  function space(event) {
    if (event.key !== " " || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.(OWN_SPACE)) return;
    event.preventDefault();
    toggle();
  }

  document.addEventListener("keydown", space);
  play.textContent = t("player-play");
  showEntries(entries);
  show();
  return {
    get time() {
      return time;
    },
    seek,
    pause,
    showEntries,
    destroy() {
      cancelAnimationFrame(frame);
      document.removeEventListener("keydown", space);
      map.showMarker(null);
      host.replaceChildren();
    },
  };
}

/** The note above a replay: the extent of the track, and its gaps. */
export function about(track) {
  const words = [t("sentence", { text: t("count-positions", { count: track.length }) })];
  if (track.more) {
    const until = text.clock(track.times[track.length - 1]);
    words.push(t("player-bound", { count: BOUND, time: until }));
  }
  words.push(t("player-gaps", { duration: text.duration(GAP / 1000) }));
  return words.join(" ");
}
