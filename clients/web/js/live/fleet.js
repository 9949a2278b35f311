// The known drivers: live from the socket, and the rest of the fleet from the API.

import { createRegistry } from "./registry.js";

const PAGE = 1_000;
/** Milliseconds between two reads of the drivers outside the map; one more for each driver, so that a large fleet is
 * read less often. */
const REST_INTERVAL = 15_000;
/** Milliseconds between two reads of the registry, which other users may change. */
const NAMES_INTERVAL = 60_000;

const UNREGISTERED = { name: undefined, phone: undefined, staleAfter: undefined, vehicle: undefined };

/** @import { Driver, Filter, LocationMessage, Message, Reader, Timer } from "./types.js" */

/**
 * A driver is `{driverId, latitude, longitude, heading, speed, battery, accuracy, recordedAt, measuredAt, receivedAt,
 * heardAt, clockOffset, state, seq, status, name, phone, staleAfter, vehicle, live}`; `live` means that its position is kept up to date by the socket, and only such are on the map.
 * `onFrame(fn(changedIds, removedIds))` is called with sets, at most once in `interval` ms and once per animation frame;
 * `onTrip(fn(message))` at once. Ages are by the hub's clock, in seconds: `age(driver)` of the position, `heard(driver)`
 * since the last sign of life.
 * @param {{api: Reader, connection: {onMessage: (listener: (message: Message) => void) => void, follow: (driverId: string | null) => void}, interval?: number}} parts
 */
