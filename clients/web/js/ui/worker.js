// The service worker of the page: /worker.js. Browsers have service workers on HTTPS and on this machine only.

export const hasWorkers = () => "serviceWorker" in navigator;

/** Registers it, or checks for a new version of one that is there. Rejects where the browser does not permit it. */
export const registerWorker = () => navigator.serviceWorker.register("/worker.js", { scope: "/", updateViaCache: "none" });
