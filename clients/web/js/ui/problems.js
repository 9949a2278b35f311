// Errors of the hub in plain words, shown at the field that they concern.

/** A sentence for an error of the API, or of the way to it. */
export function inWords(error) {
  switch (error.status) {
    case undefined:
      throw error; // not an answer of the hub, but a mistake in the page
    case 0:
      return "The hub does not respond. Check the network, then try again.";
    case 401:
      return "Your session has ended. Log in again; your input is kept.";
    case 403:
      return "Your role does not permit this. Ask an admin.";
    case 404:
      return "Deleted by another user.";
    case 429:
      return "Too many requests. Wait a moment, then try again.";
    case 503:
      return "The hub is temporarily unavailable. Try again in a few seconds.";
    default:
      return sentence(error.errors?.length === 1 ? error.errors[0].detail : error.detail);
  }
}

/** Shows an error in a form: at the fields it names, the rest in the form's own line. */
export function showProblem(error, fields, line) {
  // A member of a list belongs to the field of the list.
  const at = ({ field }) => fields[field?.replace(/\[.*$/, "")];
  const named = (error.errors ?? []).filter(at);
  for (const each of named) at(each).complain(inPlain(each));
  if (named.length) at(named[0]).focus();
  else line.textContent = inWords(error);
}

/**
 * An entry of a problem document's `errors` in plain words.
 * @param {{code?: string, detail?: string, limit?: number}} error
 */
export function inPlain({ code, detail = "", limit }) {
  switch (code) {
    case "pattern":
      return detail.includes("A-Za-z0-9")
        ? "Use 1 to 64 letters A to Z, digits and . _ : - without spaces."
        : "Use one line of ordinary characters.";
    case "too_long":
      return `Use at most ${limit} characters.`;
    case "too_short":
      return `Use at least ${limit} characters.`;
    default:
      return sentence(detail);
  }
}

function sentence(text = "The request failed.") {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
