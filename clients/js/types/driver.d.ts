import { Outbox } from "./outbox.js";
import type { ErrorMessage, Fix } from "../types/messages.js";
import type { LinkOptions, State } from "./link.js";
export type NewFix = Omit<Fix, "msgNo" | "type" | "recordedAt"> & {
    recordedAt?: Date | string | number;
};
export type Rejection = {
    msgNo: number;
    code: ErrorMessage["code"];
    field?: string;
    detail: string;
    fix: Fix;
};
export type DriverOptions = LinkOptions & {
    driverId?: string;
    outbox?: Outbox;
    maxFixes?: number;
    onRejected?: (rejection: Rejection) => void;
};
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
export declare class DriverClient {
    #private;
    /** Fixes sent (repetitions count), acknowledged, and refused. */
    sent: number;
    acked: number;
    rejected: number;
    /**
     * @param {string} url of the socket, such as `wss://host/ws`
     * @param {DriverOptions} [options]
     */
    constructor(url: string, { driverId, outbox, maxFixes, onRejected, ...options }?: DriverOptions);
    /** Fixes in the outbox: accepted here and not yet durable at the hub. */
    get pending(): number;
    /** @returns {State} */
    get state(): State;
    /** Call `listener` with the state, now and after each change; returns a function that ends this.
     * @param {(state: State) => void} listener */
    onState(listener: (state: State) => void): () => boolean;
    /**
     * Put a fix into the outbox and return its `msgNo`; it is sent in the background. Rejects with `TypeError` or
     * `RangeError` for a fix that cannot be sent, with the error of an outbox that cannot store it, and with `Refused`
     * when the client has stopped.
     * @param {NewFix} fix
     */
    send(fix: NewFix): Promise<number>;
    /** Wait until everything is acked or rejected. Rejects with `Refused` when the client has stopped. */
    flush(): Promise<void>;
    /** Disconnect without waiting for acks; `flush` waits. Unacknowledged fixes stay in the outbox, which is closed. */
    close(): Promise<void>;
}
