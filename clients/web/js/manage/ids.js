// Ids proposed from names: what a user would type, without what an id may not have.

/** Letters that do not decompose into a base letter and marks. */
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i" };
const LONGEST = 64;

/**
 * An id for a name, such as truck-17 for "Truck 17"; empty for a name without Latin letters and digits.
 * @param {string} name
 */
export function idFrom(name) {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[ßæœøđðþłı]/g, (letter) => LETTERS[/** @type {keyof typeof LETTERS} */ (letter)])
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
}

/**
 * The id with a number, for one that is taken: truck-17-2.
 * @param {string} id
 * @param {number} number
 */
export function numbered(id, number) {
  const tail = `-${number}`;
  return id.slice(0, LONGEST - tail.length) + tail;
}
