// Addresses of the registry's API that several dialogs need.

export const DRIVERS = "/api/v1/fleet/drivers";
export const GROUPS = "/api/v1/fleet/groups";

/** @param {string} driverId */
export const driverPath = (driverId) => `${DRIVERS}/${encodeURIComponent(driverId)}`;

/** What a field of groups takes. */
export const GROUPS_HINT = "Names separated by commas, such as vans, north. List and map can be filtered by them.";
