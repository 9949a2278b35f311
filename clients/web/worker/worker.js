// The service worker of the page, at /worker.js: opens the page while the hub cannot be reached, and shows pushed alerts while the page is
// closed. It keeps files of the pages only, which are the same for all users: no answer of the API, and no page of a share link.
// The build puts the names of the files in (build.mjs); of sources that are not built it keeps nothing.
/* global SHELL */

/** @type {{version: string, files: string[], fresh: string[]} | null} `files` have a hash in their name; `fresh` have none, and are requested from the hub first */
const shell = typeof SHELL === "undefined" ? null : SHELL;
const PREFIX = "shell-";
const CACHE = `${PREFIX}${shell?.version ?? "none"}`;
/** The built-in map beyond its coarse form: what was looked at is kept. */
const MAP = "/web/vendor/world/cells/";
const PAGE = "/";
/** The messages of a language: those that were used are kept. */
const MESSAGES = /^\/web\/built\/[^/]+\.ftl$/;
/** Milliseconds until the kept page is opened instead of one that does not come. */
const PATIENCE = 4_000;

addEventListener("install", (event) => event.waitUntil(fill()));

async function fill() {
  // Nothing else is in use: a page that is open needs no question.
  if (!shell) return skipWaiting();
  const cache = await caches.open(CACHE);
  // All of them or none: then the browser tries again later.
  await cache.addAll([...shell.files, ...shell.fresh]);
  // A page in another language than English names the file of its messages.
  const page = await (await cache.match(PAGE)).text();
  const [, messages] = /href="(\/web\/built\/[^"]+\.ftl)"/.exec(page) ?? [];
  if (messages) await cache.add(messages);
}

addEventListener("activate", (event) => event.waitUntil(take()));

async function take() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

addEventListener("message", ({ data, ports }) => {
  if (data === "version") ports[0].postMessage(shell?.version ?? "");
  if (data === "activate") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (!shell || request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(fresh(request, PAGE));
  } else if (shell.fresh.includes(pathname)) event.respondWith(fresh(request, pathname));
  // With a version in its address it never changes.
  else if (shell.files.includes(pathname) || MESSAGES.test(pathname) || (pathname.startsWith(MAP) && searchParams.has("v"))) event.respondWith(kept(request));
});

/** What was kept, else what the hub sends, which is kept. */
async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request, response.clone());
  return response;
}

/**
 * What the hub sends, else what was kept when this build was installed. What the hub sends is not kept: it may belong to another build, and a page of
 * two builds would fail.
 */
async function fresh(request, path) {
  const found = await (await caches.open(CACHE)).match(path);
  if (!found) return fetch(request);
  const timeout = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const response = await Promise.race([fetch(request), timeout]);
    // A proxy answers for a hub that is not there.
    return response && response.status < 500 ? response : found;
  } catch {
    return found;
  }
}

/** Where a click leads: the driver at that moment, else the page. */
function addressOf({ driverId, at }) {
  return driverId ? `/#/drivers/${encodeURIComponent(driverId)}/at/${encodeURIComponent(at)}` : "/";
}

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
