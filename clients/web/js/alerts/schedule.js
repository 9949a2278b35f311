// The times of a rule: always, or on some days of the week from one time to another.

import { t } from "../i18n/messages.js";
import { firstDay } from "../i18n/preferences.js";
import { check, choices } from "../ui/choices.js";
import { element } from "../ui/element.js";
import { field } from "../ui/fields.js";
import { zone } from "../ui/text.js";

/** @type {[string, string][]} */
const DAYS = [
  ["mo", t("monday")],
  ["tu", t("tuesday")],
  ["we", t("wednesday")],
  ["th", t("thursday")],
  ["fr", t("friday")],
  ["sa", t("saturday")],
  ["su", t("sunday")],
];

/** The day that weeks begin with where the user is. */
const first = DAYS.findIndex(([day]) => day === firstDay);

/**
 * Whether a schedule is one interval on some days, which the form can show.
 * @param {{weekly: string[][], except?: string[]} | null} schedule
 */
export function isSimple(schedule) {
  if (!schedule) return true;
  const times = new Set(schedule.weekly.map(([, from, to]) => `${from} ${to}`));
  const days = new Set(schedule.weekly.map(([day]) => day));
  return times.size === 1 && days.size === schedule.weekly.length && !schedule.except?.length;
}

/**
 * The fields of a schedule: `{element, value, fields}`. One that the form cannot show is kept as it is.
 * @param {any} schedule of the API, or null
 */
export function scheduleFields(schedule) {
  if (!isSimple(schedule)) {
    const words = t("schedule-complex");
    return { element: element("p", { class: "soft" }, words), value: schedule, fields: {} };
  }
  const [, from, to] = schedule?.weekly[0] ?? ["", "08:00", "18:00"];
  const limited = check(t("schedule-limited"), schedule !== null);
  const days = choices(t("schedule-days"), [...DAYS.slice(first), ...DAYS.slice(0, first)], { value: schedule?.weekly.map(([day]) => day) ?? DAYS.slice(0, 5).map(([day]) => day) });
  const begin = field(t("from"), { type: "time", value: from });
  // A day ends at 24:00 for the API, and at 00:00 for a field of times.
  const end = field(t("to"), { type: "time", value: to === "24:00" ? "00:00" : to, hint: t("schedule-end-hint") });
  const where = field(t("time-zone"), { value: schedule?.timeZone ?? zone(), dir: "ltr" });
  const details = element("div", { class: "schedule" }, days.element, element("div", { class: "editor" }, begin.element, end.element, where.element));
  const show = () => void (details.hidden = !limited.value);
  limited.element.addEventListener("change", show);
  show();
  return {
    element: element("div", { class: "field" }, limited.element, details),
    get value() {
      if (!limited.value) return null;
      return { timeZone: where.value, weekly: days.value.map((day) => [day, begin.value, end.value]), except: [] };
    },
    fields: { schedule: days, "schedule.weekly": days, "schedule.timeZone": where },
  };
}
