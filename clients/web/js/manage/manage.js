// The management: drivers, vehicles, users, links and API keys, one tab each.

import { element, focused } from "../ui/element.js";
import { mountApiKeys } from "./api-keys.js";
import { mountDrivers } from "./drivers.js";
import { mountShares } from "./share-links.js";
import { mountUsers } from "./users.js";
import { mountVehicles } from "./vehicles.js";

/** @type {[string, (place: HTMLElement, context: any) => {destroy: () => void}][]} */
const TABS = [
  ["Drivers", mountDrivers],
  ["Vehicles", mountVehicles],
  ["Users", mountUsers],
  ["Share links", mountShares],
  ["API keys", mountApiKeys],
];

/** An open hub has neither users nor keys.
 * @type {((place: HTMLElement, context: any) => {destroy: () => void})[]} */
const GUARDED = [mountUsers, mountApiKeys];

export function mountManage(place, context) {
  const { open } = context.session.state;
  const tabs = TABS.filter(([, mount]) => !open || !GUARDED.includes(mount)).map(([label, mount], index) => {
    const panel = element("div", { class: "manage-panel", role: "tabpanel", id: `manage-panel-${index}`, hidden: true });
    const tab = element(
      "button",
      { type: "button", role: "tab", id: `manage-tab-${index}`, "aria-controls": panel.id, onclick: () => choose(index) },
      label,
    );
    panel.setAttribute("aria-labelledby", tab.id);
    return { tab, panel, mount, view: null };
  });

  // What is typed in one tab stays while another one is open.
  function choose(index) {
    for (const [each, { tab, panel }] of tabs.entries()) {
      tab.setAttribute("aria-selected", String(each === index));
      tab.tabIndex = each === index ? 0 : -1;
      panel.hidden = each !== index;
    }
    const chosen = tabs[index];
    chosen.view ??= chosen.mount(chosen.panel, context);
  }

  function move(event) {
    const now = tabs.findIndex(({ tab }) => tab === focused());
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    let to = null;
    if (event.key in steps) to = (now + steps[event.key] + tabs.length) % tabs.length;
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = tabs.length - 1;
    if (now < 0 || to === null) return;
    event.preventDefault();
    choose(to);
    tabs[to].tab.focus();
  }

  const bar = element("div", { class: "tabs", role: "tablist", ariaLabel: "Manage", onkeydown: move });
  bar.append(...tabs.map(({ tab }) => tab));
  const made = element("div", { class: "manage" }, element("h2", {}, "Manage the fleet"), bar, ...tabs.map(({ panel }) => panel));
  place.append(made);
  choose(0);
  return {
    destroy() {
      for (const { view } of tabs) view?.destroy();
      made.remove();
    },
  };
}
