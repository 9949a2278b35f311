// One connection to a hub: when it is opened again, and what its state is meanwhile. docs/protocol.md is the contract.

import { Refused, finalClose, refusalOf } from "./refused.js";

/** Milliseconds: the limits of the random delay before the next attempt. A thousand clients lose their hub at once. */
const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** Milliseconds that a timer may be late while the process is not suspended. */
const LATE = 500;

/**
 * `connecting`: never connected so far. `live`. `reconnecting`: lost, trying again. `stale`: open but silent, or lost
 * for long. `ended`: not coming back, for `reason`. `heard` is when the hub was last heard and `retryAt` when the next
 * attempt is due, both in epoch milliseconds.
 * @typedef {{name: "connecting" | "live" | "reconnecting" | "stale" | "ended", heard: number | null, retryAt: number | null, reason: string}} State
 */

/**
 * `token` is the token, or a function that returns it and is called for each connection; `ticket` returns a ticket of
 * `POST /api/v1/auth/ticket`, or null on an open hub. If one of them throws an error with the `status` 401 or 403, the
 * client ends; after any other error it tries again. `WebSocket` is the class to use, by default that of the runtime.
 * @typedef {object} LinkOptions
 * @property {string | (() => string | Promise<string>)} [token]
 * @property {() => Promise<string | null>} [ticket]
 * @property {any} [WebSocket]
 */

/**
 * The functions that a link calls: `opened` after the handshake, `received` with each message, `closed` after the loss of a socket
 * that was opened, `quiet` after `quietAfter` milliseconds without a message, and `ended` when it does not come back.
 * @typedef {object} LinkOwner
 * @property {() => void} opened
 * @property {(message: any) => void} received
 * @property {() => void} closed
 * @property {() => void} quiet
 * @property {(reason: Error) => void} ended
 */

export class Link {
  /** @type {State} */
  state = { name: "connecting", heard: null, retryAt: null, reason: "" };
  /** @type {Set<(state: State) => void>} */
  #listeners = new Set();
  /** @type {any} */
  #socket = null;
  #open = false;
  #started = false;
  #failures = 0;
  /** Milliseconds that the hub asked for in `bye`. */
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watchdog;
  #url;
  #options;
  #owner;
  #patience;

  /**
   * A socket is given up after `deadAfter` milliseconds without a message.
   * @param {string} url
   * @param {LinkOptions} options
   * @param {LinkOwner} owner
   * @param {{quietAfter: number, deadAfter: number}} patience
   */
  constructor(url, options, owner, patience) {
    this.#url = endpoint(url);
    this.#options = options;
    this.#owner = owner;
    this.#patience = patience;
    if (!this.#webSocket) {
      throw new TypeError("WebSocket: this runtime has none. Pass a class as the option WebSocket, or start Node 20 with --experimental-websocket");
    }
  }

