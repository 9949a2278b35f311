// An outbox in IndexedDB, for browsers.

import { Outbox, OutboxInUse } from "./outbox.js";

const FIXES = "fixes";

/** @import { Store } from "./outbox.js" */

/**
 * Open the outbox of this name, which is kept with the data of the site. It survives a reload, a crash of the browser
 * and its termination; a power cut may lose the last moments. Where the browser refuses IndexedDB to the page, the
 * outbox is in memory and `durable` is false.
 *
 * Rejects with `OutboxInUse` if another tab has it open, where the browser has locks (HTTPS and localhost). Elsewhere two
 * tabs may send a fix twice, which is harmless.
 * @param {string} name
 */
export async function openBrowserOutbox(name) {
  const key = `location-hub-outbox-${name}`;
  const release = await exclusive(key, name);
  try {
    const database = await opened(key);
    if (database === null) {
      release();
      return new Outbox();
    }
    const fixes = database.transaction(FIXES).objectStore(FIXES);
    const [numbers, values] = await Promise.all([result(fixes.getAllKeys()), result(fixes.getAll())]);
    const waiting = numbers.map((number, index) => /** @type {[number, string]} */ ([number, values[index]]));
    return new Outbox(store(database, release), new Map(waiting));
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * @param {IDBDatabase} database
 * @param {() => void} release
 * @returns {Store}
 */
function store(database, release) {
  /**
   * @template T
   * @param {(fixes: IDBObjectStore) => T} act
   * @returns {Promise<T>}
   */
  const write = (act) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(FIXES, "readwrite", { durability: "relaxed" });
      const acted = act(transaction.objectStore(FIXES));
      transaction.oncomplete = () => resolve(acted);
      transaction.onabort = () => reject(transaction.error);
    });
  return {
    // The database numbers the fixes: two tabs never use the same number.
    put: async (fix) => Number((await write((fixes) => fixes.add(fix))).result),
    // One by one: a range could contain a fix of another tab.
    remove: (numbers) => write((fixes) => numbers.forEach((number) => fixes.delete(number))),
    close() {
      database.close();
      release();
    },
  };
}

/** @param {string} key
 * @returns {Promise<IDBDatabase | null>} null where the browser refuses it to the page */
async function opened(key) {
  try {
    const request = indexedDB.open(key, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(FIXES, { autoIncrement: true });
    return await result(request);
  } catch (error) {
    console.warn("IndexedDB is not available; fixes are kept in memory only:", error);
    return null;
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Take the lock of an outbox; returns the function that releases it. Rejects with `OutboxInUse`.
 * @param {string} key
 * @param {string} name
 * @returns {Promise<() => void>}
 */
function exclusive(key, name) {
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(key, { ifAvailable: true }, (lock) => {
        if (!lock) throw new OutboxInUse(`${name}: another tab has this outbox open`);
        return new Promise((release) => resolve(() => release(undefined)));
      })
      .catch(reject);
  });
}
