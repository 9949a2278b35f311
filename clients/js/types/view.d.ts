import type { HubMessage, LocationMessage, StatusMessage } from "../types/messages.js";
/** @import { HubMessage, LocationMessage, StatusMessage } from "../types/messages.js" */
/** `apply` takes every message in order. `latest` and `presence` are keyed by driver id. */
export declare class View {
    /** @type {Map<string, LocationMessage>} */
    latest: Map<string, LocationMessage>;
    /** @type {Map<string, StatusMessage["status"]>} */
    presence: Map<string, StatusMessage["status"]>;
    /** Apply a message; false if it changes nothing. A resume may repeat positions, and send `left` for drivers that are
     * not in the view.
     * @param {HubMessage} message */
    apply(message: HubMessage): boolean;
}