export function createFleet({ api, connection, interval = 100 }) {
  /** @type {Map<string, Driver>} */
  const drivers = new Map();
  /** @type {Set<string>} */
  const changed = new Set();
  /** @type {Set<string>} */
  const removed = new Set();
  /** @type {Set<(changed: Set<string>, removed: Set<string>) => void>} */
  const frameListeners = new Set();
  /** @type {Set<(message: Message & {type: "trip"}) => void>} */
  const tripListeners = new Set();
  /** @type {Set<() => void>} */
  const registryListeners = new Set();
  const registry = createRegistry(api);
  let offset = 0;
  /** @type {string | null} */
  let epoch = null;
  /** @type {string | null} */
  let followed = null;
  /** @type {Filter} */
  let filter = {};
  /** Those of the last list of the API, while a filter is chosen: only the followed driver may be outside of it. */
  let listed = new Set();
  /** Lists of another filter that are under way are not taken. */
  let turn = 0;
  /** Whether the socket has yet to begin with the filter. */
  let pending = false;
  let frame = 0;
  let flushedAt = 0;
  /** @type {Timer} */
  let timer;
  /** @type {Timer} */
  let namesTimer;

  /** @param {string} driverId */
  function touch(driverId) {
    changed.add(driverId);
    if (!frame) frame = requestAnimationFrame(flush);
  }

  /** @param {number} now */
  function flush(now) {
    frame = 0;
    if (now - flushedAt < interval) {
      frame = requestAnimationFrame(flush);
      return;
    }
    flushedAt = now;
    const [some, gone] = [new Set(changed), new Set(removed)];
    changed.clear();
    removed.clear();
    for (const listener of frameListeners) listener(some, gone);
  }

  /** @param {string} driverId */
  function entry(driverId) {
    let driver = drivers.get(driverId);
    if (!driver) {
      driver = { driverId, status: "online", seq: -1, live: false, ...registry.of(driverId) };
      drivers.set(driverId, driver);
      removed.delete(driverId);
    }
    return driver;
  }

  /**
   * @param {Driver} driver
   * @param {string | undefined} heardAt
   */
  function hear(driver, heardAt) {
    if (heardAt) driver.heardAt = Math.max(Date.parse(heardAt), driver.heardAt ?? 0);
  }

  /**
   * @param {Driver} driver
   * @param {LocationMessage} message
   */
  function place(driver, message) {
    driver.latitude = message.latitude;
    driver.longitude = message.longitude;
    // Absent is unknown: values of an older position must not remain.
    const { heading, speed, battery, accuracy, altitude, attributes, clockOffset, state } = message;
    Object.assign(driver, { heading, speed, battery, accuracy, altitude, attributes, clockOffset, state });
    driver.recordedAt = Date.parse(message.recordedAt);
    driver.measuredAt = measuredAt(message);
    driver.receivedAt = Date.parse(message.receivedAt);
    hear(driver, message.receivedAt);
    driver.seq = message.seq;
    touch(driver.driverId);
  }

  /**
   * @param {Driver} driver
   * @param {boolean} live
   */
  function setLive(driver, live) {
    if (driver.live === live) return;
    driver.live = live;
    touch(driver.driverId);
  }

  connection.onMessage((message) => {
    switch (message.type) {
      case "location": {
        const driver = entry(message.driverId);
        if (driver.live && (message.seq <= driver.seq || (!driver.seq && measuredAt(message) <= (driver.measuredAt ?? 0)))) return;
        place(driver, message);
        driver.live = true;
        driver.status = "online";
        return;
      }
      case "status": {
        const driver = entry(message.driverId);
        driver.status = message.status;
        hear(driver, message.heardAt);
        touch(message.driverId);
        return;
      }
      case "state": {
        const driver = drivers.get(message.driverId);
        if (!driver) return;
        driver.state = message.state;
        touch(message.driverId);
        return;
      }
      case "left": {
        const driver = drivers.get(message.driverId);
        if (driver && !(message.id === "map" && message.driverId === followed)) setLive(driver, false);
        return;
      }
      case "subscribed":
        if (message.epoch !== epoch) {
          // Numbers of another hub cannot be compared. What it goes on from is known, and replaced by what is newer.
          epoch = message.epoch;
          for (const driver of drivers.values()) driver.seq = message.reset ? -1 : Math.min(driver.seq, 0);
        } else if (!message.reset) {
          // The other subscription was reset: this one goes on with what it has.
          for (const driver of drivers.values()) {
            if (driver.live && (driver.driverId === followed) === (message.id === "follow")) driver.seq = Math.max(driver.seq, 0);
          }
        }
        if (!message.reset || message.id !== "map") return;
        // The followed driver belongs to the other subscription; a position that one sends the other does not repeat.
        for (const driver of drivers.values()) if (driver.driverId !== followed) setLive(driver, false);
        // Positions of before the filter may have come in since it was chosen.
        if (pending) retry();
        pending = false;
        return;
      case "synced": {
        const driver = message.id === "follow" && followed !== null ? drivers.get(followed) : undefined;
        if (driver && driver.seq < 0) setLive(driver, false);
        return;
      }
      case "heartbeat":
        offset = Date.parse(message.time) - Date.now();
        return;
      case "trip":
        for (const listener of tripListeners) listener(message);
        return;
    }
  });

  /** Reads the drivers outside the map, and removes those that are no longer listed. */
  async function refresh() {
    const seen = new Set();
    const asked = turn;
    /** @type {string | undefined} */
    let cursor;
    do {
      const { data } = await api.get("/api/v1/drivers", { limit: PAGE, cursor, ...filter });
      if (asked !== turn) return;
      for (const { driverId, status, position, heardAt } of data.drivers) {
        seen.add(driverId);
        const driver = entry(driverId);
        hear(driver, heardAt);
        // The socket's position is newer.
        if (driver.live) continue;
        driver.status = status;
        place(driver, position);
      }
      cursor = data.next;
    } while (cursor);
    listed = seen;
    for (const driver of drivers.values()) {
      if (driver.live || seen.has(driver.driverId) || driver.seq < 0) continue;
      drivers.delete(driver.driverId);
      removed.add(driver.driverId);
      touch(driver.driverId);
    }
  }

  /** Reads the drivers outside the map once more, at once. */
  function retry() {
    refresh().catch((error) => console.warn("The drivers could not be read:", error));
  }

  /** Whether the filter has a driver.
   * @param {Driver} driver */
  function passes(driver) {
    if (filter.state && driver.state !== filter.state) return false;
    return driver.driverId !== followed || !filter.group || listed.has(driver.driverId);
  }

  /** Takes over what the registry has; drivers without an entry are shown by their id. */
  async function readNames() {
    for (const driverId of await registry.read()) {
      const driver = drivers.get(driverId);
      if (!driver) continue;
      Object.assign(driver, UNREGISTERED, registry.of(driverId));
      touch(driverId);
    }
    for (const listener of registryListeners) listener();
  }

  const fleet = {
    /** @param {string} driverId */
    get: (driverId) => drivers.get(driverId),
    all: () => drivers.values(),
    /** The drivers of the filter: all without the followed one, where that is outside of it. */
    shown: () => [...drivers.values()].filter(passes),
    get size() {
      return drivers.size;
    },
    /** The hub's clock, epoch milliseconds. */
    now: () => Date.now() + offset,
    /** @param {Driver} driver */
    age: (driver) => Math.max(0, (Date.now() + offset - (driver.measuredAt ?? NaN)) / 1000),
    /** @param {Driver} driver */
    heard: (driver) => Math.max(0, (Date.now() + offset - (driver.heardAt ?? NaN)) / 1000),
    /** The name of the registry, or the one that was kept of it while the hub cannot be reached; without both the id.
     * @param {string} driverId */
    nameOf: (driverId) => registry.of(driverId)?.name ?? drivers.get(driverId)?.name ?? driverId,
    summary() {
      const counts = { all: 0, online: 0, stale: 0, offline: 0 };
      for (const driver of drivers.values()) {
        if (!passes(driver)) continue;
        counts.all += 1;
        counts[driver.status] += 1;
      }
      return counts;
    },
    /** Keep one driver live wherever the map is; null for none.
     * @param {string | null} driverId */
    follow(driverId) {
      const before = followed === null ? undefined : drivers.get(followed);
      if (before && followed !== driverId && !passes(before)) {
        drivers.delete(before.driverId);
        removed.add(before.driverId);
        touch(before.driverId);
      }
      followed = driverId;
      connection.follow(driverId);
    },
    /** Only the drivers of a filter from now on, and the followed one. The map's subscription has to follow.
     * @param {Filter} chosen */
    choose(chosen) {
      filter = chosen;
      turn += 1;
      pending = true;
      listed = new Set();
      for (const driverId of drivers.keys()) {
        if (driverId === followed) continue;
        drivers.delete(driverId);
        removed.add(driverId);
        touch(driverId);
      }
      retry();
    },
    /** Read the registry again after a change of it. Rejects with `ApiError`. */
    readNames,
    /** What the registry has of a driver, also of one that never reported; undefined if it is not registered.
     * @param {string} driverId */
    entryOf: (driverId) => registry.of(driverId),
    /** Calls a function after each read of the registry.
     * @param {() => void} listener */
    onRegistry(listener) {
      registryListeners.add(listener);
      return () => registryListeners.delete(listener);
    },
    /** Resolves when the whole fleet is known, and keeps reading the drivers outside the map.
     * @param {number} screenTime */
    async start(screenTime) {
      offset = screenTime - Date.now();
      const again = async () => {
        try {
          await refresh();
        } catch {
          // The connection's state shows that the hub is unavailable; positions keep their age.
        }
        timer = setTimeout(again, REST_INTERVAL + drivers.size);
      };
      await refresh();
      timer = setTimeout(again, REST_INTERVAL + drivers.size);
      const readAgain = async () => {
        try {
          await readNames();
        } catch (error) {
          console.warn("The names of the drivers could not be read:", error);
        }
        namesTimer = setTimeout(readAgain, NAMES_INTERVAL);
      };
      readAgain();
    },
    stop() {
      clearTimeout(timer);
      clearTimeout(namesTimer);
    },
    /** @param {(changed: Set<string>, removed: Set<string>) => void} listener */
    onFrame(listener) {
      frameListeners.add(listener);
      return () => frameListeners.delete(listener);
    },
    /** @param {(message: Message & {type: "trip"}) => void} listener */
    onTrip(listener) {
      tripListeners.add(listener);
      return () => tripListeners.delete(listener);
    },
  };
  return fleet;
}

/** Milliseconds since the epoch, corrected where the device's clock is wrong.
 * @param {{recordedAt: string, clockOffset?: number | null}} location */
function measuredAt({ recordedAt, clockOffset }) {
  return Date.parse(recordedAt) - (clockOffset ?? 0) * 1_000;
}
