// Words of alerts and rules.

import { t } from "../i18n/messages.js";

/** Kind of a rule -> what it is called. */
export const KINDS = {
  "fence.entered": t("rule-kind-fence-entered"),
  "fence.exited": t("rule-kind-fence-exited"),
  "fence.crossed": t("rule-kind-fence-crossed"),
  "fence.dwelled": t("rule-kind-fence-dwelled"),
  "fence.inside": t("rule-kind-fence-inside"),
  "fence.outside": t("rule-kind-fence-outside"),
  overspeed: t("rule-kind-overspeed"),
  stopped: t("rule-kind-stopped"),
  offline: t("rule-kind-offline"),
  battery: t("rule-kind-battery"),
  alarm: t("rule-kind-alarm"),
  "trip.started": t("rule-kind-trip-started"),
  "trip.ended": t("rule-kind-trip-ended"),
  maintenance: t("rule-kind-maintenance"),
};

export const SEVERITIES = { info: t("severity-info"), warning: t("severity-warning"), critical: t("severity-critical") };

const STATES = { open: t("alert-open"), resolved: t("alert-resolved"), corrected: t("alert-corrected") };

/**
 * The state of an alert, and why it was only listed.
 * @param {{state: string, acknowledgedAt?: string, held?: string}} alert
 */
export function stateOf({ state, acknowledgedAt, held }) {
  return [STATES[state] ?? state, acknowledgedAt ? t("alert-acknowledged") : "", held ? heldOf(held) : ""].filter(Boolean).join(" · ");
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
  late: t("alert-held-late"),
  cooldown: t("alert-held-cooldown"),
  digest: t("alert-held-digest"),
};

/** @param {string} held */
const heldOf = (held) => HELD[held] ?? t("alert-held-other", { reason: held });

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
