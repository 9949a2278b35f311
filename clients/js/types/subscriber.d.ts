import type { HubMessage, Near } from "../types/messages.js";
import type { LinkOptions, State } from "./link.js";
export type Area = ({
    all: true;
} | {
    drivers: string[];
} | {
    bbox: number[];
} | {
    near: Near;
}) & {
    maxHz?: number;
    fences?: boolean | string[];
    alerts?: boolean;
    positions?: boolean;
    groups?: string[];
    state?: "free" | "busy" | "off_duty";
};
export type Answered = {
    area: Area;
    epoch: string | null;
    seq: number | null;
    resume?: string;
    moves: number;
};
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
export declare class Subscriber {
    #private;
    /**
     * @param {string} url of the socket, such as `wss://host/ws`
     * @param {LinkOptions & {heartbeatInterval?: number}} [options] `heartbeatInterval` in seconds, as `HUB_HEARTBEAT_INTERVAL`
     */
    constructor(url: string, { heartbeatInterval, ...options }?: LinkOptions & {
        heartbeatInterval?: number;
    });
    start(): void;
    stop(): void;
    /** Stop because the hub refuses what this client asks for.
     * @param {Error} reason */
    end(reason: Error): void;
    /** Subscribe, or move the subscription `id`: drivers in both areas are not sent again.
     * @param {string} id 1 to 64 characters
     * @param {Area} area */
    subscribe(id: string, area: Area): void;
    /** @param {string} id */
    unsubscribe(id: string): void;
    /** A fresh token for the open socket, so that it does not end with the one that it was opened with.
     * @param {string} token */
    renew(token: string): void;
    /** Call `listener` with each message; returns a function that ends this.
     * @param {(message: HubMessage) => void} listener */
    onMessage(listener: (message: HubMessage) => void): () => boolean;
    /** Call `listener` with the state, now and after each change; returns a function that ends this.
     * @param {(state: State) => void} listener */
    onState(listener: (state: State) => void): () => boolean;
    /** @returns {State} */
    get state(): State;
}
