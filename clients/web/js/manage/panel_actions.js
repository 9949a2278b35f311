// What a dispatcher can do with the driver of the panel.

import { element } from "../element.js";
import { button } from "./elements.js";
import { openPhones } from "./phones.js";
import { mayManage } from "./roles.js";
import { openShares } from "./sharing.js";

/** Puts the buttons into `place`; returns `{destroy()}`. */
export function panelActions(place, driverId, context) {
  const driver = () => ({ driverId, name: context.fleet.nameOf(driverId) });
  const share = button("Share", () => openShares(context, driver()));
  const phones = mayManage(context.session.state) ? button("Connect a phone", () => openPhones(context, driver())) : null;
  const made = element("div", { class: "actions" }, share, phones);
  place.append(made);
  return { destroy: () => made.remove() };
}
