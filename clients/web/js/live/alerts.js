// The alerts of the fleet: the newest from the API, and each change from the socket.

/** Alerts that are kept; older ones are read again when they are wanted. */
const MOST = 2_000;
const PAGE = 100;
const PATH = "/api/v1/alerts";

/** @import { Alert, AlertMessage, Message } from "./types.js" */

/**
 * `all()` is newest first. `onChange(fn)` is called after each change, `onOpened(fn(alert))` when an alert begins while
 * the page is open; those that are only listed (`held`) are not among these. `more()` reads an older page.
 * @param {{api: {get: (path: string, params: Record<string, unknown>) => Promise<{data: any}>, post: (path: string, body?: unknown) => Promise<{data: any}>}, connection: {onMessage: (listener: (message: Message) => void) => void}, subscription: string}} parts
 * `subscription` is the id of the socket's subscription; where that begins again, alerts may have been missed.
 */
export function createAlerts({ api, connection, subscription }) {
  /** @type {Map<string, Alert>} */
  const alerts = new Map();
  /** @type {Set<() => void>} */
  const changeListeners = new Set();
  /** @type {Set<(alert: Alert) => void>} */
  const openedListeners = new Set();
  /** @type {Alert[] | null} */
  let sorted = null;
  /** @type {string | undefined} */
  let cursor;
  /** @type {Error | null} */
  let failed = null;
  let read = false;
  /** @type {string | undefined} */
  let group;
  /** Pages of another group that are under way are not taken. */
  let turn = 0;

  /** @param {Alert} alert
   * @returns {boolean} whether it is news */
  function take(alert) {
    const known = alerts.get(alert.alertId);
    if (known && known.version >= alert.version) return false;
    alerts.set(alert.alertId, alert);
    sorted = null;
    return true;
  }

  function changed() {
    for (const listener of changeListeners) listener();
  }

  function all() {
    sorted ??= [...alerts.values()].sort((one, other) => Date.parse(other.noticedAt) - Date.parse(one.noticedAt));
    for (const old of sorted.splice(MOST)) alerts.delete(old.alertId);
    return sorted;
  }

  /** @param {string} [from] cursor */
  async function page(from) {
    const asked = turn;
    try {
      const { data } = await api.get(PATH, { limit: PAGE, cursor: from, group });
      if (asked !== turn) return;
      for (const alert of data.alerts) take(alert);
      if (from || !read) cursor = data.next;
      read = true;
      failed = null;
    } catch (error) {
      if (asked !== turn) return;
      failed = /** @type {Error} */ (error);
    }
    changed();
  }

  connection.onMessage((message) => {
    if (message.type === "subscribed" && message.id === subscription) page();
    if (message.type !== "alert") return;
    const { event, type, ...alert } = /** @type {AlertMessage} */ (message);
    if (!take(alert)) return;
    changed();
    if (event === "opened" && !alert.held) for (const listener of openedListeners) listener(alert);
  });

  return {
    all,
    /** @param {string} alertId */
    get: (alertId) => alerts.get(alertId),
    /** Why the list could not be read, or null. */
    get failed() {
      return failed;
    },
    /** Whether there are older ones. */
    get hasMore() {
      return cursor !== undefined && alerts.size < MOST;
    },
    /** Whether the list has been read. */
    get ready() {
      return read;
    },
    more: () => page(cursor),
    again: () => page(),
    /** Open alerts that no user has acknowledged. */
    waiting: () => all().filter((alert) => alert.state === "open" && !alert.acknowledgedAt && !alert.held),
    /** Only the alerts about the drivers of a group from now on; undefined for all. The socket's subscription has to follow.
     * @param {string | undefined} chosen */
    choose(chosen) {
      if (chosen === group) return;
      group = chosen;
      turn += 1;
      alerts.clear();
      sorted = null;
      cursor = undefined;
      read = false;
      page();
    },
    /** Rejects with `ApiError`.
     * @param {string} alertId */
    async acknowledge(alertId) {
      const { data } = await api.post(`${PATH}/${alertId}/acknowledge`);
      if (take(data)) changed();
    },
    /** Maintenance was done: the notifier ends the alert. Rejects with `ApiError`.
     * @param {Alert} alert */
    async done({ ruleId, driverId }) {
      await api.post(`/api/v1/rules/${ruleId}/done`, { driverId });
    },
    /** @param {() => void} listener */
    onChange(listener) {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
    /** @param {(alert: Alert) => void} listener */
    onOpened(listener) {
      openedListeners.add(listener);
      return () => openedListeners.delete(listener);
    },
  };
}
