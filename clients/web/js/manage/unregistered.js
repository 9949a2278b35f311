// Drivers that have sent positions and are not registered: each can be registered from here.

import { askForNew } from "../ui/creating.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { DRIVERS } from "./paths.js";

/** Drivers that are listed at a time. */
const MOST = 50;

/**
 * `{element, show(), destroy()}`; `registered()` is called after one was registered.
 * @param {any} context
 * @param {() => Promise<void>} registered
 */
export function mountUnregistered({ api, announce, fleet }, registered) {
  const summary = element("summary");
  const list = element("ul", { class: "things" });
  const rest = element("p", { class: "soft" });
  const about = element("p", { class: "soft" }, "They send positions under an id that no registered driver has. Register those that belong to the fleet.");
  const made = element("details", { class: "unregistered", hidden: true }, summary, about, list, rest);

  /** Number of known drivers when the list was made. */
  let size = 0;

  function show() {
    size = fleet.size;
    const found = fleet.unregistered();
    made.hidden = found.length === 0;
    summary.textContent = `Not registered: ${found.length}`;
    list.replaceChildren(...found.slice(0, MOST).map(line));
    rest.textContent = found.length > MOST ? `${found.length - MOST} more are not listed here.` : "";
  }

  const line = (driverId) =>
    element(
      "li",
      {},
      element("a", { href: `#/drivers/${encodeURIComponent(driverId)}` }, name(driverId)),
      button("Register", () => register(driverId), { ariaLabel: `Register ${driverId}` }),
    );

  async function register(driverId) {
    const columns = [
      { key: "name", label: "Name" },
      { key: "phone", label: "Phone number", type: "tel", dir: "ltr" },
    ];
    const entered = await askForNew(["Register ", name(driverId)], columns, async (body) => (await api.post(DRIVERS, { ...body, driverId })).data, "Register");
    if (!entered) return;
    announce(`${driverId} is registered.`);
    await registered();
    (list.querySelector("button") ?? summary).focus();
  }

  const ignore = fleet.onFrame(() => {
    if (fleet.size !== size) show();
  });
  return { element: made, show, destroy: ignore };
}