  get #webSocket() {
    return this.#options.WebSocket ?? globalThis.WebSocket;
  }

  /** Whether messages can be sent. */
  get open() {
    return this.#open;
  }

  start() {
    if (this.#started) return;
    this.#started = true;
    // A laptop that wakes up, or has its network again, reconnects at once.
    globalThis.addEventListener?.("online", this.#hurry);
    globalThis.document?.addEventListener("visibilitychange", this.#hurry);
    this.set({ name: "connecting", reason: "" });
    this.#connect();
  }

  stop() {
    this.#started = false;
    globalThis.removeEventListener?.("online", this.#hurry);
    globalThis.document?.removeEventListener("visibilitychange", this.#hurry);
    this.#drop();
  }

  /** End for good: the hub refuses this client.
   * @param {Error} reason */
  end(reason) {
    this.stop();
    this.set({ name: "ended", retryAt: null, reason: reason.message });
    this.#owner.ended(reason);
  }

  /** @param {object | string} message an object, or its JSON */
  send(message) {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The connection works: after the next loss the delay is short again. Not called after the handshake, because a hub
   * that accepts and closes would be called without pause. */
  proved() {
    this.#failures = 0;
    this.live();
  }

  live() {
    if (this.state.name !== "live") this.set({ name: "live", retryAt: null });
  }

  /** @param {Partial<State>} change */
  set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener(this.state);
  }

  /** Call `listener` with the state, now and after each change; returns a function that ends this.
   * @param {(state: State) => void} listener */
  onState(listener) {
    this.#listeners.add(listener);
    listener(this.state);
    return () => this.#listeners.delete(listener);
  }

  #hurry = () => {
    if (this.#started && this.#retry !== undefined && globalThis.document?.visibilityState !== "hidden") this.#connect();
  };

  async #connect() {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const { token, ticket } = this.#options;
    let url = this.#url;
    const protocols = ["hub.v1"];
    let bearer;
    try {
      const single = await ticket?.();
      if (single) url += `&ticket=${encodeURIComponent(single)}`;
      bearer = typeof token === "function" ? await token() : token;
      // Browsers cannot set headers.
      if (bearer) protocols.push(`bearer.${bearer}`);
    } catch (caught) {
      if (this.#started) this.#failed(caught);
      return;
    }
    if (!this.#started || this.#socket) return;
    const socket = new this.#webSocket(url, protocols);
    this.#socket = socket;
    this.#watch();
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#open = true;
      this.#owner.opened();
    };
    socket.onmessage = (/** @type {{data: string}} */ event) => {
      if (this.#socket === socket) this.#receive(JSON.parse(event.data));
    };
    socket.onclose = (/** @type {{code: number, reason: string}} */ event) => this.#gone(socket, bearer, event);
    // After an error a browser closes the socket with 1006; the WebSocket of Node 20 sends no close event at all.
    socket.onerror = () => this.#gone(socket, bearer, { code: 1006, reason: "" });
  }

  /** @param {any} caught thrown by `token` or `ticket` */
  #failed(caught) {
    const error = caught instanceof Error ? caught : new Error(String(caught));
    const status = /** @type {{status?: number}} */ (error).status;
    if (status === 401 || status === 403) this.end(error);
    else this.#lost();
  }

  /**
   * @param {any} socket
   * @param {string | undefined} bearer
   * @param {{code: number, reason: string}} event
   */
  async #gone(socket, bearer, { code, reason }) {
    if (this.#socket !== socket) return;
    const opened = this.#open;
    this.#socket = null;
    this.#open = false;
    clearTimeout(this.#watchdog);
    if (opened) this.#owner.closed();
    if (finalClose(code)) {
      this.end(new Refused(code, reason));
      return;
    }
    this.#lost();
    if (opened || this.#options.ticket) return;
    // A WebSocket hides the status of a refused handshake; the API tells whether the token is the reason.
    const refused = await refusalOf(this.#url, bearer);
    if (refused && this.#started && !this.#open) this.end(refused);
  }

  #lost() {
    const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures);
    const delay = this.#asked + Math.random() * ceiling;
    this.#failures = Math.min(this.#failures + 1, 16);
    this.#asked = 0;
    this.set({ name: this.state.heard === null ? "connecting" : "reconnecting", retryAt: Date.now() + delay });
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), delay);
  }

  #drop() {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const [closing, opened] = [this.#socket, this.#open];
    this.#socket = null;
    this.#open = false;
    closing?.close();
    if (opened) this.#owner.closed();
  }

  #watch() {
    clearTimeout(this.#watchdog);
    const { quietAfter, deadAfter } = this.#patience;
    this.#after(quietAfter, () => {
      this.#owner.quiet();
      this.#after(deadAfter - quietAfter, () => {
        this.#drop();
        this.set({ name: this.state.heard === null ? "connecting" : "stale", retryAt: Date.now() });
        this.#connect();
      });
    });
  }

  /**
   * @param {number} delay
   * @param {() => void} act
   */
  #after(delay, act) {
    const due = performance.now() + delay;
    this.#watchdog = setTimeout(() => {
      // Much too late: the process was suspended, and messages of the hub may be waiting.
      if (performance.now() - due > LATE) this.#watch();
      else act();
    }, delay);
  }

  /** @param {any} message */
  #receive(message) {
    this.#watch();
    this.state.heard = Date.now();
    if (message.type === "bye") this.#asked = message.retryMs ?? 0;
    this.#owner.received(message);
  }
}

/** URL of the socket: with the path `/ws` by default, and without the plain subscription to the whole fleet. Throws
 * `TypeError` for any other scheme than `ws` and `wss`.
 * @param {string} url */
export function endpoint(url) {
  if (!/^wss?:\/\/[^/]/.test(url)) throw new TypeError(`${url}: must be a WebSocket URL, such as ws://host:port/ws or wss://host/ws`);
  const parts = new URL(url);
  if (parts.pathname === "/") parts.pathname = "/ws";
  parts.searchParams.set("subscribe", "none");
  return parts.href;
}
