// The management: drivers, vehicles, rules, channels, users, links and API keys, one tab each.

import { mountChannels } from "../alerts/channels.js";
import { mountRules } from "../alerts/rules.js";
import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { tabs } from "../ui/tabs.js";
import { mountApiKeys } from "./api-keys.js";
import { mountDrivers } from "./drivers.js";
import { mountShares } from "./share-links.js";
import { mountUsers } from "./users.js";
import { mountVehicles } from "./vehicles.js";

/** @typedef {(place: HTMLElement, context: any) => {destroy: () => void}} Mount */

/** @type {[string, Mount][]} */
const TABS = [
  [t("drivers"), mountDrivers],
  [t("vehicles"), mountVehicles],
  [t("rules"), mountRules],
  [t("channels"), mountChannels],
  [t("users"), mountUsers],
  [t("share-links"), mountShares],
  [t("api-keys"), mountApiKeys],
];

/** An open hub has neither users nor keys.
 * @type {Mount[]} */
const GUARDED = [mountUsers, mountApiKeys];

export function mountManage(place, context) {
  const { open } = context.session.state;
  const entries = TABS.filter(([, mount]) => !open || !GUARDED.includes(mount)).map(([label, mount]) => ({
    label,
    mount: (panel) => mount(panel, context),
  }));
  const shown = tabs({ label: t("manage"), prefix: "manage", panelClass: "manage-panel", entries });
  const made = element("div", { class: "manage" }, element("h2", {}, t("manage-title")), shown.bar, ...shown.panels);
  place.append(made);
  shown.choose(0);
  return {
    destroy() {
      shown.destroy();
      made.remove();
    },
  };
}
