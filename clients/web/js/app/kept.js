// The last known positions, kept by this browser for a page that is opened while the hub cannot be reached. They are personal data: they are
// kept only where such a page can be opened, for half a day, and deleted with the session.

import { hasWorkers } from "../ui/worker.js";

const DATABASE = "hub-last";
const STORE = "fleet";
const KEY = "last";
/** Milliseconds between two writes while the page is live. */
const EVERY = 30_000;
/** Milliseconds after which positions are of no use for finding a driver: a shift. */
const LONGEST = 12 * 3_600_000;
/** Drivers that are kept: some 2 MB. */
const MOST = 5_000;

/**
 * What is kept: `at` is when the hub was last heard, epoch milliseconds by the clock of this device; `owner` the user's id, "" on an open hub.
 * @typedef {{at: number, owner: string, username: string, timeZone: string, screen: any, drivers: any[]}} Kept
 */

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>}
 */
async function inStore(mode, work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Whether what is kept is of no use any more.
 * @param {Kept} kept */
export const isTooOld = ({ at }) => Date.now() - at > LONGEST;

/** @returns {Promise<Kept | null>} what is kept, unless it is too old; that is deleted */
export async function readKept() {
  /** @type {Kept | undefined} */
  const found = await inStore("readonly", (store) => store.get(KEY));
  if (!found) return null;
  if (!isTooOld(found)) return found;
  await forget();
  return null;
}

/** Deletes what is kept. */
export const forget = () => inStore("readwrite", (store) => store.delete(KEY));

const complain = (error) => console.info("The last positions cannot be kept or deleted:", error);

/** Keeps the positions of a page from now on, and deletes them with its session or for another user. */
export function keepLast({ session, connection, fleet, screen }) {
  const owner = () => session.state.user?.userId ?? "";
  const entitled = () => session.state.open || session.state.user !== null;
  let heard = null;

  function save() {
    // Without a worker the page cannot be opened without the hub, so nothing is gained.
    if (!hasWorkers() || !navigator.serviceWorker.controller || !entitled() || heard === null) return;
    const drivers = [];
    for (const driver of fleet.all()) {
      if (!Number.isFinite(driver.latitude) || drivers.length >= MOST) continue;
      const { driverId, name, vehicle, latitude, longitude, heading, speed, recordedAt, receivedAt, heardAt, clockOffset, status } = driver;
      drivers.push({ driverId, name, vehicle, latitude, longitude, heading, speed, recordedAt, receivedAt, heardAt, clockOffset, status });
    }
    const record = { at: heard, owner: owner(), username: session.state.user?.username ?? "", timeZone: session.timeZone, screen, drivers };
    inStore("readwrite", (store) => store.put(record, KEY)).catch(complain);
  }

  readKept().then((found) => (found && found.owner !== owner() ? forget() : null)).catch(complain);
  session.onChange(() => void (entitled() || forget().catch(complain)));
  connection.onState((state) => {
    heard = state.heard ?? heard;
    // What was live until now.
    if (state.name === "reconnecting") save();
  });
  document.addEventListener("visibilitychange", () => void (document.hidden && save()));
  setInterval(() => {
    heard = connection.state.heard ?? heard;
    if (connection.state.name === "live") save();
  }, EVERY);
}

/** Deletes what is kept where a page is opened without a session. */
export const forgetAtLogin = ({ open, user }) => void (open || user || forget().catch(complain));
