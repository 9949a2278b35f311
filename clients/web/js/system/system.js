// The system, for admins: the state of the hub and of its queues, and what could not be stored.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { mountRefused } from "./refused.js";
import { mountState } from "./state.js";

export function mountSystem(place, context) {
  const made = element("div", { class: "system" }, element("h2", {}, t("system")));
  place.append(made);
  const parts = [mountState(made, context), ...mountRefused(made, context)];
  return {
    destroy() {
      for (const part of parts) part.destroy();
      made.remove();
    },
  };
}
