// The socket: subscriptions and reconnecting. docs/protocol.md is the contract.

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** Milliseconds that a heartbeat may be late before the picture counts as stale. */
const SLACK = 2_000;
/** Heartbeats that may be missed before the socket counts as dead. */
const PATIENCE = 2.5;
/** Milliseconds that a timer may be late while the page is not suspended. */
const LATE = 500;
/** Close codes below 4500 after which the page does not reconnect. */
const FINAL = new Set([1000, 1002, 1003, 1007, 1008, 1009]);

/** @import { Answered, Area, Message, Request, State, Timer } from "./types.js" */

/**
 * `watch(area, maxHz)` subscribes `map` to `{bbox}` or `{all: true}`, and moves it there; `follow(driverId | null)`
 * subscribes `follow`. `onMessage(fn)` gets each message and `onState(fn)` each `state`:
 * `{name, heard, retryAt, reason}`, where `name` is `connecting`, `live`, `reconnecting` (lost, trying again), `stale`
 * (open but silent, or lost for long) or `ended` (not coming back: `reason`), and `heard` is when the hub was last heard (epoch milliseconds, or null).
 * @param {{session: {ticket: () => Promise<string | null>}, heartbeatInterval: number, url?: string}} parts
 */
export function createConnection({ session, heartbeatInterval, url = socketUrl() }) {
  /** @type {Set<(message: Message) => void>} */
  const messageListeners = new Set();
  /** @type {Set<(state: State) => void>} */
  const stateListeners = new Set();
  /** @type {Map<string, Request>} */
  const wanted = new Map();
  /** Subscription id -> how far it is, as of the hub's answers: see `resume`. @type {Map<string, Answered>} */
  const answered = new Map();
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {State} */
  let state = { name: "connecting", heard: null, retryAt: null, reason: "" };
  let failures = 0;
  let asked = 0;
  /** @type {Timer} */
  let retry;
  /** @type {Timer} */
  let watchdog;
  /** Whether the state is `stale` because an open socket is silent. */
  let quiet = false;
  let started = false;

  /** @param {Partial<State>} change */
  function set(change) {
    state = { ...state, ...change };
    for (const listener of stateListeners) listener(state);
  }

  async function open() {
    clearTimeout(retry);
    retry = undefined;
    let ticket;
    try {
      ticket = await session.ticket();
    } catch (caught) {
      const error = /** @type {{status?: number, message: string}} */ (caught);
      if (!started) return;
      // Not logged in any more: the session shows the login, and reconnects after it.
      if (error.status === 401 || error.status === 403) end(error.message);
      else lost();
      return;
    }
    if (!started || socket) return;
    const opened = new WebSocket(ticket ? `${url}&ticket=${encodeURIComponent(ticket)}` : url, ["hub.v1"]);
    socket = opened;
    quiet = false;
    watchSilence();
    opened.onopen = () => {
      if (socket !== opened) return;
      for (const id of wanted.keys()) resume(id);
    };
    opened.onmessage = (event) => {
      if (socket === opened) receive(JSON.parse(event.data));
    };
    opened.onclose = (event) => {
      if (socket !== opened) return;
      socket = null;
      clearTimeout(watchdog);
      const final = FINAL.has(event.code) || event.code >= 4500;
      if (final) end(event.reason || `code ${event.code}`);
      else lost();
    };
  }

  function lost() {
    // Full jitter: a thousand screens lose their hub at the same moment.
    const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures);
    const delay = asked + Math.random() * ceiling;
    failures = Math.min(failures + 1, 16);
    asked = 0;
    set({ name: state.heard === null ? "connecting" : "reconnecting", retryAt: Date.now() + delay });
    clearTimeout(retry);
    retry = setTimeout(open, delay);
  }

  /** @param {string} reason */
  function end(reason) {
    started = false;
    drop();
    set({ name: "ended", retryAt: null, reason });
  }

  function drop() {
    clearTimeout(watchdog);
    clearTimeout(retry);
    const closing = socket;
    socket = null;
    closing?.close();
  }

  function watchSilence() {
    clearTimeout(watchdog);
    const patience = PATIENCE * heartbeatInterval * 1000;
    const first = Math.min(patience, heartbeatInterval * 1000 + SLACK);
    afterSilence(first, () => {
      if (state.name === "live") {
        quiet = true;
        set({ name: "stale" });
      }
      afterSilence(patience - first, () => {
        drop();
        set({ name: state.heard === null ? "connecting" : "stale", retryAt: Date.now() });
        open();
      });
    });
  }

  /**
   * @param {number} delay
   * @param {() => void} act
   */
  function afterSilence(delay, act) {
    const due = performance.now() + delay;
    watchdog = setTimeout(() => {
      // Much too late: the page was suspended, and messages of the hub may be waiting.
      if (performance.now() - due > LATE) watchSilence();
      else act();
    }, delay);
  }

  /** @param {Message} message */
  function receive(message) {
    watchSilence();
    state.heard = Date.now();
    if (quiet) {
      quiet = false;
      set({ name: "live" });
    }
    const subscription = "id" in message ? answered.get(message.id ?? "") : undefined;
    switch (message.type) {
      case "subscribed":
        if (subscription) subscription.epoch = message.epoch;
        break;
      case "synced":
        if (subscription) {
          subscription.moves -= 1;
          subscription.seq = message.seq;
          failures = 0;
          if (state.name !== "live") set({ name: "live", retryAt: null });
        }
        break;
      case "heartbeat":
        for (const each of answered.values()) if (each.moves === 0) each.seq = message.seq;
        break;
      case "bye":
        asked = message.retryMs ?? 0;
        break;
    }
    for (const listener of messageListeners) listener(message);
  }

  /** Subscribe again on a new socket: from the last number, if the hub had answered everything; and to the previous
   * area, since only drivers that moved are sent. If the map shows another area by now, the subscription is moved there.
   * @param {string} id */
  function resume(id) {
    const before = answered.get(id);
    const request = /** @type {Request} */ (wanted.get(id));
    if (before && before.moves === 0 && before.seq !== null) {
      const { area, maxHz, epoch, seq } = before;
      answered.set(id, { ...before, moves: 1 });
      send({ type: "subscribe", id, ...area, maxHz, since: { epoch, seq } });
      if (!same(before, request)) subscribe(id);
    } else {
      answered.delete(id);
      subscribe(id);
    }
  }

  /** @param {string} id */
  function subscribe(id) {
    const { area, maxHz } = /** @type {Request} */ (wanted.get(id));
    const before = answered.get(id);
    answered.set(id, { area, maxHz, epoch: before?.epoch ?? null, seq: before?.seq ?? null, moves: (before?.moves ?? 0) + 1 });
    send({ type: "subscribe", id, ...area, maxHz });
  }

  /** @param {object} message */
  function send(message) {
    socket?.send(JSON.stringify(message));
  }

  /**
   * @param {string} id
   * @param {Request} request
   */
  function want(id, request) {
    const before = wanted.get(id);
    if (before && same(before, request)) return;
    wanted.set(id, request);
    if (socket?.readyState === WebSocket.OPEN) subscribe(id);
  }

  // A laptop that wakes up, or has its network again, reconnects at once.
  const hurry = () => {
    if (started && retry !== undefined && document.visibilityState === "visible") open();
  };
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);

  return {
    start() {
      if (started) return;
      started = true;
      set({ name: "connecting", reason: "" });
      open();
    },
    stop() {
      started = false;
      drop();
    },
    /** A fresh access token for the open socket, so that it does not end with the one it was opened with.
     * @param {string} token */
    renew(token) {
      if (socket?.readyState === WebSocket.OPEN) send({ type: "auth", token });
    },
    /** @type {(area: Area, maxHz: number) => void} */
    watch: (area, maxHz) => want("map", { area, maxHz }),
    /** @param {string | null} driverId */
    follow(driverId) {
      if (driverId !== null) return want("follow", { area: { drivers: [driverId] }, maxHz: 20 });
      if (wanted.delete("follow")) {
        answered.delete("follow");
        if (socket?.readyState === WebSocket.OPEN) send({ type: "unsubscribe", id: "follow" });
      }
    },
    /** @param {(message: Message) => void} listener */
    onMessage(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
    /** @param {(state: State) => void} listener */
    onState(listener) {
      stateListeners.add(listener);
      listener(state);
      return () => stateListeners.delete(listener);
    },
    get state() {
      return state;
    },
  };
}

/**
 * @param {Request} one
 * @param {Request} other
 */
function same(one, other) {
  return one.maxHz === other.maxHz && JSON.stringify(one.area) === JSON.stringify(other.area);
}

function socketUrl() {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws?subscribe=none`;
}
