// The state of the hub's parts, of the log as a queue, of the recorder and of the channels; read again every few seconds.

import { STATES as CHANNEL_STATES, KINDS } from "../alerts/channel-kinds.js";
import { locale, rich, t } from "../i18n/messages.js";
import { html, nothing, renderer } from "../ui/html.js";
import { element } from "../ui/element.js";
import { inWords } from "../ui/problems.js";
import * as text from "../ui/text.js";

const PATH = "/api/v1/system";
/** Milliseconds between two reads. */
const EVERY = 5_000;

const PARTS = {
  live: t("system-live"),
  log: t("system-redis"),
  history: t("system-recorder"),
  database: t("system-postgresql"),
  clock: t("system-clock"),
};
const STATUSES = { ok: t("system-ok"), degraded: t("system-degraded"), unavailable: t("system-unavailable") };
const RECORDER = { standby: t("system-standby"), recording: t("system-recording"), retrying: t("system-retrying"), starting: t("system-starting") };
const SOURCES = { redis: "Redis", postgresql: "PostgreSQL", drivers: t("system-the-drivers") };

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

  const age = (instant) => (instant ? t("duration-ago", { duration: text.duration((fleet.now() - Date.parse(instant)) / 1000) }) : t("never"));

  const page = () => html`
    ${problem ? html`<p class="notice bad" role="alert">${problem}</p>` : nothing}
    ${state ? [parts(state), nodes(state), figures(state), channels(state)] : nothing}`;

  /** The processes that serve clients, of all hubs: what `hub nodes` lists. */
  function nodes({ nodes: rows }) {
    if (!rows) return nothing;
    return html`<section aria-labelledby="system-nodes">
      <h3 id="system-nodes">${t("system-nodes")}</h3>
      <p class="soft">${t("system-nodes-about")}</p>
      <div class="figures-scroll" role="region" aria-label=${t("system-nodes")} tabindex="0"><table>
        <thead><tr>${[t("system-node"), t("system-node-version"), t("system-started"), t("system-connections"), t("column-state"), t("system-behind")].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr data-node=${row.id}>
          <th scope="row"><bdi>${row.address} (${row.pid})</bdi></th>
          <td><bdi>${row.version}</bdi></td>
          <td>${age(row.startedAt)}</td>
          <td>${text.count(row.connections)}</td>
          <td><span class=${row.draining ? "mark bad" : "mark"}>${row.draining ? t("system-draining") : t("system-serving")}</span></td>
          <td class=${row.behindMs === null ? "" : "bad"}>${row.behindMs === null ? t("system-up-to-date") : seconds(row.behindMs / 1000)}</td>
        </tr>`)}</tbody>
      </table></div>
    </section>`;
  }

  function figures({ hub, log, recorder, kept }) {
    return html`<div class="system-figures">
      ${section(t("system-hub"), [
        [t("system-started"), age(hub.startedAt)],
        [t("system-connections"), text.count(hub.connections)],
        ...Object.entries(hub.clockOffsets).map(([source, offset]) => [t("system-clock-ahead", { source: SOURCES[source] ?? source }), seconds(offset)]),
      ])}
      ${log ? section(t("system-log"), [
        [t("system-entries"), text.count(log.entries)],
        [t("system-memory"), bytes(log.bytes)],
        [t("system-unlogged"), text.count(log.unlogged)],
      ]) : missing(t("system-log"), t("system-no-redis"))}
      ${recorder ? section(t("system-recorder"), [
        [t("column-state"), RECORDER[recorder.state] ?? recorder.state],
        [t("system-backlog"), text.count(recorder.backlogEntries)],
        [t("system-lag"), recorder.lagSeconds === null ? text.UNKNOWN : seconds(recorder.lagSeconds)],
        [t("system-last-commit"), age(recorder.lastCommitAt)],
        [t("system-rows"), text.count(recorder.rows)],
        [t("system-duplicates"), text.count(recorder.duplicates)],
        [t("system-retries"), text.count(recorder.retries)],
        [t("system-lost"), text.count(recorder.lost), recorder.lost > 0],
        ...(recorder.error ? [[t("system-last-error"), recorder.error, true]] : []),
      ]) : missing(t("system-recorder"), t("system-no-recorder"))}
      ${kept ? section(t("system-not-stored"), [
        [t("system-dead-letters"), text.count(kept.deadLetters), kept.deadLetters > 0],
        [t("system-payloads"), text.count(kept.payloads), kept.payloads > 0],
        [t("system-points-in-them"), text.count(kept.points)],
      ]) : missing(t("system-not-stored"), t("system-no-postgresql"))}
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
  <h3 id="system-parts">${t("system-parts")}</h3>
  <p>${t("system-version", { version: health.version })} ${health.status === "ok" ? t("system-all-work") : nothing}</p>
  <ul class="system-parts">${Object.entries(health.checks).map(([part, { status, details }]) => html`<li data-part=${part}>
    <span class=${status === "ok" ? "mark" : "mark bad"}>${STATUSES[status] ?? status}</span>
    <strong>${PARTS[part] ?? part}</strong>
    ${(details ?? []).map((line) => html`<p class="soft">${line}</p>`)}
  </li>`)}</ul>
</section>`;

function channels({ channels: rows }) {
  if (!rows?.length) return nothing;
  return html`<section aria-labelledby="system-channels">
    <h3 id="system-channels">${t("channels")}</h3>
    <div class="figures-scroll" role="region" aria-label=${t("channels")} tabindex="0"><table>
      <thead><tr>${[t("column-channel"), t("column-kind"), t("column-state"), t("system-wait"), t("system-oldest"), t("system-given-up")].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>
        <th scope="row"><bdi>${row.name}</bdi></th>
        <td>${KINDS[row.kind]?.name ?? row.kind}</td>
        <td><span class=${["failing", "disabled"].includes(row.state) ? "mark bad" : "mark"}>${CHANNEL_STATES[row.state] ?? row.state}</span> ${row.reason ?? nothing}</td>
        <td>${text.count(row.pending)}</td>
        <td>${row.oldestAt ? text.instant(row.oldestAt) : text.UNKNOWN}</td>
        <td>${text.count(row.dead)}</td>
      </tr>`)}</tbody>
    </table></div>
    <p class="soft">${rich("system-replay", { command: html`<code>replay</code>` })}</p>
  </section>`;
}

/** @param {string} title @param {any[][]} rows of a name, a figure, and whether it is bad */
const section = (title, rows) => html`<section>
  <h3>${title}</h3>
  <dl>${rows.map(([name, figure, bad]) => html`<div><dt>${name}</dt><dd class=${bad ? "bad" : ""}>${figure}</dd></div>`)}</dl>
</section>`;

const missing = (title, why) => html`<section><h3>${title}</h3><p class="soft">${why}</p></section>`;

const hundredths = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Few seconds are told with two decimals: a clock is wrong from one on. */
const seconds = (value) => (Math.abs(value) < 60 ? t("duration-seconds", { value: hundredths.format(value) }) : text.duration(value));

function bytes(count) {
  if (count < 1_048_576) return t("kibibytes", { value: text.count(count / 1024) });
  return t("mebibytes", { value: text.count(count / 1_048_576) });
}
