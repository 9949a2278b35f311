// Creates drivers and vehicles under proposed ids.

import { numbered } from "./ids.js";

/** Numbers that are tried for a proposed id that is taken. */
const TRIES = 20;

/**
 * Creates an entry and returns it. Where its id was proposed and is taken, the next number is appended to it.
 * @param {any} api
 * @param {string} path
 * @param {string} key of the id
 * @param {Record<string, any>} body
 * @param {Set<string>} proposed
 */
export async function createNumbered(api, path, key, body, proposed) {
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? body[key] : numbered(body[key], number);
    try {
      return (await api.post(path, { ...body, [key]: id })).data;
    } catch (error) {
      const taken = error.status === 409 && error.errors?.some(({ field }) => field === key);
      if (!taken || !proposed.has(key) || number === TRIES) throw error;
    }
  }
}
