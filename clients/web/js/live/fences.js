// The fences of the fleet: from the API, and the drivers inside of each from the socket.

const PAGE = 1_000;
const PATH = "/api/v1/fences";
/** Milliseconds between two reads of the fences, which other users may change. */
const INTERVAL = 60_000;

/** @import { Fence, Message, Timer } from "./types.js" */

/**
 * `all()` is in the order of names; `inside(fenceId)` is driver → since when (RFC 3339). `onChange(fn)` is called after
 * each change of the fences, and of the drivers inside; `onEvent(fn(message))` for each event of a fence. `subscription` is the
 * id of the socket's subscription: where it begins again, the hub sends the drivers inside again.
 * @param {{api: {all: (path: string, name: string, params: Record<string, unknown>) => Promise<{items: any[]}>}, connection: {onMessage: (listener: (message: Message) => void) => void}, subscription: string}} parts
 */
export function createFences({ api, connection, subscription }) {
  /** @type {Map<string, Fence>} */
  let fences = new Map();
  /** @type {Map<string, Map<string, string>>} */
  const inside = new Map();
  /** @type {Map<string, string>} */
  const none = new Map();
  /** @type {Set<() => void>} */
  const changeListeners = new Set();
  /** @type {Set<(message: Message & {type: "fence"}) => void>} */
  const eventListeners = new Set();
  /** @type {Fence[] | null} */
  let sorted = null;
  /** @type {Error | null} */
  let failed = null;
  let ready = false;
  /** @type {Timer} */
  let timer;
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  function changed() {
    for (const listener of changeListeners) listener();
  }

  async function read() {
    clearTimeout(timer);
    try {
      const { items } = await api.all(PATH, "fences", { limit: PAGE });
      fences = new Map(items.map((fence) => [fence.fenceId, fence]));
      ready = true;
      failed = null;
    } catch (error) {
      failed = /** @type {Error} */ (error);
    }
    sorted = null;
    timer = setTimeout(read, INTERVAL);
    changed();
  }

  /** @param {string} fenceId
   * @param {string} driverId
   * @param {string} since */
  function enter(fenceId, driverId, since) {
    let drivers = inside.get(fenceId);
    if (!drivers) inside.set(fenceId, (drivers = new Map()));
    drivers.set(driverId, since);
  }

  connection.onMessage((message) => {
    switch (message.type) {
      case "subscribed":
        if (message.id !== subscription) return;
        inside.clear();
        read();
        return;
      case "fences":
        for (const drivers of inside.values()) drivers.delete(message.driverId);
        for (const [fenceId, since] of message.inside) enter(fenceId, message.driverId, since);
        changed();
        return;
      case "fence": {
        const { fenceId, driverId, enteredAt, exitedAt, removed, event } = message;
        const since = inside.get(fenceId)?.get(driverId);
        // Of visits of the past there may be news, too: only the one that is known may end.
        if (removed || exitedAt) {
          if (since === enteredAt) inside.get(fenceId)?.delete(driverId);
        } else if (event !== "crossed" && event !== "exited" && (!since || Date.parse(since) < Date.parse(enteredAt))) {
          enter(fenceId, driverId, enteredAt);
        }
        for (const listener of eventListeners) listener(message);
        changed();
        return;
      }
    }
  });

  return {
    all: () => (sorted ??= [...fences.values()].sort((one, other) => collator.compare(one.name, other.name))),
    /** @param {string} fenceId */
    get: (fenceId) => fences.get(fenceId),
    /** @param {string} fenceId */
    inside: (fenceId) => inside.get(fenceId) ?? none,
    get ready() {
      return ready;
    },
    /** Why the fences could not be read, or null. */
    get failed() {
      return failed;
    },
    read,
    /** A fence that was saved on this page.
     * @param {Fence} fence */
    put(fence) {
      fences.set(fence.fenceId, fence);
      sorted = null;
      changed();
    },
    /** A fence that was deleted on this page.
     * @param {string} fenceId */
    remove(fenceId) {
      fences.delete(fenceId);
      inside.delete(fenceId);
      sorted = null;
      changed();
    },
    stop: () => clearTimeout(timer),
    /** @param {() => void} listener */
    onChange(listener) {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
    /** @param {(message: Message & {type: "fence"}) => void} listener */
    onEvent(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
  };
}
