import type { Outbox } from "./outbox.js";
/**
 * Go-back-N over the fixes of an outbox, without a socket.
 *
 * At most `maxInFlight` fixes are unacknowledged: few enough that a lost connection resends little, and enough to send
 * the next message while the hub stores the last one. A message has at most `maxBatch` fixes and `maxBytes` bytes, the
 * hub's limits.
 */
export declare class Window {
    #private;
    /**
     * @param {Outbox} outbox
     * @param {{maxBatch?: number, maxBytes?: number, maxInFlight?: number}} [limits]
     */
    constructor(outbox: Outbox, { maxBatch, maxBytes, maxInFlight }?: {
        maxBatch?: number;
        maxBytes?: number;
        maxInFlight?: number;
    });
    /** Fixes sent over this connection and not acknowledged. */
    get inFlight(): number;
    /** A new connection: no fix has been sent over it. */
    restart(): void;
    /** The next message to send: one fix or an array; null when all fixes are sent or enough are in flight.
     * @returns {string | null} */
    nextMessage(): string | null;
    /** The hub has stored everything up to `msgNo`; returns the number of fixes removed.
     * @param {number} msgNo */
    acked(msgNo: number): number;
    /** The hub has not stored `msgNo` and later fixes: send them again.
     * @param {number} msgNo */
    nacked(msgNo: number): void;
    /** The hub refuses this fix for good. Returns it; undefined if it is not in the outbox (a second refusal).
     * @param {number} msgNo */
    rejected(msgNo: number): string | undefined;
}
