// Addresses of the registry's API that several dialogs need.

export const DRIVERS = "/api/v1/fleet/drivers";

/** @param {string} driverId */
export const driverPath = (driverId) => `${DRIVERS}/${encodeURIComponent(driverId)}`;
