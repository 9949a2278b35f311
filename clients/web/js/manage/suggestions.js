// Suggestions for fields of the management.

import { DRIVERS } from "./paths.js";

/** Drivers whose id or name has a text, as what a field suggests. */
export async function suggestDrivers(api, text) {
  const { data } = await api.get(DRIVERS, { q: text, limit: 20 });
  return data.drivers.map((each) => [each.driverId, each.name]);
}
