// Buttons for the driver of the panel.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { openState } from "./driver-state.js";
import { openPhones } from "./phone-tokens.js";
import { mayManage } from "./roles.js";
import { openShares } from "./share-links.js";

/** Puts the buttons into `place`; returns `{destroy()}`. */
export function panelActions(place, driverId, context) {
  const driver = () => ({ driverId, name: context.fleet.nameOf(driverId) });
  const state = button(t("driver-change-state"), () => openState(context, driver()));
  const share = button(t("driver-share"), () => openShares(context, driver()));
  const phones = mayManage(context.session.state) ? button(t("driver-connect"), () => openPhones(context, driver())) : null;
  const made = element("div", { class: "actions" }, state, share, phones);
  place.append(made);
  return { destroy: () => made.remove() };
}
