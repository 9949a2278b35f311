// The panel of one driver: position, buttons, and its days.

import { t } from "../i18n/messages.js";
import { panelActions } from "../manage/panel-actions.js";
import { createWhere } from "../places/where.js";
import { element } from "../ui/element.js";
import * as text from "../ui/text.js";
import { mountDay } from "./day.js";
import { mountDetails } from "./details.js";
import { momentOf } from "./moment.js";
import { createOpenIn } from "./open-in.js";

/** @type {{key: string, name: string, format: (value: any) => string, hint?: (value: any) => string}[]} */
const FIELDS = [
  { key: "state", name: t("column-state"), format: text.state },
  { key: "speed", name: t("order-speed"), format: text.speed, hint: text.metresPerSecond },
  { key: "heading", name: t("panel-heading"), format: text.heading },
  { key: "accuracy", name: t("panel-accuracy"), format: text.accuracy },
  { key: "battery", name: t("panel-battery"), format: text.share },
  { key: "altitude", name: t("panel-altitude"), format: text.altitude },
];

/** The panel of a driver; `at` and `query` of the address name what is shown of its past (moment.js). Returns {destroy()}. */
export function mountPanel(host, context, driverId, at, query) {
  const { fleet, map, navigate, announce } = context;
  const name = element("h2", { dir: "auto" });
  const id = element("p", { class: "soft", title: t("panel-driver-id") }, driverId);
  const follow = element("button", { type: "button", onclick: toggleFollow }, t("follow"));
  const close = element("button", { type: "button", class: "quiet", ariaLabel: t("close"), onclick: () => navigate("#/") }, "✕");
  const dot = element("span", { class: "dot", ariaHidden: "true" });
  const status = element("span");
  const seen = element("time");
  const heard = element("dd", { dataset: { key: "heard" } });
  const warning = element("p", { class: "clock-warning", hidden: true });
  const cells = new Map(FIELDS.map(({ key }) => [key, element("dd", { dataset: { key } })]));
  const place = element("span", { class: "coordinates", dir: "ltr" });
  const copy = element("button", { type: "button", class: "quiet", onclick: copyPlace }, t("copy"));
  const openIn = createOpenIn();
  const where = createWhere(context);
  const registered = element("div");
  const live = element(
    "section",
    { class: "panel-part live", "aria-label": t("panel-latest") },
    element("p", { class: "live-status" }, dot, status),
    warning,
    element(
      "dl",
      {},
      row(t("order-age"), element("dd", { dataset: { key: "seen" } }, seen)),
      row(t("panel-heard"), heard),
      FIELDS.map((field) => row(field.name, cells.get(field.key))),
      row(t("panel-place"), element("dd", { dataset: { key: "place" } }, where.element)),
      row(t("panel-coordinates"), element("dd", { dataset: { key: "coordinates" } }, place, " ", copy, " ", openIn.element)),
    ),
  );
  const unknown = element("p", { class: "panel-part soft", hidden: true }, t("panel-no-position"));
  const manage = element("section", { class: "panel-part", dataset: { slot: "manage" }, "aria-label": t("actions") });
  const days = element("div");
  host.replaceChildren(
    element("header", { class: "panel-head" }, element("div", { class: "panel-name" }, name, id), follow, close),
    live, unknown, registered, manage, days,
  );

  function row(label, value) {
    return element("div", {}, element("dt", {}, label), value);
  }

  // Written only where it changed, so that selected text stays selected.
  function say(node, words, hint = "") {
    if (node.textContent !== words) node.textContent = words;
    if (node.title !== hint) node.title = hint;
  }

  function show() {
    const driver = fleet.get(driverId);
    const known = Number.isFinite(driver?.latitude);
    const called = fleet.nameOf(driverId);
    say(name, called);
    id.hidden = called === driverId;
    live.hidden = follow.hidden = !known;
    unknown.hidden = known;
    if (!known) return;
    for (const { key, format, hint } of FIELDS) say(cells.get(key), format(driver[key]), hint?.(driver[key]));
    say(place, text.coordinates(driver.latitude, driver.longitude));
    openIn.show(driver.latitude, driver.longitude);
    where.show(driver.latitude, driver.longitude);
    seen.dateTime = new Date(driver.recordedAt).toISOString();
    dot.dataset.status = driver.status;
    const clock = text.clockWarning(driver.clockOffset);
    warning.hidden = clock === "";
    if (clock) say(warning, t("panel-clock", { warning: clock }));
    showAge();
  }

  function showAge() {
    const driver = fleet.get(driverId);
    if (!Number.isFinite(driver?.latitude)) return;
    const seconds = fleet.age(driver);
    const staleAfter = driver.staleAfter ?? context.screen.staleAfter;
    say(seen, text.age(seconds), text.utc(driver.recordedAt));
    const silence = fleet.heard(driver);
    const reachable = context.connection.state.name === "live" ? driver.status : "stale";
    say(heard, text.heard(reachable, silence, staleAfter), Number.isFinite(driver.heardAt) ? text.utc(driver.heardAt) : "");
    const words = text.status(driver.status, silence, seconds, staleAfter);
    say(status, context.connection.state.name === "stale" ? text.lastKnown(words) : words);
  }

  function showFollowed() {
    follow.setAttribute("aria-pressed", String(map.followed === driverId));
  }

  function toggleFollow() {
    map.follow(map.followed === driverId ? null : driverId);
  }

  async function copyPlace() {
    try {
      await navigator.clipboard.writeText(place.textContent);
      announce(t("coordinates-copied"));
      copy.textContent = t("copied");
    } catch {
      // Browsers let pages of plain http copy nothing: then it is marked, to be copied by hand.
      getSelection().selectAllChildren(place);
      announce(t("coordinates-selected"));
      copy.textContent = t("selected");
    }
  }

  // The map follows one driver at most; where it follows none, this one is kept live wherever the map is.
  function keepLive() {
    if (map.followed === null) fleet.follow(driverId);
  }

  const ends = [
    fleet.onFrame((changed, removed) => {
      if (changed.has(driverId) || removed.has(driverId)) show();
    }),
    map.onFollow(() => {
      showFollowed();
      keepLive();
    }),
  ];
  const clock = setInterval(showAge, 1_000);
  const details = mountDetails(registered, context, driverId);
  const actions = panelActions(manage, driverId, context);
  const past = mountDay(days, context, driverId, momentOf(at, query));
  show();
  showFollowed();
  keepLive();
  announce(t("details-of", { name: fleet.nameOf(driverId) }));
  return {
    destroy() {
      clearInterval(clock);
      for (const end of ends) end();
      past.destroy();
      where.destroy();
      details.destroy();
      actions.destroy();
      if (map.followed === null) fleet.follow(null);
    },
  };
}
