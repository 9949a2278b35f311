export type State = {
    name: "connecting" | "live" | "reconnecting" | "stale" | "ended";
    heard: number | null;
    retryAt: number | null;
    reason: string;
};
export type LinkOptions = {
    token?: string | (() => string | Promise<string>);
    ticket?: () => Promise<string | null>;
    WebSocket?: any;
};
export type LinkOwner = {
    opened: () => void;
    received: (message: any) => void;
    closed: () => void;
    quiet: () => void;
    ended: (reason: Error) => void;
};
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
export declare class Link {
    #private;
    /** @type {State} */
    state: State;
    /**
     * A socket is given up after `deadAfter` milliseconds without a message.
     * @param {string} url
     * @param {LinkOptions} options
     * @param {LinkOwner} owner
     * @param {{quietAfter: number, deadAfter: number}} patience
     */
    constructor(url: string, options: LinkOptions, owner: LinkOwner, patience: {
        quietAfter: number;
        deadAfter: number;
    });
    /** Whether messages can be sent. */
    get open(): boolean;
    start(): void;
    stop(): void;
    /** End for good: the hub refuses this client.
     * @param {Error} reason */
    end(reason: Error): void;
    /** @param {object | string} message an object, or its JSON */
    send(message: object | string): void;
    /** The connection works: after the next loss the delay is short again. Not called after the handshake, because a hub
     * that accepts and closes would be called without pause. */
    proved(): void;
    live(): void;
    /** @param {Partial<State>} change */
    set(change: Partial<State>): void;
    /** Call `listener` with the state, now and after each change; returns a function that ends this.
     * @param {(state: State) => void} listener */
    onState(listener: (state: State) => void): () => boolean;
}
/** URL of the socket: with the path `/ws` by default, and without the plain subscription to the whole fleet. Throws
 * `TypeError` for any other scheme than `ws` and `wss`.
 * @param {string} url */
export declare function endpoint(url: string): string;
