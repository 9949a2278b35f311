// Buttons for the driver of the panel.

import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { openState } from "./driver-state.js";
import { openPhones } from "./phone-tokens.js";
import { mayManage } from "./roles.js";
import { openShares } from "./share-links.js";

/** Puts the buttons into `place`; returns `{destroy()}`. */
export function panelActions(place, driverId, context) {
  const driver = () => ({ driverId, name: context.fleet.nameOf(driverId) });
  const state = button("Change state", () => openState(context, driver()));
  const share = button("Share", () => openShares(context, driver()));
  const phones = mayManage(context.session.state) ? button("Connect a phone", () => openPhones(context, driver())) : null;
  const made = element("div", { class: "actions" }, state, share, phones);
  place.append(made);
  return { destroy: () => made.remove() };
}
