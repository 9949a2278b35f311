// Addresses of the registry's API that several dialogs need.

import { t } from "../i18n/messages.js";

export const DRIVERS = "/api/v1/fleet/drivers";
export const GROUPS = "/api/v1/fleet/groups";

/** @param {string} driverId */
export const driverPath = (driverId) => `${DRIVERS}/${encodeURIComponent(driverId)}`;

/** What a field of groups takes. */
export const GROUPS_HINT = t("groups-hint");
