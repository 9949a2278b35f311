// Kinds of fields whose values are not text: `text(value)` is what a user reads and enters, `value(text)` what the API takes.

/** Names, separated by commas. */
export const names = {
  /** @param {string[]} value */
  text: (value) => value.join(", "),
  /** @param {string} text */
  value: (text) => text.split(/[,\s]+/).filter(Boolean),
};

/** A number, or nothing. Any other text goes to the API as it is, which refuses it with a reason. */
export const number = {
  /** @param {number | null} value */
  text: (value) => (value === null ? "" : String(value)),
  /** @param {string} text */
  value: (text) => (text === "" ? null : Number.isFinite(Number(text)) ? Number(text) : text),
};
