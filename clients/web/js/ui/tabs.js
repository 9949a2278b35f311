// Tabs: one panel at a time, worked with the arrow keys.

import { mirrored } from "../i18n/messages.js";
import { element, focused } from "./element.js";

/**
 * `{bar, panels, choose(index), tab(index), destroy()}`. `entries` are `{label, mount(panel) -> {destroy()}}`; a panel is
 * mounted when it is first chosen, and what is typed in it stays while another one is shown. `prefix` begins the ids of
 * the tabs and panels, and `panelClass` is the class of the panels.
 * @param {{label: string, prefix: string, panelClass: string, entries: {label: string, mount: (panel: HTMLElement) => {destroy: () => void}}[]}} parts
 */
export function tabs({ label: named, prefix, panelClass, entries }) {
  const made = entries.map(({ label, mount }, index) => {
    const panel = element("div", { class: panelClass, role: "tabpanel", id: `${prefix}-panel-${index}`, hidden: true });
    const tab = element(
      "button",
      { type: "button", role: "tab", id: `${prefix}-tab-${index}`, "aria-controls": panel.id, onclick: () => choose(index) },
      label,
    );
    panel.setAttribute("aria-labelledby", tab.id);
    return { tab, panel, mount, view: null };
  });

  function choose(index) {
    for (const [each, { tab, panel }] of made.entries()) {
      tab.setAttribute("aria-selected", String(each === index));
      tab.tabIndex = each === index ? 0 : -1;
      panel.hidden = each !== index;
    }
    const chosen = made[index];
    chosen.view ??= chosen.mount(chosen.panel);
  }

  function move(event) {
    const now = made.findIndex(({ tab }) => tab === focused());
    const steps = mirrored ? { ArrowLeft: 1, ArrowRight: -1 } : { ArrowLeft: -1, ArrowRight: 1 };
    let to = null;
    if (event.key in steps) to = (now + steps[event.key] + made.length) % made.length;
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = made.length - 1;
    if (now < 0 || to === null) return;
    event.preventDefault();
    choose(to);
    made[to].tab.focus();
  }

  const bar = element("div", { class: "tabs", role: "tablist", ariaLabel: named, onkeydown: move });
  bar.append(...made.map(({ tab }) => tab));
  return {
    bar,
    panels: made.map(({ panel }) => panel),
    choose,
    tab: (index) => made[index].tab,
    destroy() {
      for (const { view } of made) view?.destroy();
    },
  };
}
