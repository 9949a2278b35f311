// Reads messages where the library's package was not installed, so that the page works and says what is missing: texts,
// arguments and selectors; what else Fluent has, our messages do not use.

/** The names of the library's classes. */
export class FluentResource {
  /** @param {string} source */
  constructor(source) {
    /** @type {Map<string, string>} */
    this.messages = new Map();
    // A message goes on in the lines that are indented.
    for (const [, id, value] of source.matchAll(/^([a-z][\w-]*) =(.*(?:\n[ ]+.*)*)/gm)) this.messages.set(id, value.trim());
  }
}

/** `{ $name -> … }` whose variants have no selector of their own. */
const SELECTOR = /\{\s*\$(\w+)\s*->((?:[^{}]|\{ \$\w+ \})*)\}/;

export class FluentBundle {
  /** @param {string[]} locales */
  constructor([locale]) {
    this.numbers = new Intl.NumberFormat(locale);
    this.plurals = new Intl.PluralRules(locale);
    this.messages = new Map();
  }

  /** @param {FluentResource} resource */
  addResource({ messages }) {
    for (const [id, value] of messages) this.messages.set(id, { value });
    return [];
  }

  /** @param {string} id */
  getMessage(id) {
    return this.messages.get(id);
  }

  /** @param {string} pattern @param {Record<string, any> | null} args */
  formatPattern(pattern, args) {
    const given = args ?? {};
    let text = pattern;
    // The innermost selectors have to be chosen before those around them.
    for (let match = SELECTOR.exec(text); match; match = SELECTOR.exec(text)) {
      const variants = [...match[2].matchAll(/(\*?)\[(\w+)\]([^[*]*)/g)];
      const value = given[match[1]];
      const key = typeof value === "number" ? this.plurals.select(value) : String(value);
      const [, , , chosen] = variants.find(([, , name]) => name === key) ?? variants.find(([, star]) => star);
      text = text.replace(match[0], () => chosen.trim());
    }
    return text.replaceAll(/\{ \$(\w+) \}/g, (_, name) => (typeof given[name] === "number" ? this.numbers.format(given[name]) : given[name]));
  }
}
