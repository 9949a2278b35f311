// A button on the map that opens the choice of base maps.

import { t } from "../i18n/messages.js";
import { element, find, focused } from "../ui/element.js";

const SVG = "http://www.w3.org/2000/svg";

/** Three sheets, drawn here so that no file has to be fetched. */
function icon() {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: "20", height: "20", "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const shape of ["M12 4 21 9 12 14 3 9Z", "M4.5 12.5 12 16.7 19.5 12.5", "M4.5 16 12 20.2 19.5 16"]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}

/**
 * A control of MapLibre for a base map (base-map.js).
 */
export function createStyleMenu(base) {
  const note = element("p", { class: "map-styles-note", role: "status" });
  const again = element("button", { type: "button", hidden: true, onclick: () => base.retry() }, t("try-again"));
  const radios = base.choices.map(({ name, label }) =>
    element("label", {}, element("input", { type: "radio", name: "map-style", value: name, checked: name === base.choice, onchange: () => base.choose(name) }), label),
  );
  const panel = element("div", { class: "map-styles", hidden: true }, element("fieldset", {}, element("legend", {}, t("map-style")), ...radios), note, again);
  const button = element("button", { type: "button", class: "map-styles-button", title: t("map-style"), "aria-label": t("map-style"), "aria-expanded": "false", onclick: () => open(panel.hidden) }, icon());
  const container = element("div", { class: "maplibregl-ctrl maplibregl-ctrl-group", onkeydown: close, onfocusout: left }, button, panel);

  function open(wanted) {
    panel.hidden = !wanted;
    button.setAttribute("aria-expanded", String(wanted));
    if (wanted) find(panel, "input:checked").focus();
  }

  function close(event) {
    if (event.key !== "Escape" || panel.hidden) return;
    // It closes the menu and nothing else.
    event.stopPropagation();
    open(false);
    button.focus();
  }

  /** Without another element the focus is with another window, and comes back. */
  function left({ relatedTarget }) {
    if (relatedTarget && !container.contains(relatedTarget)) open(false);
  }

  const outside = ({ target }) => {
    if (!panel.hidden && !container.contains(target)) open(false);
  };

  function show({ name, problem }) {
    note.textContent = name === "loading" ? t("loading") : problem;
    if (again.contains(focused()) && name !== "failed") find(panel, "input:checked").focus();
    again.hidden = name !== "failed";
  }

  base.onState(show);
  show(base.state);
  return {
    onAdd() {
      document.addEventListener("pointerdown", outside);
      return container;
    },
    onRemove() {
      document.removeEventListener("pointerdown", outside);
      container.remove();
    },
  };
}
