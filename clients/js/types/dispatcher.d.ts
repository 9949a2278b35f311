import type { LeftMessage, LocationMessage, StatusMessage, SubscribedMessage, SyncedMessage, HeartbeatMessage, TripMessage } from "../types/messages.js";
import type { LinkOptions, State } from "./link.js";
import type { Area } from "./subscriber.js";
export type Event = LocationMessage | LeftMessage | StatusMessage | TripMessage | SubscribedMessage | SyncedMessage | HeartbeatMessage;
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
export declare class DispatcherClient {
    #private;
    /**
     * @param {string} url of the socket, such as `wss://host/ws`
     * @param {LinkOptions & {heartbeatInterval?: number}} [options]
     */
    constructor(url: string, options?: LinkOptions & {
        heartbeatInterval?: number;
    });
    /** Driver id -> latest position. */
    get latest(): Map<string, LocationMessage>;
    /** Driver id -> `online`, `stale` or `offline`. */
    get presence(): Map<string, "offline" | "online" | "stale">;
    /** @returns {State} */
    get state(): State;
    /** Connect and subscribe to an area; later calls move the subscription: drivers in both areas are not sent again, and
     * drivers outside the new one get a `left`. Throws `TypeError` unless the area has exactly one kind.
     * @param {Area} area */
    subscribe(area: Area): void;
    /** Disconnect. `subscribe` connects again. */
    close(): void;
    /** A fresh token for the open socket, so that it does not end with the one that it was opened with.
     * @param {string} token */
    renew(token: string): void;
    /** Call `listener` with each event, after `latest` and `presence` have changed; returns a function that ends this.
     * @param {(event: Event) => void} listener */
    onEvent(listener: (event: Event) => void): () => boolean;
    /** Call `listener` with the state, now and after each change; returns a function that ends this.
     * @param {(state: State) => void} listener */
    onState(listener: (state: State) => void): () => boolean;
}
