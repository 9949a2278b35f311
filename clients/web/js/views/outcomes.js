// How a login with the provider ended, in words. docs/oidc.md lists the outcomes.

import { t } from "../i18n/messages.js";

/** The sentence for an outcome of `?login=`; null for success and for unknown outcomes. */
export function outcomeInWords(outcome, provider) {
  switch (outcome) {
    case "expired":
      return t("login-expired");
    case "cancelled":
      return t("login-cancelled", { provider });
    case "invalid":
      return t("login-refused", { provider });
    case "unavailable":
      return t("login-provider-silent", { provider });
    case "hub_unavailable":
      return t("problem-unavailable");
    case "limit":
      return t("login-limit");
    case "unknown":
      return t("login-unknown", { provider });
    case "not_admitted":
      return t("login-not-admitted", { provider });
    case "name_taken":
      return t("login-name-taken");
    case "disabled":
      return t("login-disabled");
    case "last_admin":
      return t("login-last-admin", { provider });
    case "belongs_to_other":
      return t("login-other-user", { provider });
    case "session_ended":
      return t("login-session-ended");
    default:
      return null;
  }
}
