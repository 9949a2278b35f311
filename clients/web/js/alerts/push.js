// Alerts pushed to this browser, also while the page is closed: the service worker and the subscription to a channel.

import { t } from "../i18n/messages.js";
import { hasWorkers, registerWorker } from "../ui/worker.js";

const KEY = "alert-push";
const OFFERED = "/api/v1/push";

const pathOf = (channelId) => `/api/v1/channels/${channelId}/subscriptions`;

/** What this browser has subscribed to: `{channelId, subscriptionId}`, or null. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    // Storage is closed to the page, or has something else in it.
    return null;
  }
}

function keep(value) {
  try {
    if (value) localStorage.setItem(KEY, JSON.stringify(value));
    else localStorage.removeItem(KEY);
  } catch {
    // The browser subscribes again at the next click, to the same subscription of the hub.
  }
}

/**
 * `channels()` resolves to the channels that the browser can subscribe to, none where it cannot; `channelId` is the one that it has, or
 * null. `toggle(channel)` subscribes, asks for the permission first, and ends the subscription to another channel: a browser has one at
 * a time. It resolves to what to tell the user; rejects with `ApiError`. `show(address)` is what a click on a notification does.
 * @param {{api: any, show: (address: string) => void}} parts
 */
export function createPush({ api, show }) {
  const able = hasWorkers() && "PushManager" in globalThis && "Notification" in globalThis;
  if (able) navigator.serviceWorker.addEventListener("message", ({ data }) => data?.show && show(data.show));

  /** @param {{channelId: string, subscriptionId: string}} subscribed */
  async function end({ channelId, subscriptionId }) {
    const registration = await navigator.serviceWorker.getRegistration("/");
    await (await registration?.pushManager.getSubscription())?.unsubscribe();
    keep(null);
    try {
      await api.delete(`${pathOf(channelId)}/${subscriptionId}`, {});
    } catch (error) {
      // It is gone: the channel was deleted, or the push service said so first.
      if (error.status !== 404) throw error;
    }
  }

  return {
    async channels() {
      return able ? (await api.get(OFFERED, {})).data.channels : [];
    },
    get channelId() {
      return kept()?.channelId ?? null;
    },
    async toggle(channel) {
      const before = kept();
      if (before) await end(before);
      if (before?.channelId === channel.id) return t("push-ended");
      if ((await Notification.requestPermission()) !== "granted") return t("push-denied");
      let subscription;
      try {
        await registerWorker();
        const { pushManager } = await navigator.serviceWorker.ready;
        subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: channel.publicKey });
      } catch (error) {
        return t("push-failed", { reason: error.message });
      }
      const { endpoint, keys } = subscription.toJSON();
      const { data } = await api.post(pathOf(channel.id), { endpoint, keys });
      keep({ channelId: channel.id, subscriptionId: data.subscriptionId });
      return t("push-begun");
    },
  };
}
