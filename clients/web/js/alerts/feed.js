// The event feed: the alerts of the fleet, newest first, as they come.

import { html, nothing, renderer } from "../ui/html.js";
import { inWords } from "../ui/problems.js";
import * as text from "../ui/text.js";
import { matches, SEVERITIES, stateOf } from "./words.js";

/** Alerts that are put on the page at a time. */
const ROWS = 50;

const STATES = { all: "All alerts", unacknowledged: "Not acknowledged", open: "Open" };

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
    announce(`${text.plural(alerts.all().filter((alert) => matches(alert, filter)).length, "alert")}.`);
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
        <input type="search" placeholder="Search alerts" aria-label="Search alerts" .value=${filter.words}
          @input=${(event) => choose({ words: event.target.value })}>
      </div>
      <div class="list-tools">
        ${choice("Show alerts that are", "state", Object.entries(STATES))}
        ${choice("Show alerts of the severity", "severity", [["all", "Any severity"], ...Object.entries(SEVERITIES)])}
      </div>
      <div class="signals" role="group" aria-label="Signals of new alerts">
        <button type="button" aria-pressed=${signals.sound} @click=${() => press(signals.switchSound)}>Sound</button>
        <button type="button" aria-pressed=${signals.notify} @click=${() => press(signals.switchNotify)}>Notifications</button>
        ${offered.map(
          (channel) => html`<button type="button" aria-pressed=${push.channelId === channel.id} @click=${() => pressPush(channel)}
            title="Sent to this browser, also while the page is closed">Push: <bdi>${channel.name}</bdi></button>`,
        )}
      </div>
      ${said ? html`<p class="soft">${said}</p>` : nothing}
      <p class="complaint" role="alert">${problem}</p>
    </div>
    <div class="feed-body" tabindex="0" role="region" aria-label="Alerts">${body(found)}</div>
  </div>`;

  const choice = (label, key, options) => html`<select aria-label=${label} @change=${(event) => choose({ [key]: event.target.value })}>
    ${options.map(([value, words]) => html`<option value=${value} ?selected=${filter[key] === value}>${words}</option>`)}
  </select>`;

  function body(found) {
    if (alerts.failed) {
      return html`<div class="notice bad" role="alert">${inWords(alerts.failed)}
        <button type="button" @click=${alerts.again}>Retry</button></div>`;
    }
    if (!alerts.ready) return html`<p class="list-empty" role="status">Loading the alerts …</p>`;
    if (found.length === 0) return empty();
    const more = rows < found.length || alerts.hasMore;
    return html`<ol class="feed-items">${found.slice(0, rows).map(item)}</ol>
      ${more ? html`<p class="feed-more"><button type="button" @click=${() => showMore(found.length)}>Show more</button></p>` : nothing}`;
  }

  function empty() {
    if (alerts.all().length > 0) return html`<p class="list-empty">No matching alerts. Clear the search, or choose All alerts.</p>`;
    return html`<div class="list-empty">
      <p><strong>No alerts yet.</strong></p>
      <p>A rule makes an alert, for example when a driver enters a fence. Rules are set up on the page Manage.</p>
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
          ? html`<a href="#/drivers/${driver}" aria-label="Show the driver ${fleet.nameOf(alert.driverId)}"><bdi>${fleet.nameOf(alert.driverId)}</bdi></a>
              <a href="#/drivers/${driver}/at/${encodeURIComponent(alert.at)}" aria-label="Show the place and the moment: ${alert.text}">Moment</a>`
          : nothing}
        ${fenceId ? html`<a href="#/fences/${encodeURIComponent(fenceId)}" aria-label="Show the fence of: ${alert.text}">Fence</a>` : nothing}
        ${alert.state !== "corrected" && !alert.acknowledgedAt
          ? html`<button type="button" aria-label="Acknowledge: ${alert.text}" @click=${() => answer(() => alerts.acknowledge(alert.alertId), "Acknowledged.")}>Acknowledge</button>`
          : nothing}
        ${alert.kind === "maintenance" && alert.state === "open"
          ? html`<button type="button" aria-label="Done: ${alert.text}" title="The maintenance is done: count from now on"
              @click=${() => answer(() => alerts.done(alert), "Maintenance is counted from now on.")}>Done</button>`
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
