// How a login with the provider ended, in words. docs/oidc.md lists the outcomes.

/** The sentence for an outcome of `?login=`; null for success and for unknown outcomes. */
export function outcomeInWords(outcome, provider) {
  switch (outcome) {
    case "expired":
      return "The login took too long, or was begun in another window. Try again.";
    case "cancelled":
      return `The login with ${provider} was cancelled.`;
    case "invalid":
      return `The answer of ${provider} was refused. Try again; if it happens again, tell your admin: the log of the hub has the reason.`;
    case "unavailable":
      return `${provider} does not respond. Try again later, or log in with a password.`;
    case "hub_unavailable":
      return "The hub is temporarily unavailable. Try again in a few seconds.";
    case "limit":
      return "Too many attempts. Try again in a few minutes.";
    case "unknown":
      return `Your account at ${provider} is not connected to a user. Log in with a password and connect it under Account, or ask an admin.`;
    case "not_admitted":
      return `Your account at ${provider} has no role for this hub. Ask an admin.`;
    case "name_taken":
      return "A user with your name exists. If it is yours, log in with the password and connect the account under Account.";
    case "disabled":
      return "Your user is disabled. Ask an admin.";
    case "last_admin":
      return `${provider} would take the role from the last admin. Make another user an admin first.`;
    case "belongs_to_other":
      return `This account at ${provider} is connected to another user.`;
    case "session_ended":
      return "Your session ended while the account was being connected. Log in and try again.";
    default:
      return null;
  }
}
