// Words of alerts and rules.

/** Kind of a rule -> what it is called. */
export const KINDS = {
  "fence.entered": "Enters a fence",
  "fence.exited": "Leaves a fence",
  "fence.crossed": "Passes through a fence",
  "fence.dwelled": "Stays in a fence",
  "fence.inside": "Is inside a fence when the schedule begins",
  "fence.outside": "Is outside a fence when the schedule begins",
  overspeed: "Drives too fast",
  stopped: "Stands too long",
  offline: "Sends nothing",
  battery: "Battery is low",
  alarm: "Sends an alarm",
  "trip.started": "Starts a trip",
  "trip.ended": "Ends a trip",
  maintenance: "Is due for maintenance",
};

export const SEVERITIES = { info: "Info", warning: "Warning", critical: "Critical" };

const STATES = { open: "Open", resolved: "Over", corrected: "Did not happen" };

/**
 * The state of an alert, and why it was only listed.
 * @param {{state: string, acknowledgedAt?: string, held?: string}} alert
 */
export function stateOf({ state, acknowledgedAt, held }) {
  return [STATES[state] ?? state, acknowledgedAt ? "acknowledged" : "", held ? heldOf(held) : ""].filter(Boolean).join(" · ");
}

/**
 * Where an alert leads: to its driver; one about a channel to the management, for users who have it.
 * @param {{driverId?: string}} alert
 * @param {boolean} manages
 */
export function addressOf({ driverId }, manages) {
  if (driverId) return `#/drivers/${encodeURIComponent(driverId)}`;
  return manages ? "#/manage" : "#/";
}

/** Why an alert was only listed -> words. */
const HELD = {
  late: "not sent: it arrived too late",
  cooldown: "not sent: within the pause of its rule",
  digest: "waits for a digest",
};

/** @param {string} held */
const heldOf = (held) => HELD[held] ?? `not sent: ${held}`;

/**
 * Whether an alert is in a filter of the feed.
 * @param {{state: string, acknowledgedAt?: string, severity: string, kind: string, title: string, text: string, driverId: string}} alert
 * @param {{state: string, severity: string, words: string}} filter `state` is `all`, `open` or `unacknowledged`; `severity` is `all` or one
 */
export function matches(alert, { state, severity, words }) {
  if (state === "open" && alert.state !== "open") return false;
  if (state === "unacknowledged" && (alert.acknowledgedAt || alert.state === "corrected")) return false;
  if (severity !== "all" && alert.severity !== severity) return false;
  const wanted = words.trim().toLocaleLowerCase();
  return !wanted || `${alert.title}\n${alert.text}\n${alert.driverId}`.toLocaleLowerCase().includes(wanted);
}
