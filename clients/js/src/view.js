// State of a subscription: latest position and presence of each driver, kept current by the hub's messages.

/** @import { HubMessage, LocationMessage, StatusMessage } from "../types/messages.js" */

/** `apply` takes every message in order. `latest` and `presence` are keyed by driver id. */
export class View {
  /** @type {Map<string, LocationMessage>} */
  latest = new Map();
  /** @type {Map<string, StatusMessage["status"]>} */
  presence = new Map();

  /** Apply a message; false if it changes nothing. A resume may repeat positions, and send `left` for drivers that are
   * not in the view.
   * @param {HubMessage} message */
  apply(message) {
    switch (message.type) {
      case "location": {
        const known = this.latest.get(message.driverId);
        if (known && known.seq >= message.seq) return false;
        this.latest.set(message.driverId, message);
        this.presence.set(message.driverId, "online");
        return true;
      }
      case "left":
        this.presence.delete(message.driverId);
        return this.latest.delete(message.driverId);
      case "status":
        this.presence.set(message.driverId, message.status);
        return true;
      case "state": {
        const known = this.latest.get(message.driverId);
        if (known) this.latest.set(message.driverId, { ...known, state: message.state });
        return true;
      }
      case "subscribed":
        if (message.reset) {
          this.latest.clear();
          this.presence.clear();
        }
        return true;
      default:
        return true;
    }
  }
}
