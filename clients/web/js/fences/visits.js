// A table of visits, in the panel of a fence and in the preview of one.

import { t } from "../i18n/messages.js";
import { html } from "../ui/html.js";
import * as text from "../ui/text.js";

/** Visits that are listed; the file has all of them. */
const MOST = 200;

/**
 * @param {any[]} visits newest last
 * @param {{nameOf: (driverId: string) => string, now: () => number}} fleet
 * @param {string} label
 */
export function visitTable(visits, fleet, label) {
  const shown = visits.slice(-MOST).toReversed();
  return html`<div class="figures-scroll" role="region" aria-label=${label} tabindex="0">
    <table class="figures-table visits">
      <caption class="unseen">${label}</caption>
      <thead><tr><th scope="col">${t("column-driver")}</th><th scope="col">${t("fence-entered")}</th><th scope="col">${t("fence-for")}</th></tr></thead>
      <tbody>${shown.map((visit) => row(visit, fleet))}</tbody>
    </table>
  </div>
  ${visits.length > MOST ? html`<p class="soft">${t("fence-visits-last", { shown: MOST, count: visits.length })}</p>` : ""}`;
}

function row({ driverId, enteredAt, exitedAt, duration }, fleet) {
  const address = `#/drivers/${encodeURIComponent(driverId)}/at/${encodeURIComponent(enteredAt)}`;
  return html`<tr data-driver=${driverId}>
    <th scope="row"><a href=${address} dir="auto">${fleet.nameOf(driverId)}</a></th>
    <td><time datetime=${enteredAt} title=${text.utc(enteredAt)}>${text.recent(enteredAt, fleet.now())}</time></td>
    <td>${exitedAt ? text.duration(duration) : t("fence-still-inside", { duration: text.duration(duration) })}</td>
  </tr>`;
}
