// State of a subscription: latest position and presence of each driver, kept current by the hub's messages.

/** @import { HubMessage, LocationMessage, StatusMessage } from "../types/messages.js" */

/** `apply` takes every message in order. `latest` and `presence` are keyed by driver id. A position that was received from
 * another hub has `seq` 0 until a newer one comes: its number says nothing here. */
export class View {
  /** @type {string | null} */
  #epoch = null;
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
        if (known && (known.seq >= message.seq || (!known.seq && measuredAt(message) <= measuredAt(known)))) return false;
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
        if (message.epoch !== this.#epoch) {
          this.#epoch = message.epoch;
          for (const [driverId, known] of this.latest) this.latest.set(driverId, { ...known, seq: 0 });
        }
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

/** Milliseconds since the epoch, corrected where the device's clock is wrong.
 * @param {LocationMessage} location */
function measuredAt({ recordedAt, clockOffset }) {
  return Date.parse(recordedAt) - (clockOffset ?? 0) * 1_000;
}
