// Client of a driver: publishes fixes without loss. They stay in an outbox until the hub has stored them.

import { Link } from "./link.js";
import { Outbox } from "./outbox.js";
import { Refused } from "./refused.js";
import { Window } from "./window.js";

/** A fix with 1 KiB of attributes has 1.5 KiB. A fix too long for a message would close each new connection. */
const MAX_FIX_BYTES = 4096;
/** Milliseconds without a message after which the hub is asked for a sign of life, and after which the socket is given
 * up. Scripts see no WebSocket pings, and a lost network closes no socket. The hub gives up after 30 s, too. */
const QUIET_AFTER = 15_000;
const DEAD_AFTER = 30_000;
/** Fixes after which `send` lets other tasks run: as many as fit a message, so that a tight loop of sends fills its
 * messages, and messages of the hub are received meanwhile. */
const YIELD_EVERY = 500;
const NUMBERS = /** @type {const} */ (["latitude", "longitude", "speed", "heading", "accuracy", "altitude", "battery"]);

/** @import { ErrorMessage, Fix, HubMessage } from "../types/messages.js" */
/** @import { LinkOptions, State } from "./link.js" */

/** A fix to publish. Without `recordedAt` it gets the present time.
 * @typedef {Omit<Fix, "msgNo" | "type" | "recordedAt"> & {recordedAt?: Date | string | number}} NewFix */

/** A fix refused for good; it is no longer in the outbox.
 * @typedef {{msgNo: number, code: ErrorMessage["code"], field?: string, detail: string, fix: Fix}} Rejection */

/**
 * `driverId` is the driver of fixes that name none. `outbox` has the fixes of earlier runs, too; by default they are in
 * memory and lost with the process. It holds at most `maxFixes`; the default is a day at one fix a second.
 * @typedef {LinkOptions & {driverId?: string, outbox?: Outbox, maxFixes?: number, onRejected?: (rejection: Rejection) => void}} DriverOptions
 */

/**
 * Publishes fixes over one connection, for one driver or, as a gateway, for many. It connects at once.
 *
 *     const driver = new DriverClient("ws://localhost:8080/ws", { driverId: "truck-1" });
 *     await driver.send({ latitude: 25.2048, longitude: 55.2708, speed: 13.9, heading: 45 });
 *     await driver.flush();
 *     await driver.close();
 *
 * `send` waits while the outbox is full: an accepted fix is never dropped for a newer one. A fix refused for good is
 * removed from the outbox and passed to `onRejected`. When the hub refuses the client (with an invalid token, for
 * example), `send` and `flush` reject with `Refused`, and the outbox keeps its fixes.
 */
export class DriverClient {
  /** Fixes sent (repetitions count), acknowledged, and refused. */
  sent = 0;
  acked = 0;
  rejected = 0;
  #driverId;
  #outbox;
  #maxFixes;
  #onRejected;
  #window;
  #link;
  #published = 0;
  /** Fixes on their way into the outbox. */
  #storing = 0;
  /** @type {(() => void)[]} */
  #waiters = [];
  /** Why the client has stopped. @type {Error | null} */
  #failure = null;
  /** The hub said `bye`: nothing more is sent over this connection. */
  #leaving = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /**
   * @param {string} url of the socket, such as `wss://host/ws`
   * @param {DriverOptions} [options]
   */
  constructor(url, { driverId, outbox = new Outbox(), maxFixes = 100_000, onRejected = report, ...options } = {}) {
    this.#driverId = driverId;
    this.#outbox = outbox;
    this.#maxFixes = maxFixes;
    this.#onRejected = onRejected;
    this.#window = new Window(outbox);
    const owner = {
      opened: () => this.#opened(),
      received: (/** @type {HubMessage} */ message) => this.#received(message),
      closed: () => this.#closed(),
      quiet: () => this.#link.open && this.#link.send({ type: "ping" }),
      ended: (/** @type {Error} */ reason) => this.#fail(reason),
    };
    this.#link = new Link(url, options, owner, { quietAfter: QUIET_AFTER, deadAfter: DEAD_AFTER });
    outbox.onError = (error) => this.#link.end(error);
    this.#link.start();
  }

  /** Fixes in the outbox: accepted here and not yet durable at the hub. */
  get pending() {
    return this.#outbox.size;
  }

  /** @returns {State} */
  get state() {
    return this.#link.state;
  }

  /** Call `listener` with the state, now and after each change; returns a function that ends this.
   * @param {(state: State) => void} listener */
  onState(listener) {
    return this.#link.onState(listener);
  }

