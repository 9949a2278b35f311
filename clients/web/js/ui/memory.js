// What the page remembers for a user over reloads: view of the map, sorting, filter. Losing it costs a click, so nothing fails
// because of it: a browser may refuse storage, have it full, or hold something else under the name.

/** Milliseconds between the last change and writing it: a map that is dragged changes its view with each frame. */
const SOON = 300;

/**
 * `get(key)` is a value or undefined; `set(key, value)` keeps one that JSON can hold, undefined for none. Users of one browser
 * have memories of their own; those of two tabs are one, of which the last change counts, key by key.
 * @param {string} user
 * @param {() => Storage} [storage] throws where the page may not have one
 */
export function createMemory(user, storage = () => localStorage) {
  const name = `hub-screen:${user}`;
  /** @type {Map<string, unknown>} */
  const changed = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @returns {Record<string, unknown>} */
  function read() {
    try {
      const found = JSON.parse(storage().getItem(name) ?? "{}");
      return found && typeof found === "object" && !Array.isArray(found) ? found : {};
    } catch {
      return {};
    }
  }

  function write() {
    clearTimeout(timer);
    timer = undefined;
    if (changed.size === 0) return;
    try {
      storage().setItem(name, JSON.stringify({ ...read(), ...Object.fromEntries(changed) }));
      changed.clear();
    } catch (error) {
      console.info("What this page remembers could not be stored:", error);
    }
  }

  // A page that is closed at once after a change.
  globalThis.addEventListener?.("pagehide", write);
  return {
    /** @param {string} key */
    get: (key) => (changed.has(key) ? changed.get(key) : read()[key]),
    /**
     * @param {string} key
     * @param {unknown} value
     */
    set(key, value) {
      changed.set(key, value);
      timer ??= setTimeout(write, SOON);
    },
    write,
  };
}
