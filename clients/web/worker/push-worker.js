// The service worker of the page: shows pushed alerts while the page is closed, and opens the page at their place. It
// caches nothing and answers no requests. It has an address of its own (/push-worker.js), which must not change.

/** Where a click leads: the driver at that moment, else the page. */
function addressOf({ driverId, at }) {
  return driverId ? `/#/drivers/${encodeURIComponent(driverId)}/at/${encodeURIComponent(at)}` : "/";
}

addEventListener("install", () => skipWaiting());

addEventListener("push", (event) => {
  const { id, title, text, severity, ...notice } = event.data.json();
  // The page calls a notification of the same alert by the same tag: there is one of both.
  const tag = /^alert_([0-9a-f-]{36})_/.exec(id)?.[1] ?? id;
  event.waitUntil(registration.showNotification(title, { body: text, tag, requireInteraction: severity === "critical", data: addressOf(notice) }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data));
});

/** In a page that is open, else in a new one. */
async function lead(address) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find(({ url }) => new URL(url).pathname === "/");
  if (!page) return clients.openWindow(address);
  page.postMessage({ show: address.slice(1) });
  return page.focus();
}
