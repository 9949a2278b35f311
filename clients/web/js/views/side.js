// Next to the map: the drivers, the alerts, and the fences, one tab each.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { count } from "../ui/text.js";
import { tabs } from "../ui/tabs.js";
import { mountFilter } from "./filter.js";
import { mountList } from "./list.js";
import { notLoaded } from "./not-loaded.js";

/**
 * Mount the tabs. `context` has `alerts` and what the views need. Has `select(driverId)` of the list of drivers.
 * @param {HTMLElement} host
 */
export function mountSide(host, context) {
  let list = null;
  const shown = tabs({
    label: t("side-label"),
    prefix: "side",
    panelClass: "side-panel",
    entries: [
      { label: t("drivers"), mount: (panel) => (list = mountList(panel, context)) },
      { label: t("alerts"), mount: (panel) => later(panel, async () => (await import("../alerts/feed.js")).mountFeed, context) },
      { label: t("fences"), mount: (panel) => later(panel, async () => (await import("../fences/list.js")).mountFences, context) },
    ],
  });
  const filter = element("div", { class: "filter" });
  mountFilter(filter, context);
  host.replaceChildren(filter, shown.bar, ...shown.panels);
  shown.choose(0);

  const tab = shown.tab(1);
  const figure = element("span", { class: "tab-count" });
  tab.append(" ", figure);

  function countWaiting() {
    const waiting = context.alerts.waiting().length;
    figure.textContent = waiting ? count(waiting) : "";
    tab.setAttribute("aria-label", waiting ? t("alerts-waiting", { count: waiting }) : t("alerts"));
  }

  context.alerts.onChange(countWaiting);
  countWaiting();
  return { select: (driverId) => list.select(driverId), show: shown.choose };
}

/** A view whose code is loaded when it is first shown. */
function later(panel, load, context) {
  let mounted = null;
  let ended = false;
  panel.replaceChildren(element("p", { class: "list-empty", role: "status" }, t("loading")));
  load().then(
    (mount) => {
      panel.replaceChildren();
      if (!ended) mounted = mount(panel, context);
    },
    async (error) => {
      console.warn("The view could not be loaded:", error.message);
      const notice = await notLoaded(context);
      if (!ended) panel.replaceChildren(notice);
    },
  );
  return {
    destroy() {
      ended = true;
      mounted?.destroy();
    },
  };
}
