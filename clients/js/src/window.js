// Fixes in flight over a connection, and the effect of the hub's answers on them. No I/O.

/** @import { Outbox } from "./outbox.js" */

const encoder = new TextEncoder();

/**
 * Go-back-N over the fixes of an outbox, without a socket.
 *
 * At most `maxInFlight` fixes are unacknowledged: few enough that a lost connection resends little, and enough to send
 * the next message while the hub stores the last one. A message has at most `maxBatch` fixes and `maxBytes` bytes, the
 * hub's limits.
 */
export class Window {
  /** Numbers of the fixes in flight, rising. @type {number[]} */
  #sent = [];
  #cursor = 0;
  #outbox;
  #limits;

  /**
   * @param {Outbox} outbox
   * @param {{maxBatch?: number, maxBytes?: number, maxInFlight?: number}} [limits]
   */
  constructor(outbox, { maxBatch = 500, maxBytes = 60_000, maxInFlight = 2_000 } = {}) {
    this.#outbox = outbox;
    this.#limits = { maxBatch, maxBytes, maxInFlight };
  }

  /** Fixes sent over this connection and not acknowledged. */
  get inFlight() {
    return this.#sent.length;
  }

  /** A new connection: no fix has been sent over it. */
  restart() {
    this.#sent = [];
    this.#cursor = 0;
  }

  /** The next message to send: one fix or an array; null when all fixes are sent or enough are in flight.
   * @returns {string | null} */
  nextMessage() {
    const { maxBatch, maxBytes, maxInFlight } = this.#limits;
    // Room for a whole batch is required: otherwise messages would become small under load.
    if (this.#sent.length > maxInFlight - maxBatch) return null;
    const fixes = [];
    let size = 0;
    for (const [number, fix] of this.#outbox.after(this.#cursor, maxBatch)) {
      const numbered = `{"msgNo":${number},${fix.slice(1)}`;
      size += encoder.encode(numbered).length + 1;
      if (size > maxBytes && fixes.length > 0) break;
      fixes.push(numbered);
      this.#sent.push(number);
      this.#cursor = number;
    }
    if (fixes.length === 0) return null;
    return fixes.length === 1 ? fixes[0] : `[${fixes.join(",")}]`;
  }

  /** The hub has stored everything up to `msgNo`; returns the number of fixes removed.
   * @param {number} msgNo */
  acked(msgNo) {
    const through = Math.min(msgNo, this.#cursor);
    this.#sent = this.#sent.filter((number) => number > through);
    return this.#outbox.removeThrough(through);
  }

  /** The hub has not stored `msgNo` and later fixes: send them again.
   * @param {number} msgNo */
  nacked(msgNo) {
    this.#sent = this.#sent.filter((number) => number < msgNo);
    this.#cursor = Math.min(this.#cursor, msgNo - 1);
  }

  /** The hub refuses this fix for good. Returns it; undefined if it is not in the outbox (a second refusal).
   * @param {number} msgNo */
  rejected(msgNo) {
    this.#sent = this.#sent.filter((number) => number !== msgNo);
    return this.#outbox.remove(msgNo);
  }
}
