// Roles of users. The hub enforces them; the page only hides what a role does not permit.

export const ROLE_NAMES = { admin: "Admin", dispatcher: "Dispatcher", driver: "Driver", gateway: "Gateway" };

/** The roles that a user can be given, with what they permit. */
export const ROLES = [
  ["dispatcher", "Dispatcher: watches the fleet and shares drivers"],
  ["admin", "Admin: manages the fleet too"],
];

/** The roles that an API key can be given, with what they permit. */
export const KEY_ROLES = [
  ["dispatcher", "Dispatcher: reads the fleet and shares drivers"],
  ["gateway", "Gateway: sends positions of all drivers"],
  ["admin", "Admin: manages the fleet too"],
];

/** Whether the management is shown. `state` is the session's. */
export const mayManage = ({ open, user }) => open || user?.role === "admin";
