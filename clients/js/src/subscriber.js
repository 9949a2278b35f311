// Subscriptions over one connection that resumes them.

import { Link } from "./link.js";

/** Milliseconds that a heartbeat may be late before positions count as stale. */
const SLACK = 2_000;
/** Heartbeats that may be missed before the socket counts as dead. */
const PATIENCE = 2.5;

/** @import { HubMessage, Near } from "../types/messages.js" */
/** @import { LinkOptions, State } from "./link.js" */

/**
 * Exactly one of `all`, `drivers`, `bbox` (`[west, south, east, north]`, crosses the antimeridian if west > east) and
 * `near`. `maxHz` limits the positions a second and driver, and never drops the last one before a pause. `fences`: with
 * the events of all fences (true), or of those listed; `alerts`: with the alerts about these drivers; `positions: false`:
 * without their positions; `groups` and `state`: only drivers in one of these groups, and of this state.
 * @typedef {({all: true} | {drivers: string[]} | {bbox: number[]} | {near: Near}) & {maxHz?: number, fences?: boolean | string[], alerts?: boolean, positions?: boolean, groups?: string[], state?: "free" | "busy" | "off_duty"}} Area
 */

/** How far a subscription is, as of the hub's answers: by the number of this hub, and by a token that every hub knows.
 * `moves` have not been answered.
 * @typedef {{area: Area, epoch: string | null, seq: number | null, resume?: string, moves: number}} Answered */

/**
 * Several subscriptions over one connection, which is opened again after a loss and resumes each subscription. The
 * listeners of `onMessage` get the hub's messages as they are; `DispatcherClient` keeps a table of positions.
 */
export class Subscriber {
  /** @type {Set<(message: HubMessage) => void>} */
  #listeners = new Set();
  /** @type {Map<string, Area>} */
  #wanted = new Map();
  /** @type {Map<string, Answered>} */
  #answered = new Map();
  /** Whether the state is `stale` because an open socket is silent. */
  #quiet = false;
  #link;

  /**
   * @param {string} url of the socket, such as `wss://host/ws`
   * @param {LinkOptions & {heartbeatInterval?: number}} [options] `heartbeatInterval` in seconds, as `HUB_HEARTBEAT_INTERVAL`
   */
  constructor(url, { heartbeatInterval = 10, ...options } = {}) {
    const deadAfter = PATIENCE * heartbeatInterval * 1000;
    const quietAfter = Math.min(deadAfter, heartbeatInterval * 1000 + SLACK);
    const owner = {
      opened: () => this.#opened(),
      received: (/** @type {HubMessage} */ message) => this.#received(message),
      closed: () => void (this.#quiet = false),
      quiet: () => this.#silent(),
      ended: () => {},
    };
    this.#link = new Link(url, options, owner, { quietAfter, deadAfter });
  }

  start() {
    this.#link.start();
  }

  stop() {
    this.#link.stop();
  }

  /** Stop because the hub refuses what this client asks for.
   * @param {Error} reason */
  end(reason) {
    this.#link.end(reason);
  }

  /** Subscribe, or move the subscription `id`: drivers in both areas are not sent again.
   * @param {string} id 1 to 64 characters
   * @param {Area} area */
  subscribe(id, area) {
    const before = this.#wanted.get(id);
    if (before && same(before, area)) return;
    this.#wanted.set(id, area);
    if (this.#link.open) this.#ask(id);
  }

  /** @param {string} id */
  unsubscribe(id) {
    if (!this.#wanted.delete(id)) return;
    this.#answered.delete(id);
    if (this.#link.open) this.#link.send({ type: "unsubscribe", id });
  }

  /** A fresh token for the open socket, so that it does not end with the one that it was opened with.
   * @param {string} token */
  renew(token) {
    if (this.#link.open) this.#link.send({ type: "auth", token });
  }

  /** Call `listener` with each message; returns a function that ends this.
   * @param {(message: HubMessage) => void} listener */
  onMessage(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Call `listener` with the state, now and after each change; returns a function that ends this.
   * @param {(state: State) => void} listener */
  onState(listener) {
    return this.#link.onState(listener);
  }

  /** @returns {State} */
  get state() {
    return this.#link.state;
  }

  #opened() {
    for (const id of this.#wanted.keys()) this.#resume(id);
  }

  #silent() {
    if (this.state.name !== "live") return;
    this.#quiet = true;
    this.#link.set({ name: "stale" });
  }

  /** @param {HubMessage} message */
  #received(message) {
    if (this.#quiet) {
      this.#quiet = false;
      this.#link.live();
    }
    switch (message.type) {
      case "subscribed": {
        const subscription = this.#answered.get(message.id);
        if (subscription) subscription.epoch = message.epoch;
        break;
      }
      case "synced": {
        const subscription = this.#answered.get(message.id);
        if (!subscription) break;
        subscription.moves -= 1;
        advance(subscription, message);
        this.#link.proved();
        break;
      }
      case "heartbeat":
        // Not the `seq` of positions: for a slow reader they may arrive out of its order.
        for (const each of this.#answered.values()) if (each.moves === 0) advance(each, message);
        break;
    }
    for (const listener of this.#listeners) listener(message);
  }

  /** Subscribe again on a new socket: from the last number, if the hub had answered everything; and to the previous
   * area, since only drivers that moved are sent. If another area is wanted by now, the subscription is moved there.
   * @param {string} id */
  #resume(id) {
    const before = this.#answered.get(id);
    if (!before || before.moves !== 0 || before.seq === null) {
      this.#answered.delete(id);
      return this.#ask(id);
    }
    const { area, epoch, seq, resume } = before;
    this.#answered.set(id, { ...before, moves: 1 });
    this.#link.send({ type: "subscribe", id, ...area, since: { epoch, seq, ...(resume && { resume }) } });
    if (!same(area, /** @type {Area} */ (this.#wanted.get(id)))) this.#ask(id);
  }

  /** @param {string} id */
  #ask(id) {
    const area = /** @type {Area} */ (this.#wanted.get(id));
    const { epoch = null, seq = null, resume, moves = 0 } = this.#answered.get(id) ?? {};
    this.#answered.set(id, { area, epoch, seq, resume, moves: moves + 1 });
    this.#link.send({ type: "subscribe", id, ...area });
  }
}

/** Without a token, the last one stays valid.
 * @param {Answered} subscription
 * @param {{seq: number, resume?: string | null}} message */
function advance(subscription, { seq, resume }) {
  subscription.seq = seq;
  if (resume) subscription.resume = resume;
}

/**
 * @param {Area} one
 * @param {Area} other
 */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