  /**
   * Put a fix into the outbox and return its `msgNo`; it is sent in the background. Rejects with `TypeError` or
   * `RangeError` for a fix that cannot be sent, with the error of an outbox that cannot store it, and with `Refused`
   * when the client has stopped.
   * @param {NewFix} fix
   */
  async send(fix) {
    // The time of receipt would differ for a fix that is sent twice.
    const encoded = encode({ ...fix, driverId: fix.driverId ?? this.#driverId, recordedAt: fix.recordedAt ?? new Date() });
    this.#published += 1;
    if (this.#published % YIELD_EVERY === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    this.#check();
    while (this.#outbox.size + this.#storing >= this.#maxFixes) await this.#settling();
    this.#storing += 1;
    let number;
    try {
      number = await this.#outbox.put(encoded);
    } finally {
      this.#storing -= 1;
      this.#settled();
    }
    this.#pump();
    return number;
  }

  /** Wait until everything is acked or rejected. Rejects with `Refused` when the client has stopped. */
  async flush() {
    this.#check();
    while (this.pending + this.#storing > 0) await this.#settling();
  }

  /** Disconnect without waiting for acks; `flush` waits. Unacknowledged fixes stay in the outbox, which is closed. */
  async close() {
    this.#failure ??= new Error("the client is closed");
    this.#link.stop();
    this.#settled();
    if (this.pending && !this.#outbox.durable) {
      console.warn(`closed with ${this.pending} unacknowledged fixes in memory: they are lost`);
    }
    await this.#outbox.close();
  }

  #check() {
    if (this.#failure) throw this.#failure;
  }

  async #settling() {
    await new Promise((resolve) => this.#waiters.push(() => resolve(undefined)));
    this.#check();
  }

  #settled() {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resume of waiters) resume();
  }

  /** @param {Error} reason */
  #fail(reason) {
    this.#failure ??= reason;
    this.#settled();
  }

  #opened() {
    this.#link.live();
    this.#window.restart();
    this.#pump();
  }

  #closed() {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#leaving = false;
  }

  #pump() {
    while (this.#link.open && !this.#leaving && this.#pause === undefined) {
      const before = this.#window.inFlight;
      const message = this.#window.nextMessage();
      if (message === null) return;
      this.sent += this.#window.inFlight - before;
      this.#link.send(message);
    }
  }

  /** @param {HubMessage} message */
  #received(message) {
    switch (message.type) {
      case "ack":
        this.acked += this.#window.acked(message.msgNo);
        this.#link.proved();
        break;
      case "error":
        this.#refused(message);
        break;
      case "bye":
        this.#leaving = true;
        break;
      default:
        return;
    }
    this.#settled();
    this.#pump();
  }

  /** @param {ErrorMessage} error */
  #refused(error) {
    const { msgNo, retryMs, code, field, detail } = error;
    if (msgNo === undefined) {
      // The hub refuses a whole message: its fixes would never be acknowledged.
      this.#link.end(new Refused(code, detail));
    } else if (retryMs !== undefined) {
      this.#window.nacked(msgNo);
      clearTimeout(this.#pause);
      // A hub without its log refuses all clients at once; jitter spreads their return.
      this.#pause = setTimeout(() => {
        this.#pause = undefined;
        this.#pump();
      }, retryMs * (1 + Math.random() / 2));
    } else {
      const fix = this.#window.rejected(msgNo);
      if (fix === undefined) return;
      this.rejected += 1;
      this.#onRejected({ msgNo, code, field, detail, fix: JSON.parse(fix) });
    }
  }
}

/** The JSON of a fix.
 * @param {NewFix} fix */
function encode(fix) {
  for (const name of NUMBERS) {
    const value = fix[name];
    if (value === undefined && name !== "latitude" && name !== "longitude") continue;
    if (!Number.isFinite(value)) throw new TypeError(`${name}: must be a finite number, not ${value}`);
  }
  if (fix.recordedAt instanceof Date && Number.isNaN(fix.recordedAt.getTime())) {
    throw new TypeError("recordedAt: must be a valid time");
  }
  // Numbers are given by the outbox, and the last value of a repeated key would count.
  const { msgNo: _, type: __, ...values } = /** @type {NewFix & {msgNo?: number, type?: string}} */ (fix);
  const encoded = JSON.stringify(values);
  const { length } = new TextEncoder().encode(encoded);
  if (length > MAX_FIX_BYTES) throw new RangeError(`a fix of ${length} bytes; the hub accepts at most 1 KiB of attributes`);
  return encoded;
}

/** Default handler of rejections: a warning without coordinates.
 * @param {Rejection} rejection */
function report({ msgNo, code, field, detail }) {
  console.warn(`fix ${msgNo} rejected: ${code}: ${field ? `${field}: ` : ""}${detail}`);
}
