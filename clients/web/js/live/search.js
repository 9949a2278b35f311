// Which of the drivers that are shown a user looks for: those of a status, and those that a text finds.

/** @import { Driver, Status } from "./types.js" */

/**
 * Without what people write differently: spaces and signs in a plate or a phone number.
 * @param {string} text
 */
export const compact = (text) => text.toLocaleLowerCase().replaceAll(/[\s().\-–/+]/gu, "");

/**
 * What a text finds a driver by: id, name, phone number, and id, name, plate and type of the vehicle.
 * @param {Driver} driver
 */
function textsOf({ driverId, name, phone, vehicle }) {
  const texts = [driverId, name, phone, vehicle?.vehicleId, vehicle?.name, vehicle?.plate, vehicle?.type];
  return texts.filter((each) => each !== undefined);
}

/**
 * Whether a text finds a driver. Plates and phone numbers are found without their spaces and signs, and a phone number also
 * as it is dialled in its country, with a 0 in place of the country's number.
 * @param {Driver} driver
 * @param {string} words
 */
export function finds(driver, words) {
  const wanted = words.trim().toLocaleLowerCase();
  if (!wanted) return true;
  const tight = compact(wanted).replace(/^0+(?=\d{4})/, "");
  return textsOf(driver).some((text) => text.toLocaleLowerCase().includes(wanted) || (tight !== "" && compact(text).includes(tight)));
}

/**
 * `status` is `all` or one of a driver, `words` a text; `choose({status, words})` changes them, and `onChange(fn)` is called
 * after it. `matches(driver)`: whether list and map show a driver.
 */
export function createSearch() {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {"all" | Status} */
  let status = "all";
  let words = "";
  return {
    get status() {
      return status;
    },
    get words() {
      return words;
    },
    /** Whether some drivers may be left out. */
    get chosen() {
      return status !== "all" || words.trim() !== "";
    },
    /** @param {{status?: "all" | Status, words?: string}} change */
    choose(change) {
      const before = [status, words].join("\n");
      ({ status, words } = { status, words, ...change });
      if ([status, words].join("\n") !== before) for (const listener of listeners) listener();
    },
    /** @param {Driver} driver */
    matches: (driver) => (status === "all" || driver.status === status) && finds(driver, words),
    /** @param {() => void} listener */
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
