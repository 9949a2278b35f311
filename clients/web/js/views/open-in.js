// Links that open a place in another map. Nothing is sent to it before one is pressed.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";

/**
 * Name -> address for a place.
 * @param {number} latitude
 * @param {number} longitude
 * @returns {[string, string][]}
 */
export function mapsOf(latitude, longitude) {
  const [north, east] = [latitude, longitude].map((degrees) => degrees.toFixed(6));
  return [
    ["OpenStreetMap", `https://www.openstreetmap.org/?mlat=${north}&mlon=${east}#map=17/${north}/${east}`],
    ["Google Maps", `https://www.google.com/maps/search/?api=1&query=${north}%2C${east}`],
    ["Apple Maps", `https://maps.apple.com/?ll=${north},${east}&q=${north}%2C${east}`],
    [t("open-in-app"), `geo:${north},${east}?q=${north},${east}`],
  ];
}

/** A list of links behind a button: `{element, show(latitude, longitude)}`. */
export function createOpenIn() {
  const links = mapsOf(0, 0).map(([name]) => element("a", { target: "_blank", rel: "noopener noreferrer" }, name));
  const made = element("details", { class: "open-in", onkeydown: close }, element("summary", {}, t("open-in")), element("ul", {}, ...links.map((link) => element("li", {}, link))));

  function close(event) {
    if (event.key !== "Escape" || !made.open) return;
    // It closes the list and nothing else.
    event.stopPropagation();
    made.open = false;
    made.querySelector("summary").focus();
  }

  return {
    element: made,
    show(latitude, longitude) {
      mapsOf(latitude, longitude).forEach(([, address], index) => {
        if (links[index].getAttribute("href") !== address) links[index].setAttribute("href", address);
      });
    },
  };
}
