// The event feed: the alerts of the fleet, newest first, as they come.

import { rich, t } from "../i18n/messages.js";
import { html, nothing, renderer } from "../ui/html.js";
import { inWords } from "../ui/problems.js";
import * as text from "../ui/text.js";
import { matches, SEVERITIES, stateOf } from "./words.js";

/** Alerts that are put on the page at a time. */
const ROWS = 50;

const STATES = { all: t("feed-all"), unacknowledged: t("feed-unacknowledged"), open: t("alert-open") };

/**
 * Mount the feed; `alerts` and `signals` are those of the page. Returns `{destroy()}`.
 * @param {HTMLElement} host
 */
export function mountFeed(host, { alerts, signals, push, fleet, announce }) {
  const draw = renderer(host);
  const filter = { state: "all", severity: "all", words: "" };
  let rows = ROWS;
  let problem = "";
  /** What the last click on a push button led to. */
  let said = "";
  let frame = 0;
  let ended = false;
  /** Channels that this browser can subscribe to. */
  let offered = [];

  /** At once where a user acts; alerts that come together are drawn together. */
  function soon() {
    frame ||= requestAnimationFrame(show);
  }

  function show() {
    frame = 0;
    const found = alerts.all().filter((alert) => matches(alert, filter));
    draw(page(found));
  }

  function choose(change) {
    Object.assign(filter, change);
    rows = ROWS;
    show();
    announce(t("feed-count", { count: alerts.all().filter((alert) => matches(alert, filter)).length }));
  }

  /** @param {() => Promise<void>} act */
  async function answer(act, words) {
    problem = "";
    try {
      await act();
      announce(words);
    } catch (error) {
      problem = inWords(error);
    }
    show();
  }

  async function showMore(found) {
    if (rows < found) rows += ROWS;
    else await alerts.more();
    rows = Math.max(rows, found + 1);
    show();
  }

  async function readChannels() {
    try {
      offered = await push.channels();
    } catch (error) {
      console.info("The channels for browsers could not be read:", error.message);
    }
    if (!ended) show();
  }

  async function pressPush(channel) {
    problem = "";
    try {
      announce((said = await push.toggle(channel)));
    } catch (error) {
      problem = inWords(error);
    }
    show();
  }

  async function press(change) {
    await change();
    show();
  }

  const page = (found) => html`<div class="feed">
    <div class="list-head">
      <div class="list-tools">
        <input type="search" placeholder=${t("feed-search")} aria-label=${t("feed-search")} .value=${filter.words}
          @input=${(event) => choose({ words: event.target.value })}>
      </div>
      <div class="list-tools">
        ${choice(t("feed-state"), "state", Object.entries(STATES))}
        ${choice(t("feed-severity"), "severity", [["all", t("feed-any-severity")], ...Object.entries(SEVERITIES)])}
      </div>
      <div class="signals" role="group" aria-label=${t("feed-signals")}>
        <button type="button" aria-pressed=${signals.sound} @click=${() => press(signals.switchSound)}>${t("feed-sound")}</button>
        <button type="button" aria-pressed=${signals.notify} @click=${() => press(signals.switchNotify)}>${t("feed-notifications")}</button>
        ${offered.map(
          (channel) => html`<button type="button" aria-pressed=${push.channelId === channel.id} @click=${() => pressPush(channel)}
            title=${t("feed-push-title")}>${rich("feed-push", { channel: html`<bdi>${channel.name}</bdi>` })}</button>`,
        )}
      </div>
      ${said ? html`<p class="soft">${said}</p>` : nothing}
      <p class="complaint" role="alert">${problem}</p>
    </div>
    <div class="feed-body" tabindex="0" role="region" aria-label=${t("alerts")}>${body(found)}</div>
  </div>`;

  const choice = (label, key, options) => html`<select aria-label=${label} @change=${(event) => choose({ [key]: event.target.value })}>
    ${options.map(([value, words]) => html`<option value=${value} ?selected=${filter[key] === value}>${words}</option>`)}
  </select>`;

  function body(found) {
    if (alerts.failed) {
      return html`<div class="notice bad" role="alert">${inWords(alerts.failed)}
        <button type="button" @click=${alerts.again}>${t("retry")}</button></div>`;
    }
    if (!alerts.ready) return html`<p class="list-empty" role="status">${t("feed-loading")}</p>`;
    if (found.length === 0) return empty();
    const more = rows < found.length || alerts.hasMore;
    return html`<ol class="feed-items">${found.slice(0, rows).map(item)}</ol>
      ${more ? html`<p class="feed-more"><button type="button" @click=${() => showMore(found.length)}>${t("show-more")}</button></p>` : nothing}`;
  }

  function empty() {
    if (alerts.all().length > 0) return html`<p class="list-empty">${t("feed-none-match")}</p>`;
    return html`<div class="list-empty">
      <p><strong>${t("feed-none")}</strong></p>
      <p>${t("feed-none-about")}</p>
    </div>`;
  }

  function item(alert) {
    const driver = encodeURIComponent(alert.driverId);
    const { fenceId } = alert.details;
    return html`<li class="feed-item" data-alert=${alert.alertId} data-severity=${alert.severity} data-state=${alert.state}>
      <div class="feed-title">
        <strong dir="auto">${alert.title}</strong>
        <time datetime=${alert.at} title=${text.utc(alert.at)}>${text.recent(alert.at, fleet.now())}</time>
      </div>
      <p dir="auto">${alert.text}</p>
      <p class="soft"><span class="mark" data-severity=${alert.severity}>${SEVERITIES[alert.severity] ?? alert.severity}</span> ${stateOf(alert)}</p>
      <div class="feed-actions">
        ${alert.driverId
          ? html`<a href="#/drivers/${driver}" aria-label=${t("feed-show-driver", { name: fleet.nameOf(alert.driverId) })}><bdi>${fleet.nameOf(alert.driverId)}</bdi></a>
              <a href="#/drivers/${driver}/at/${encodeURIComponent(alert.at)}" aria-label=${t("feed-show-moment", { text: alert.text })}>${t("feed-moment")}</a>`
          : nothing}
        ${fenceId ? html`<a href="#/fences/${encodeURIComponent(fenceId)}" aria-label=${t("feed-show-fence", { text: alert.text })}>${t("feed-fence")}</a>` : nothing}
        ${alert.state !== "corrected" && !alert.acknowledgedAt
          ? html`<button type="button" aria-label=${t("feed-acknowledge-alert", { text: alert.text })} @click=${() => answer(() => alerts.acknowledge(alert.alertId), t("feed-acknowledged"))}>${t("feed-acknowledge")}</button>`
          : nothing}
        ${alert.kind === "maintenance" && alert.state === "open"
          ? html`<button type="button" aria-label=${t("feed-done-alert", { text: alert.text })} title=${t("feed-done-title")}
              @click=${() => answer(() => alerts.done(alert), t("feed-done-said"))}>${t("feed-done")}</button>`
          : nothing}
      </div>
    </li>`;
  }

  const end = alerts.onChange(soon);
  show();
  readChannels();
  return {
    destroy() {
      ended = true;
      end();
      cancelAnimationFrame(frame);
    },
  };
}
