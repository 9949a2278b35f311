// The panel of a fence: who is inside, its visits, and what it is.

import { mayManage } from "../manage/roles.js";
import { confirmDialog } from "../ui/dialogs.js";
import { download } from "../ui/download.js";
import { versionOf } from "../ui/editing.js";
import { name as bdi } from "../ui/elements.js";
import { html, nothing, renderer } from "../ui/html.js";
import { inWords } from "../ui/problems.js";
import * as text from "../ui/text.js";
import { corners, draftOf, KINDS } from "./shapes.js";
import { visitTable } from "./visits.js";

const DAY = 86_400_000;
/** Milliseconds by which the clock of a device may be ahead (`HUB_MAX_FUTURE`). */
const AHEAD = 60_000;
const SPANS = [
  ["1", "Last 24 hours"],
  ["7", "Last 7 days"],
  ["30", "Last 30 days"],
];
const PAGE = 5_000;
/** Visits that are read at most. */
const BOUND = 20_000;

/** The panel of a fence. Returns `{destroy()}`. */
export function mountFencePanel(host, context, fenceId) {
  const { api, fences, fleet, map, session, navigate, announce } = context;
  const draw = renderer(host);
  let days = "1";
  /** `{visits}`, `{problem}` or null while they are read. */
  let past = null;
  let problem = "";
  let asked = 0;
  let frame = 0;
  let sought = false;

  function show() {
    frame = 0;
    draw(page());
  }

  const span = () => ({ from: new Date(fleet.now() - Number(days) * DAY).toISOString(), to: new Date(fleet.now() + AHEAD).toISOString(), fence: fenceId });

  async function load() {
    const turn = ++asked;
    try {
      const { items } = await api.all("/api/v1/visits", "visits", { ...span(), limit: PAGE }, { bound: BOUND });
      if (turn === asked) past = { visits: items };
    } catch (error) {
      if (turn === asked) past = { problem: inWords(error) };
    }
    show();
  }

  function choose(event) {
    days = event.target.value;
    past = null;
    show();
    load();
  }

  async function save() {
    problem = "";
    try {
      const response = await api.raw("/api/v1/visits", { ...span(), format: "csv" }, "text/csv");
      download(await response.blob(), "visits.csv");
    } catch (error) {
      problem = error.status === undefined ? "The download was interrupted." : inWords(error);
    }
    show();
  }

  const remove = (fence) =>
    confirmDialog(["Delete ", bdi(fence.name), "?"], "No further visits are recorded. Those of the past stay.", "Delete", async () => {
      await api.delete(`/api/v1/fences/${fenceId}`, { ifMatch: versionOf(fence) });
      fences.remove(fenceId);
      announce(`${fence.name} deleted.`);
      navigate("#/");
    });

  function page() {
    const fence = fences.get(fenceId);
    if (!fence) return html`${head("Fence")}<p class="panel-part">${fences.ready ? "There is no such fence. It may have been deleted." : "Loading …"}</p>`;
    return html`${head(fence.name, fence)}
      <section class="panel-part" aria-label="About the fence">
        <div class="actions">
          <button type="button" @click=${() => map.fit(corners(fence))}>Show on the map</button>
          ${mayManage(session.state) ? manage(fence) : nothing}
        </div>
        <p class="soft">${about(fence)}</p>
        <p class="complaint" role="alert">${problem}</p>
      </section>
      <section class="panel-part" aria-label="Drivers inside now"><h3>Inside now</h3>${insideNow()}</section>
      <section class="panel-part" aria-label="Visits">
        <h3>Visits</h3>
        <div class="actions">
          <select aria-label="Visits of the" @change=${choose}>${SPANS.map(([value, words]) => html`<option value=${value} ?selected=${days === value}>${words}</option>`)}</select>
          <button type="button" @click=${save}>Save as CSV</button>
        </div>
        ${visits()}
      </section>`;
  }

  const head = (called, fence) => html`<header class="panel-head">
    <div class="panel-name"><h2 dir="auto">${called}</h2>${fence?.category ? html`<p class="soft" dir="auto">${fence.category}</p>` : nothing}</div>
    <button type="button" class="quiet" aria-label="Close" @click=${() => navigate("#/")}>✕</button>
  </header>`;

  const manage = (fence) => html`<a class="button" href="#/fences/${encodeURIComponent(fenceId)}/edit">Edit</a>
    <button type="button" class="danger" @click=${() => remove(fence)}>Delete</button>`;

  function insideNow() {
    const drivers = [...fences.inside(fenceId)].sort(([, one], [, other]) => Date.parse(one) - Date.parse(other));
    if (drivers.length === 0) return html`<p class="soft">No driver is inside.</p>`;
    return html`<ul class="fence-inside">${drivers.map(
      ([driverId, since]) => html`<li><a href="#/drivers/${encodeURIComponent(driverId)}" dir="auto">${fleet.nameOf(driverId)}</a>
        <span class="soft">since <time datetime=${since} title=${text.utc(since)}>${text.recent(since, fleet.now())}</time></span></li>`,
    )}</ul>`;
  }

  function visits() {
    if (!past) return html`<p role="status">Loading the visits …</p>`;
    if (past.problem) return html`<div class="notice bad" role="alert">${past.problem} <button type="button" @click=${load}>Retry</button></div>`;
    if (past.visits.length === 0) return html`<p class="soft">${none()}</p>`;
    return visitTable(past.visits, fleet, "Visits, the newest first");
  }

  /** Before a fence was created, no visits of it were recorded. */
  function none() {
    const { createdAt } = fences.get(fenceId);
    return createdAt > span().from ? `No visits since the fence was created, ${text.recent(createdAt, fleet.now())}.` : "No visits in this time.";
  }

  /** Moves the map to the fence once it is known, unless it is in sight. */
  function seek() {
    const fence = fences.get(fenceId);
    if (!fence || sought) return;
    sought = true;
    map.fit(corners(fence));
    announce(`Details of ${fence.name}.`);
  }

  const ends = [
    fences.onChange(() => {
      seek();
      frame ||= requestAnimationFrame(show);
    }),
    fences.onEvent((message) => {
      if (message.fenceId === fenceId) load();
    }),
  ];
  map.fences.select(fenceId);
  show();
  seek();
  load();
  return {
    destroy() {
      asked += 1;
      cancelAnimationFrame(frame);
      map.fences.select(null);
      for (const end of ends) end();
    },
  };
}

/** A fence in a sentence. */
function about(fence) {
  const draft = draftOf(fence);
  const shape = draft ? KINDS[draft.kind] : "Several parts";
  const size = !draft || draft.kind === "polygon" ? "" : draft.kind === "circle" ? `, radius ${text.distance(fence.radius)}` : `, ${text.distance(fence.radius * 2)} wide`;
  const { drivers = [], groups = [] } = fence.watch;
  const watched = [drivers.length ? text.plural(drivers.length, "driver") : "", groups.length ? text.plural(groups.length, "group") : ""].filter(Boolean);
  return `${shape}${size}. ${watched.length ? `Watches ${watched.join(" and ")}.` : "Watches all drivers."}`;
}
