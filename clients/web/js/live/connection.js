// The page's subscriptions: the map's, that of one driver that is followed, and that of the fences and alerts of
// all drivers.

import { Subscriber } from "../../../js/src/subscriber.js";

/** Positions a second of the followed driver: the most that the hub sends. */
const FOLLOW_RATE = 20;

/** The id of the subscription to fences and alerts, wherever the map is. */
export const FACTS = "facts";

/** @import { Area, Message, State } from "./types.js" */

/**
 * `watch(area, maxHz)` subscribes `map` to `{bbox}` or `{all: true}`, and moves it there; `follow(driverId | null)`
 * subscribes `follow`; fences and alerts are subscribed from the start. `onMessage(fn)` gets each message and `onState(fn)` each `state`.
 * @param {{session: {ticket: () => Promise<string | null>}, heartbeatInterval: number, url?: string}} parts
 */
export function createConnection({ session, heartbeatInterval, url = socketUrl() }) {
  const subscriber = new Subscriber(url, { ticket: () => session.ticket(), heartbeatInterval });
  subscriber.subscribe(FACTS, { all: true, positions: false, fences: true, alerts: true });
  return {
    start: () => subscriber.start(),
    stop: () => subscriber.stop(),
    /** @param {string} token */
    renew: (token) => subscriber.renew(token),
    /** @type {(area: Area, maxHz: number) => void} */
    watch: (area, maxHz) => subscriber.subscribe("map", { ...area, maxHz }),
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

function socketUrl() {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
}
