// Which drivers the page shows: those of a group, of a state, or all. The address of the page keeps it.

const KEYS = /** @type {const} */ (["group", "state"]);

/** @import { Filter } from "./types.js" */

/**
 * The filter of an address's query; values that are none are left out.
 * @param {string} query such as `?group=vans&state=free`
 * @returns {Filter}
 */
export function filterOf(query) {
  const given = new URLSearchParams(query);
  const [group, state] = KEYS.map((key) => given.get(key) ?? "");
  /** @type {Filter} */
  const filter = {};
  if (/^[A-Za-z0-9._:-]{1,64}$/.test(group)) filter.group = group;
  if (state === "free" || state === "busy" || state === "off_duty") filter.state = state;
  return filter;
}

/**
 * The query of a filter; other parameters of `query` stay.
 * @param {Filter} filter
 * @param {string} query
 */
export function queryOf(filter, query) {
  const params = new URLSearchParams(query);
  for (const key of KEYS) {
    const value = filter[key];
    if (value) params.set(key, value);
    else params.delete(key);
  }
  const text = params.toString();
  return text && `?${text}`;
}

/**
 * `value` is the filter, `chosen` whether it leaves out any driver; `choose({group, state})` changes the map, the list and the
 * alerts; `start()` takes the filter of the address, else the one that was remembered, before anything is read. `onChange(fn)` is called after a change.
 * @param {{connection: {choose: (filter: Filter) => void}, fleet: {choose: (filter: Filter) => void}, alerts: {choose: (group: string | undefined) => void}, memory?: {get: (key: string) => unknown, set: (key: string, value: unknown) => void}}} parts
 * `memory` keeps the filter for an address that has none.
 */
export function createFilter({ connection, fleet, alerts, memory }) {
  /** @type {Filter} */
  let value = {};
  /** @type {Set<() => void>} */
  const listeners = new Set();

  function apply() {
    connection.choose(value);
    fleet.choose(value);
    alerts.choose(value.group);
    for (const listener of listeners) listener();
  }

  /** @param {Filter} wanted its values that are none are left out */
  function write(wanted) {
    const query = queryOf(wanted, location.search);
    value = filterOf(query);
    history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
  }

  return {
    get value() {
      return value;
    },
    get chosen() {
      return Boolean(value.group ?? value.state);
    },
    /** @param {Filter} change */
    choose(change) {
      write({ ...value, ...change });
      memory?.set("filter", value);
      apply();
    },
    start() {
      value = filterOf(location.search);
      const kept = memory?.get("filter");
      if (!this.chosen && kept && typeof kept === "object") write(/** @type {Filter} */ (kept));
      if (this.chosen) apply();
    },
    /** @param {() => void} listener */
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
