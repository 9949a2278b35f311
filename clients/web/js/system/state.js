// The state of the hub's parts, of the log as a queue, of the recorder and of the channels; read again every few seconds.

import { STATES as CHANNEL_STATES, KINDS } from "../alerts/channel-kinds.js";
import { html, nothing, renderer } from "../ui/html.js";
import { element } from "../ui/element.js";
import { inWords } from "../ui/problems.js";
import * as text from "../ui/text.js";

const PATH = "/api/v1/system";
/** Milliseconds between two reads. */
const EVERY = 5_000;

const PARTS = {
  live: "Live positions",
  log: "Log (Redis)",
  history: "Recorder",
  database: "History (PostgreSQL)",
  clock: "Clock",
};
const STATUSES = { ok: "OK", degraded: "Degraded", unavailable: "Unavailable" };
const RECORDER = { standby: "Standby", recording: "Recording", retrying: "Retrying", starting: "Starting" };
const SOURCES = { redis: "Redis", postgresql: "PostgreSQL", drivers: "the drivers" };

export function mountState(place, { api, fleet }) {
  const host = element("div", { class: "system-state" });
  place.append(host);
  const draw = renderer(host);
  /** The last answer stays while a later one fails. */
  let state = null;
  let problem = "";
  let timer = null;
  let ended = false;

  async function load() {
    clearTimeout(timer);
    try {
      state = (await api.get(PATH)).data;
      problem = "";
    } catch (error) {
      problem = inWords(error);
    }
    if (ended) return;
    draw(page());
    timer = setTimeout(load, EVERY);
  }

  const page = () => html`
    ${problem ? html`<p class="notice bad" role="alert">${problem}</p>` : nothing}
    ${state ? [parts(state), figures(state), channels(state)] : nothing}`;

  function figures({ hub, log, recorder, kept }) {
    const age = (instant) => (instant ? `${text.duration((fleet.now() - Date.parse(instant)) / 1000)} ago` : "Never");
    return html`<div class="system-figures">
      ${section("Hub", [
        ["Started", age(hub.startedAt)],
        ["Open connections", text.count(hub.connections)],
        ...Object.entries(hub.clockOffsets).map(([source, offset]) => [`Clock ahead of ${SOURCES[source] ?? source}`, seconds(offset)]),
      ])}
      ${log ? section("Log", [
        ["Entries", text.count(log.entries)],
        ["Memory", bytes(log.bytes)],
        ["Positions that wait for the log", text.count(log.unlogged)],
      ]) : missing("Log", "Redis does not answer.")}
      ${recorder ? section("Recorder", [
        ["State", RECORDER[recorder.state] ?? recorder.state],
        ["Entries that wait", text.count(recorder.backlogEntries)],
        ["Age of the oldest", recorder.lagSeconds === null ? text.UNKNOWN : seconds(recorder.lagSeconds)],
        ["Last commit", age(recorder.lastCommitAt)],
        ["Positions stored since its start", text.count(recorder.rows)],
        ["Positions that were stored already", text.count(recorder.duplicates)],
        ["Retries", text.count(recorder.retries)],
        ["Acknowledged positions lost", text.count(recorder.lost), recorder.lost > 0],
        ...(recorder.error ? [["Last error", recorder.error, true]] : []),
      ]) : missing("Recorder", "No recorder has reported for 15 seconds.")}
      ${kept ? section("Not stored", [
        ["Dead letters", text.count(kept.deadLetters), kept.deadLetters > 0],
        ["Quarantined requests", text.count(kept.payloads), kept.payloads > 0],
        ["Points in them", text.count(kept.points)],
      ]) : missing("Not stored", "PostgreSQL does not answer.")}
    </div>`;
  }

  load();
  return {
    destroy() {
      ended = true;
      clearTimeout(timer);
    },
  };
}

const parts = ({ health }) => html`<section aria-labelledby="system-parts">
  <h3 id="system-parts">Parts of the hub</h3>
  <p>Version ${health.version}. ${health.status === "ok" ? "All parts work." : nothing}</p>
  <ul class="system-parts">${Object.entries(health.checks).map(([part, { status, details }]) => html`<li data-part=${part}>
    <span class=${status === "ok" ? "mark" : "mark bad"}>${STATUSES[status] ?? status}</span>
    <strong>${PARTS[part] ?? part}</strong>
    ${(details ?? []).map((line) => html`<p class="soft">${line}</p>`)}
  </li>`)}</ul>
</section>`;

function channels({ channels: rows }) {
  if (!rows?.length) return nothing;
  return html`<section aria-labelledby="system-channels">
    <h3 id="system-channels">Channels</h3>
    <div class="figures-scroll" role="region" aria-label="Channels" tabindex="0"><table>
      <thead><tr>${["Channel", "Kind", "State", "Wait", "Oldest since", "Given up"].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>
        <th scope="row"><bdi>${row.name}</bdi></th>
        <td>${KINDS[row.kind]?.name ?? row.kind}</td>
        <td><span class=${["failing", "disabled"].includes(row.state) ? "mark bad" : "mark"}>${CHANNEL_STATES[row.state] ?? row.state}</span> ${row.reason ?? nothing}</td>
        <td>${text.count(row.pending)}</td>
        <td>${row.oldestAt ? text.instant(row.oldestAt) : text.UNKNOWN}</td>
        <td>${text.count(row.dead)}</td>
      </tr>`)}</tbody>
    </table></div>
    <p class="soft">What was given up is sent again from the channel's log, or with <code>replay</code> of the API.</p>
  </section>`;
}

/** @param {string} title @param {any[][]} rows of a name, a figure, and whether it is bad */
const section = (title, rows) => html`<section>
  <h3>${title}</h3>
  <dl>${rows.map(([name, figure, bad]) => html`<div><dt>${name}</dt><dd class=${bad ? "bad" : ""}>${figure}</dd></div>`)}</dl>
</section>`;

const missing = (title, why) => html`<section><h3>${title}</h3><p class="soft">${why}</p></section>`;

/** Few seconds are told with two decimals: a clock is wrong from one on. */
const seconds = (value) => (Math.abs(value) < 60 ? `${value.toFixed(2)} s` : text.duration(value));

function bytes(count) {
  if (count < 1_048_576) return `${text.count(count / 1024)} KiB`;
  return `${text.count(count / 1_048_576)} MiB`;
}
