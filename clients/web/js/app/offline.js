// The page while the hub cannot be reached: the last known positions, with their age, until it is reached again.

import { t } from "../i18n/messages.js";
import { createFleet } from "../live/fleet.js";
import { createSearch } from "../live/search.js";
import { mountMap } from "../map/map.js";
import { dayIn } from "../ui/days.js";
import { byId, element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { createMemory } from "../ui/memory.js";
import { instant, minute, useZone, zone } from "../ui/text.js";
import { mountList } from "../views/list.js";
import { forget, isTooOld, readKept } from "./kept.js";

/** Whose memory the page has on an open hub. */
const OPEN = "open";
const EVERY = 5_000;
/** Milliseconds for an answer; a hub that takes longer is tried again. */
const PATIENCE = 4_000;
const MINUTE = 60_000;

const askForScreen = (signal) => fetch("/api/v1/screen", { cache: "no-store", signal });

/**
 * Loads the page again as soon as the hub answers a request without a server error.
 * @param {(signal: AbortSignal) => Promise<Response>} [ask] the request that failed
 */
export function reloadWhenReached(ask = askForScreen) {
  const look = async () => {
    try {
      const { status } = await ask(AbortSignal.timeout(PATIENCE));
      if (status < 500) return location.reload();
    } catch {
      // Not yet.
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
}

/** A connection that only repeats what is kept. */
function replay() {
  const listeners = [];
  const state = { name: "stale", heard: null, retryAt: null, reason: null };
  return {
    state,
    onMessage: (listener) => void listeners.push(listener),
    onState: (listener) => listener(state),
    watch() {},
    follow() {},
    choose() {},
    /** @param {any} message */
    say: (message) => listeners.forEach((listener) => listener(message)),
  };
}

const iso = (time) => (Number.isFinite(time) ? new Date(time).toISOString() : undefined);

/**
 * Shows what is kept; resolves to whether there is anything. The page is loaded again when the hub answers.
 * @param {{theme: string, announce: (text: string) => void, onText: (text: string) => void, storage?: () => Storage}} parts `onText` gets how
 * old the positions are, each minute; `storage` is that of the page's memory
 */
export async function openOffline({ theme, announce, onText, storage }) {
  const kept = await readKept().catch(() => null);
  if (!kept) return null;
  useZone(kept.timeZone);
  const words = () => {
    const sameDay = dayIn(kept.at, zone()) === dayIn(Date.now(), zone());
    return t("offline-positions", { time: sameDay ? minute(kept.at) : instant(kept.at) });
  };
  const badge = byId("connection");
  badge.dataset.state = "stale";
  const tell = () => {
    const text = words();
    badge.textContent = text;
    onText(text);
  };
  tell();
  announce(words());
  setInterval(() => {
    if (isTooOld(kept)) location.reload();
    else tell();
  }, MINUTE);
  const connection = replay();
  const refuse = () => Promise.reject(new Error("offline"));
  const api = { get: refuse, all: refuse };
  const fleet = createFleet({ api, connection });
  for (const [index, driver] of kept.drivers.entries()) {
    const times = { recordedAt: iso(driver.recordedAt), receivedAt: iso(driver.receivedAt) };
    connection.say({ type: "location", ...driver, ...times, seq: index });
    Object.assign(fleet.get(driver.driverId), { name: driver.name, vehicle: driver.vehicle });
    connection.say({ type: "status", driverId: driver.driverId, status: driver.status, heardAt: iso(driver.heardAt) });
  }
  const alerts = { waiting: () => [], onChange: () => {} };
  const search = createSearch();
  const memory = createMemory(kept.owner || OPEN, storage);
  // Other maps need other hosts, which may be out of reach, too.
  const screen = { ...kept.screen, map: { mode: "offline", styles: [], problem: "" } };
  const map = /** @type {any} */ (await mountMap(byId("map"), { api, fleet, alerts, search, memory, connection, screen, theme, announce }));
  const open = (driverId) => {
    list.select(driverId);
    map.select(driverId);
  };
  const session = { state: { open: false, user: null } };
  const filter = { chosen: false, value: {} };
  const list = mountList(byId("list"), { fleet, session, connection, filter, search, screen, memory, onOpen: open, onFollow: open, announce });
  map.onOpen(open);
  const remove = button(t("offline-delete"), async () => {
    await forget();
    location.reload();
  });
  byId("account").replaceChildren(...(kept.username ? [element("bdi", {}, kept.username)] : []), remove);
  reloadWhenReached();
  return { map };
}
