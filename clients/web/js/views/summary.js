// The fleet in four figures, which are also the filter of the list.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { count, STATUSES } from "../ui/text.js";

const WORDS = { all: t("all"), ...STATUSES };

/** Mount the figures, of which one is `chosen`; `onFilter(status)` gets `all`, `online`, `stale` or `offline`. */
export function mountSummary(host, { fleet, chosen = "all", onFilter }) {
  const figures = {};
  const buttons = {};
  for (const status of Object.keys(WORDS)) {
    figures[status] = element("strong", {}, "0");
    // The dots are the legend of the list and the map, too.
    const dot = status === "all" ? null : element("span", { class: "dot", dataset: { status } });
    const label = element("span", { class: "summary-label" }, dot, `${WORDS[status]} `);
    buttons[status] = element("button", { type: "button", dataset: { status }, onclick: () => choose(status) }, label, figures[status]);
  }
  const group = element("div", { class: "summary", role: "group", ariaLabel: t("summary-label") }, Object.values(buttons));
  host.append(group);

  function choose(status) {
    chosen = status;
    mark();
    onFilter(status);
  }

  function mark() {
    for (const [status, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(status === chosen));
  }

  function show() {
    const counts = fleet.summary();
    for (const [status, figure] of Object.entries(figures)) {
      const text = count(counts[status]);
      if (figure.textContent !== text) figure.textContent = text;
    }
  }

  mark();
  show();
  const timer = setInterval(show, 500);
  return { destroy: () => clearInterval(timer) };
}
