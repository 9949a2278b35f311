// What the registry has of each driver: its name, phone number and threshold, and the vehicle that it drives.

const PAGE = 1_000;

/** @import { Entry, Reader, Vehicle } from "./types.js" */

/**
 * `of(driverId)` is the entry of a registered driver, or undefined; `read()` reads all of them again, and resolves to the
 * ids of those that changed.
 * @param {Reader} api
 */
export function createRegistry(api) {
  /** @type {Map<string, Entry>} */
  let entries = new Map();

  /**
   * @param {string} path
   * @param {string} name of the list in the answer
   * @returns {Promise<any[]>}
   */
  async function list(path, name) {
    const items = [];
    /** @type {string | undefined} */
    let cursor;
    do {
      const { data } = await api.get(path, { limit: PAGE, cursor });
      items.push(...data[name]);
      cursor = data.next;
    } while (cursor);
    return items;
  }

  return {
    /** @param {string} driverId */
    of: (driverId) => entries.get(driverId),

    /** Rejects with `ApiError`; then the entries stay. */
    async read() {
      const [drivers, vehicles] = await Promise.all([list("/api/v1/fleet/drivers", "drivers"), list("/api/v1/fleet/vehicles", "vehicles")]);
      /** @type {Map<string, Vehicle>} */
      const driven = new Map();
      for (const { driverId, vehicleId, name, plate, type } of vehicles) if (driverId) driven.set(driverId, { vehicleId, name, plate, type });
      /** @type {Map<string, Entry>} */
      const fresh = new Map();
      for (const { driverId, name, phone, staleAfter } of drivers) {
        fresh.set(driverId, { name: name || undefined, phone: phone || undefined, staleAfter: staleAfter ?? undefined, vehicle: driven.get(driverId) });
      }
      const changed = [...new Set([...entries.keys(), ...fresh.keys()])].filter((id) => JSON.stringify(entries.get(id)) !== JSON.stringify(fresh.get(id)));
      entries = fresh;
      return changed;
    },
  };
}
