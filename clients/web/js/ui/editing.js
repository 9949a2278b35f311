// Editing beside others: who was slower is shown both versions, and nothing that was typed is lost.

/** What three versions of a row say together: `base` is what the editing began with, `theirs` what there is now, `mine`
 * what was typed. Resolves each of `keys` to `taken` (only theirs changed), or `conflict` (both did, differently). */
export function compare(keys, base, theirs, mine) {
  const taken = [];
  const conflicts = [];
  for (const key of keys) {
    if (theirs[key] === base[key] || theirs[key] === mine[key]) continue;
    (mine[key] === base[key] ? taken : conflicts).push(key);
  }
  return { taken, conflicts };
}

/** What of `mine` differs from `base`: the body of a PATCH. */
export function changes(keys, base, mine) {
  return Object.fromEntries(keys.filter((key) => mine[key] !== base[key]).map((key) => [key, mine[key]]));
}

export const versionOf = (row) => `"${row.version}"`;
