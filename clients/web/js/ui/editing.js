// Concurrent edits: the second user to save sees both versions, and no input is lost.

/** Merges three versions of a row: `base` from the start of editing, `theirs` the current one, `mine` as typed. Resolves
 * each of `keys` to `taken` (only theirs changed), or `conflict` (both did, differently).
 * @typedef {Record<string, any>} Row
 * @param {string[]} keys
 * @param {Row} base
 * @param {Row} theirs
 * @param {Row} mine */
export function compare(keys, base, theirs, mine) {
  /** @type {string[]} */
  const taken = [];
  /** @type {string[]} */
  const conflicts = [];
  for (const key of keys) {
    if (theirs[key] === base[key] || theirs[key] === mine[key]) continue;
    (mine[key] === base[key] ? taken : conflicts).push(key);
  }
  return { taken, conflicts };
}

/** The fields of `mine` that differ from `base`: the body of a PATCH.
 * @param {string[]} keys
 * @param {Row} base
 * @param {Row} mine */
export function changes(keys, base, mine) {
  return Object.fromEntries(keys.filter((key) => mine[key] !== base[key]).map((key) => [key, mine[key]]));
}

/** The entity tag of a version.
 * @param {Row} row */
export const versionOf = (row) => `"${row.version}"`;
