import type { HubMessage, LocationMessage, StatusMessage } from "../types/messages.js";
/** @import { HubMessage, LocationMessage, StatusMessage } from "../types/messages.js" */
/** `apply` takes every message in order. `latest` and `presence` are keyed by driver id. A position that was received from
 * another hub has `seq` 0 until a newer one comes: its number says nothing here. */
export declare class View {
    #private;
    /** @type {Map<string, LocationMessage>} */
    latest: Map<string, LocationMessage>;
    /** @type {Map<string, StatusMessage["status"]>} */
    presence: Map<string, StatusMessage["status"]>;
    /** Apply a message; false if it changes nothing. A resume may repeat positions, and send `left` for drivers that are
     * not in the view.
     * @param {HubMessage} message */
    apply(message: HubMessage): boolean;
}
