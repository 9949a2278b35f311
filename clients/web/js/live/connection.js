// The page's subscriptions: the map's, that of one driver that is followed, and that of the fences and alerts of
// all drivers.

import { Subscriber } from "../../../js/src/subscriber.js";

/** Positions a second of the followed driver: the most that the hub sends. */
const FOLLOW_RATE = 20;

/** The id of the subscription to fences and alerts, wherever the map is. */
export const FACTS = "facts";

/** @import { Area, Filter, Message, State } from "./types.js" */

/**
 * `watch(area, maxHz)` subscribes `map` to `{bbox}` or `{all: true}`, and moves it there; `follow(driverId | null)`
 * subscribes `follow`; fences and alerts are subscribed from the start. `choose(filter)` begins the map's subscription and that of the facts
 * again, with the drivers of a filter only; the followed driver is sent in any case. `onMessage(fn)` gets each message and `onState(fn)` each `state`.
 * @param {{session: {ticket: () => Promise<string | null>}, heartbeatInterval: number, url?: string}} parts
 */
export function createConnection({ session, heartbeatInterval, url = socketUrl() }) {
  const subscriber = new Subscriber(url, { ticket: () => session.ticket(), heartbeatInterval });
  /** @type {Filter} */
  let filter = {};
  /** @type {[Area, number] | null} */
  let watched = null;

  function facts() {
    subscriber.subscribe(FACTS, { all: true, positions: false, fences: true, alerts: true, ...groupsOf(filter) });
  }

  /** @param {Area} area
   * @param {number} maxHz */
  function watch(area, maxHz) {
    watched = [area, maxHz];
    subscriber.subscribe("map", { ...area, maxHz, ...groupsOf(filter), ...(filter.state ? { state: filter.state } : {}) });
  }

  facts();
  return {
    start: () => subscriber.start(),
    stop: () => subscriber.stop(),
    /** @param {string} token */
    renew: (token) => subscriber.renew(token),
    watch,
    /** @param {Filter} chosen */
    choose(chosen) {
      const regrouped = chosen.group !== filter.group;
      filter = chosen;
      // Begun again instead of moved: what is not sent again would have to be told from what is filtered out.
      if (watched) {
        subscriber.unsubscribe("map");
        watch(...watched);
      }
      if (!regrouped) return;
      subscriber.unsubscribe(FACTS);
      facts();
    },
    /** @param {string | null} driverId */
    follow(driverId) {
      if (driverId === null) subscriber.unsubscribe("follow");
      else subscriber.subscribe("follow", { drivers: [driverId], maxHz: FOLLOW_RATE });
    },
    /** @param {(message: Message) => void} listener */
    onMessage: (listener) => subscriber.onMessage(listener),
    /** @param {(state: State) => void} listener */
    onState: (listener) => subscriber.onState(listener),
    get state() {
      return subscriber.state;
    },
  };
}

/** @param {Filter} filter */
function groupsOf({ group }) {
  return group ? { groups: [group] } : {};
}

function socketUrl() {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
}
