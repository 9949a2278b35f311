// The service worker, and new versions of the page: offered when all of their files are there, taken over with a reload.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { hasWorkers, registerWorker } from "../ui/worker.js";

/** Of the build that this page belongs to; "" of sources that are not built. */
const own = () => document.querySelector("meta[name=build]")?.getAttribute("content") ?? "";

/** @param {ServiceWorker} worker
 * @returns {Promise<string>} the build that it has the files of */
function versionOf(worker) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage("version", [port2]);
  });
}

/**
 * Registers the worker, and offers a reload when there is a new version; `atOnce` takes it over without a question.
 * @param {{connection: any, atOnce: boolean}} parts
 */
export async function mountUpdates({ connection, atOnce }) {
  if (!hasWorkers()) return;
  const workers = navigator.serviceWorker;
  let asked = false;
  let offered = false;
  /** @type {ServiceWorkerRegistration} */
  let registration;

  /** @param {() => void} take */
  function offer(take) {
    if (atOnce) return take();
    if (offered) return;
    offered = true;
    const reload = element("button", { type: "button", class: "primary", onclick: take }, t("update-reload"));
    document.body.append(element("div", { class: "notice good update", role: "status" }, element("p", {}, t("update-ready")), reload));
  }

  async function look() {
    const { waiting } = registration;
    if (!waiting) return;
    const version = await versionOf(waiting);
    // The page came from the hub before its files were kept.
    if (version === own()) waiting.postMessage("activate");
    else
      offer(() => {
        asked = true;
        // Another tab may have taken it over meanwhile.
        if (registration.waiting) registration.waiting.postMessage("activate");
        else location.reload();
      });
  }

  workers.addEventListener("controllerchange", async () => {
    if (asked) location.reload();
    // Another tab has taken it over: the files of this page are not kept any more.
    else if (workers.controller && (await versionOf(workers.controller)) !== own()) offer(() => location.reload());
  });
  try {
    registration = await registerWorker();
  } catch (error) {
    console.info("The page cannot be opened without the hub:", error.message);
    return;
  }
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  let lost = false;
  connection.onState(({ name }) => {
    // The hub may have been upgraded while it was away.
    if (name === "live" && lost) registration.update().catch((error) => console.info("No new version:", error.message));
    lost = name !== "live" && (lost || name === "reconnecting");
  });
  await look();
}
