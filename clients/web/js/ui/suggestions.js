// Suggestions for fields that take drivers.

const DRIVERS = "/api/v1/fleet/drivers";

/**
 * Drivers whose id or name has a text, as what a field suggests.
 * @param {any} api
 * @param {string} text
 * @returns {Promise<[string, string][]>}
 */
export async function suggestDrivers(api, text) {
  const { data } = await api.get(DRIVERS, { q: text, limit: 20 });
  return data.drivers.map((each) => [each.driverId, each.name]);
}

/**
 * The same for a field of several ids with commas: for the last one of the text; the others stay.
 * @param {any} api
 * @param {string} text
 * @returns {Promise<[string, string][]>}
 */
export async function suggestSeveral(api, text) {
  const ids = text.split(/,\s*/);
  const last = ids.pop() ?? "";
  const whole = (/** @type {string} */ one) => [...ids, one].join(", ");
  // Browsers offer what the whole text is a part of, so the name stands behind the other ids, too.
  return (await suggestDrivers(api, last)).map(([id, name]) => [whole(id), name && whole(name)]);
}
