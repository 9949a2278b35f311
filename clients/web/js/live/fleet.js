// What is known of each driver: live from the socket, and the rest of the fleet from the API.

const PAGE = 1_000;
/** Milliseconds between two looks at the drivers outside the map; one more for each driver, so that a large fleet is
 * asked for less often. */
const REST_INTERVAL = 15_000;
/** And between two looks at their names, which somebody may have changed elsewhere. */
const NAMES_INTERVAL = 60_000;

/**
 * A driver is `{driverId, latitude, longitude, heading, speed, battery, accuracy, recordedAt, receivedAt, seq, status,
 * name, vehicle, live}`; `live` means that its position is kept up to date by the socket, and only such are on the map.
 * `onFrame(fn(changedIds, removedIds))` is called with sets, at most once in `interval` ms and once per animation frame;
 * `onTrip(fn(message))` at once. Ages are by the hub's clock: `age(driver)` in seconds.
 */
export function createFleet({ api, connection, interval = 100 }) {
  const drivers = new Map();
  const changed = new Set();
  const removed = new Set();
  const frameListeners = new Set();
  const tripListeners = new Set();
  const names = new Map();
  let offset = 0;
  let epoch = null;
  let followed = null;
  let frame = 0;
  let flushedAt = 0;
  let timer = null;
  let namesTimer = null;

  function touch(driverId) {
    changed.add(driverId);
    if (!frame) frame = requestAnimationFrame(flush);
  }

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

  function entry(driverId) {
    let driver = drivers.get(driverId);
    if (!driver) {
      driver = { driverId, status: "online", seq: -1, live: false, ...names.get(driverId) };
      drivers.set(driverId, driver);
    }
    return driver;
  }

  function place(driver, message) {
    driver.latitude = message.latitude;
    driver.longitude = message.longitude;
    // Absent is unknown: nothing of an older position may stand beside a newer one.
    for (const field of ["heading", "speed", "battery", "accuracy", "altitude", "attributes"]) driver[field] = message[field];
    driver.recordedAt = Date.parse(message.recordedAt);
    driver.receivedAt = Date.parse(message.receivedAt);
    driver.seq = message.seq;
    touch(driver.driverId);
  }

  function setLive(driver, live) {
    if (driver.live === live) return;
    driver.live = live;
    touch(driver.driverId);
  }

  connection.onMessage((message) => {
    switch (message.type) {
      case "location": {
        const driver = entry(message.driverId);
        if (driver.live && message.seq <= driver.seq) return;
        place(driver, message);
        driver.live = true;
        driver.status = "online";
        return;
      }
      case "status": {
        const driver = entry(message.driverId);
        driver.status = message.status;
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
          // Numbers of another run of the hub say nothing about ours.
          epoch = message.epoch;
          for (const driver of drivers.values()) driver.seq = -1;
        }
        if (!message.reset || message.id !== "map") return;
        // Whom we follow belongs to the other subscription, and what one brought the other does not bring again.
        for (const driver of drivers.values()) if (driver.driverId !== followed) setLive(driver, false);
        return;
      case "synced": {
        const driver = message.id === "follow" ? drivers.get(followed) : undefined;
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

  /** The fleet outside the map, and those who left the fleet. */
  async function refresh() {
    const seen = new Set();
    let cursor;
    do {
      const { data } = await api.get("/api/v1/drivers", { limit: PAGE, cursor });
      for (const { driverId, status, position } of data.drivers) {
        seen.add(driverId);
        const driver = entry(driverId);
        // What the socket keeps is newer.
        if (driver.live) continue;
        driver.status = status;
        place(driver, position);
      }
      cursor = data.next;
    } while (cursor);
    for (const driver of drivers.values()) {
      if (driver.live || seen.has(driver.driverId) || driver.seq < 0) continue;
      drivers.delete(driver.driverId);
      removed.add(driver.driverId);
      touch(driver.driverId);
    }
  }

  /** Names from the registry of the fleet; drivers that are in nobody's registry go by their id. */
  async function readNames() {
    let cursor;
    do {
      const { data } = await api.get("/api/v1/fleet/drivers", { limit: PAGE, cursor });
      for (const { driverId, name } of data.drivers) {
        const known = { name: name || undefined };
        names.set(driverId, known);
        const driver = drivers.get(driverId);
        if (driver) {
          Object.assign(driver, known);
          touch(driverId);
        }
      }
      cursor = data.next;
    } while (cursor);
  }

  const fleet = {
    get: (driverId) => drivers.get(driverId),
    all: () => drivers.values(),
    get size() {
      return drivers.size;
    },
    /** The hub's clock, epoch milliseconds. */
    now: () => Date.now() + offset,
    age: (driver) => Math.max(0, (Date.now() + offset - driver.recordedAt) / 1000),
    nameOf: (driverId) => drivers.get(driverId)?.name ?? names.get(driverId)?.name ?? driverId,
    summary() {
      const counts = { all: drivers.size, online: 0, stale: 0, offline: 0 };
      for (const driver of drivers.values()) counts[driver.status] += 1;
      return counts;
    },
    /** Keep one driver live wherever the map is; null for none. */
    follow(driverId) {
      followed = driverId;
      connection.follow(driverId);
    },
    /** Read the names again, after somebody changed one. Rejects with `ApiError`. */
    readNames,
    /** Resolves when the whole fleet is known, and goes on looking after what is outside the map. */
    async start(screenTime) {
      offset = screenTime - Date.now();
      const again = async () => {
        try {
          await refresh();
        } catch {
          // The connection's state says that the hub is away; what is known keeps its age.
        }
        timer = setTimeout(again, REST_INTERVAL + drivers.size);
      };
      await refresh();
      timer = setTimeout(again, REST_INTERVAL + drivers.size);
      const readAgain = async () => {
        try {
          await readNames();
        } catch (error) {
          console.warn("The names of the drivers are not known:", error.message);
        }
        namesTimer = setTimeout(readAgain, NAMES_INTERVAL);
      };
      readAgain();
    },
    stop() {
      clearTimeout(timer);
      clearTimeout(namesTimer);
    },
    onFrame(listener) {
      frameListeners.add(listener);
      return () => frameListeners.delete(listener);
    },
    onTrip(listener) {
      tripListeners.add(listener);
      return () => tripListeners.delete(listener);
    },
  };
  return fleet;
}
