// Next to the map: the drivers, the alerts, and the fences, one tab each.

import { element } from "../ui/element.js";
import { plural } from "../ui/text.js";
import { tabs } from "../ui/tabs.js";
import { mountFilter } from "./filter.js";
import { mountList } from "./list.js";

/**
 * Mount the tabs. `context` has `alerts` and what the views need. Has `select(driverId)` of the list of drivers.
 * @param {HTMLElement} host
 */
export function mountSide(host, context) {
  let list = null;
  const shown = tabs({
    label: "Next to the map",
    prefix: "side",
    panelClass: "side-panel",
    entries: [
      { label: "Drivers", mount: (panel) => (list = mountList(panel, context)) },
      { label: "Alerts", mount: (panel) => later(panel, async () => (await import("../alerts/feed.js")).mountFeed, context) },
      { label: "Fences", mount: (panel) => later(panel, async () => (await import("../fences/list.js")).mountFences, context) },
    ],
  });
  const filter = element("div", { class: "filter" });
  mountFilter(filter, context);
  host.replaceChildren(filter, shown.bar, ...shown.panels);
  shown.choose(0);

  const tab = shown.tab(1);
  const figure = element("span", { class: "tab-count" });
  tab.append(" ", figure);

  function count() {
    const waiting = context.alerts.waiting().length;
    figure.textContent = waiting ? String(waiting) : "";
    tab.setAttribute("aria-label", waiting ? `Alerts, ${plural(waiting, "open alert")} not acknowledged` : "Alerts");
  }

  context.alerts.onChange(count);
  count();
  return { select: (driverId) => list.select(driverId), show: shown.choose };
}

/** A view whose code is loaded when it is first shown. */
function later(panel, load, context) {
  let mounted = null;
  let ended = false;
  panel.replaceChildren(element("p", { class: "list-empty", role: "status" }, "Loading …"));
  load().then(
    (mount) => {
      panel.replaceChildren();
      if (!ended) mounted = mount(panel, context);
    },
    (error) => {
      console.warn("The view could not be loaded:", error.message);
      const text = "This view needs packages that could not be downloaded when the hub was installed, or the hub has been updated: reload the page.";
      panel.replaceChildren(element("p", { class: "notice bad", role: "alert" }, text));
    },
  );
  return {
    destroy() {
      ended = true;
      mounted?.destroy();
    },
  };
}
