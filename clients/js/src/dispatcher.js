// Client of a dispatcher: the messages of one area, and the latest position of each driver in it.

import { Refused } from "./refused.js";
import { Subscriber } from "./subscriber.js";
import { View } from "./view.js";

const ID = "watch";
const KINDS = ["all", "drivers", "bbox", "near"];

/** @import { HubMessage, LeftMessage, LocationMessage, StatusMessage, SubscribedMessage, SyncedMessage, HeartbeatMessage, TripMessage } from "../types/messages.js" */
/** @import { LinkOptions, State } from "./link.js" */
/** @import { Area } from "./subscriber.js" */

/** @typedef {LocationMessage | LeftMessage | StatusMessage | TripMessage | SubscribedMessage | SyncedMessage | HeartbeatMessage} Event */

const EVENTS = new Set(["location", "left", "status", "state", "trip", "subscribed", "synced", "heartbeat"]);

/**
 * One subscription, which survives lost connections and restarts of the hub: after a loss the hub sends what changed.
 *
 *     const dispatcher = new DispatcherClient("ws://localhost:8080/ws");
 *     dispatcher.onEvent((event) => console.log(event.type, dispatcher.latest.size));
 *     dispatcher.subscribe({ bbox: [55.0, 24.8, 55.6, 25.4], maxHz: 2 });
 *
 * `latest` and `presence` are maps by driver id; `state` tells whether they are current. Listeners run at once: one that
 * takes long for each position should collect the driver ids, and read `latest` from time to time.
 */
export class DispatcherClient {
  #view = new View();
  /** @type {Set<(event: Event) => void>} */
  #listeners = new Set();
  #subscriber;

  /**
   * @param {string} url of the socket, such as `wss://host/ws`
   * @param {LinkOptions & {heartbeatInterval?: number}} [options]
   */
  constructor(url, options) {
    this.#subscriber = new Subscriber(url, options);
    this.#subscriber.onMessage((message) => this.#received(message));
  }

  /** Driver id -> latest position. */
  get latest() {
    return this.#view.latest;
  }

  /** Driver id -> `online`, `stale` or `offline`. */
  get presence() {
    return this.#view.presence;
  }

  /** @returns {State} */
  get state() {
    return this.#subscriber.state;
  }

  /** Connect and subscribe to an area; later calls move the subscription: drivers in both areas are not sent again, and
   * drivers outside the new one get a `left`. Throws `TypeError` unless the area has exactly one kind.
   * @param {Area} area */
  subscribe(area) {
    const { all, drivers, ...rest } = /** @type {Record<string, any>} */ (area);
    // An empty list and `all: false` name no area.
    const named = { ...(all && { all }), ...(drivers?.length && { drivers }), ...rest };
    if (KINDS.filter((kind) => named[kind] !== undefined).length !== 1) {
      throw new TypeError("area: must have exactly one of all, drivers, bbox and near");
    }
    this.#subscriber.subscribe(ID, area);
    this.#subscriber.start();
  }

  /** Disconnect. `subscribe` connects again. */
  close() {
    this.#subscriber.stop();
  }

  /** A fresh token for the open socket, so that it does not end with the one that it was opened with.
   * @param {string} token */
  renew(token) {
    this.#subscriber.renew(token);
  }

  /** Call `listener` with each event, after `latest` and `presence` have changed; returns a function that ends this.
   * @param {(event: Event) => void} listener */
  onEvent(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Call `listener` with the state, now and after each change; returns a function that ends this.
   * @param {(state: State) => void} listener */
  onState(listener) {
    return this.#subscriber.onState(listener);
  }

  /** @param {HubMessage} message */
  #received(message) {
    if (message.type === "error") {
      // A refused `auth` leaves the previous token in force; anything else is an area that the hub does not accept.
      if (message.field !== "token") this.#subscriber.end(new Refused(message.code, message.detail));
      return;
    }
    if (!EVENTS.has(message.type) || !this.#view.apply(message)) return;
    for (const listener of this.#listeners) listener(/** @type {Event} */ (message));
  }
}
