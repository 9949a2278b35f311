// Roles of users. The hub enforces them; the page only hides what a role does not permit.

import { t } from "../i18n/messages.js";

export const ROLE_NAMES = { admin: t("role-admin"), dispatcher: t("role-dispatcher"), driver: t("role-driver"), gateway: t("role-gateway") };

/** The roles that a user can be given, with what they permit. */
export const ROLES = [
  ["dispatcher", t("role-dispatcher-about")],
  ["admin", t("role-admin-about")],
];

/** The roles that an API key can be given, with what they permit. */
export const KEY_ROLES = [
  ["dispatcher", t("role-key-dispatcher-about")],
  ["gateway", t("role-gateway-about")],
  ["admin", t("role-admin-about")],
];

/** Whether the management is shown. `state` is the session's. */
export const mayManage = ({ open, user }) => open || user?.role === "admin";
