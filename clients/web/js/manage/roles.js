// Who may do what, as the hub sees it; it is the hub that refuses, the page only does not offer.

export const ROLES = [
  ["dispatcher", "Dispatcher: watches the fleet and shares drivers"],
  ["admin", "Admin: manages the fleet too"],
];

/** Whether the management is offered. `state` is the session's. */
export const mayManage = ({ open, user }) => open || user?.role === "admin";
