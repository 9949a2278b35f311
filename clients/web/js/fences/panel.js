// The panel of a fence: who is inside, its visits, and what it is.

import { rich, t } from "../i18n/messages.js";
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
  ["1", t("span-day")],
  ["7", t("span-days-7")],
  ["30", t("span-days-30")],
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
      problem = error.status === undefined ? t("download-interrupted") : inWords(error);
    }
    show();
  }

  const remove = (fence) =>
    confirmDialog(rich("delete-title", { name: bdi(fence.name) }), t("fence-delete-about"), t("delete"), async () => {
      await api.delete(`/api/v1/fences/${fenceId}`, { ifMatch: versionOf(fence) });
      fences.remove(fenceId);
      announce(t("deleted", { name: fence.name }));
      navigate("#/");
    });

  function page() {
    const fence = fences.get(fenceId);
    if (!fence) return html`${head(t("fence"))}<p class="panel-part">${fences.ready ? t("fence-missing") : t("loading")}</p>`;
    return html`${head(fence.name, fence)}
      <section class="panel-part" aria-label=${t("fence-about")}>
        <div class="actions">
          <button type="button" @click=${() => map.fit(corners(fence))}>${t("fence-show-on-map")}</button>
          ${mayManage(session.state) ? manage(fence) : nothing}
        </div>
        <p class="soft">${about(fence)}</p>
        <p class="complaint" role="alert">${problem}</p>
      </section>
      <section class="panel-part" aria-label=${t("fence-inside-label")}><h3>${t("fence-inside-title")}</h3>${insideNow()}</section>
      <section class="panel-part" aria-label=${t("fence-visits")}>
        <h3>${t("fence-visits")}</h3>
        <div class="actions">
          <select aria-label=${t("fence-visits-of")} @change=${choose}>${SPANS.map(([value, words]) => html`<option value=${value} ?selected=${days === value}>${words}</option>`)}</select>
          <button type="button" @click=${save}>${t("save-csv")}</button>
        </div>
        ${visits()}
      </section>`;
  }

  const head = (called, fence) => html`<header class="panel-head">
    <div class="panel-name"><h2 dir="auto">${called}</h2>${fence?.category ? html`<p class="soft" dir="auto">${fence.category}</p>` : nothing}</div>
    <button type="button" class="quiet" aria-label=${t("close")} @click=${() => navigate("#/")}>✕</button>
  </header>`;

  const manage = (fence) => html`<a class="button" href="#/fences/${encodeURIComponent(fenceId)}/edit">${t("edit")}</a>
    <button type="button" class="danger" @click=${() => remove(fence)}>${t("delete")}</button>`;

  function insideNow() {
    const drivers = [...fences.inside(fenceId)].sort(([, one], [, other]) => Date.parse(one) - Date.parse(other));
    if (drivers.length === 0) return html`<p class="soft">${t("fence-inside-none")}</p>`;
    return html`<ul class="fence-inside">${drivers.map(
      ([driverId, since]) => html`<li><a href="#/drivers/${encodeURIComponent(driverId)}" dir="auto">${fleet.nameOf(driverId)}</a>
        <span class="soft">${rich("fence-since", { time: html`<time datetime=${since} title=${text.utc(since)}>${text.recent(since, fleet.now())}</time>` })}</span></li>`,
    )}</ul>`;
  }

  function visits() {
    if (!past) return html`<p role="status">${t("fence-visits-loading")}</p>`;
    if (past.problem) return html`<div class="notice bad" role="alert">${past.problem} <button type="button" @click=${load}>${t("retry")}</button></div>`;
    if (past.visits.length === 0) return html`<p class="soft">${none()}</p>`;
    return visitTable(past.visits, fleet, t("fence-visits-newest"));
  }

  /** Before a fence was created, no visits of it were recorded. */
  function none() {
    const { createdAt } = fences.get(fenceId);
    return createdAt > span().from ? t("fence-visits-created", { time: text.recent(createdAt, fleet.now()) }) : t("fence-visits-none");
  }

  /** Moves the map to the fence once it is known, unless it is in sight. */
  function seek() {
    const fence = fences.get(fenceId);
    if (!fence || sought) return;
    sought = true;
    map.fit(corners(fence));
    announce(t("details-of", { name: fence.name }));
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
  const shape = draft ? sized(draft.kind, fence.radius) : t("fence-several-parts");
  const { drivers = [], groups = [] } = fence.watch;
  const watched = [drivers.length ? t("count-drivers", { count: drivers.length }) : "", groups.length ? t("count-groups", { count: groups.length }) : ""].filter(Boolean);
  return watched.length ? t("fence-watches", { shape, watched: text.list(watched) }) : t("fence-watches-all", { shape });
}

/** A shape with its size. */
function sized(kind, radius) {
  if (kind === "polygon") return KINDS[kind];
  return kind === "circle" ? t("fence-circle-of", { radius: text.distance(radius) }) : t("fence-corridor-of", { width: text.distance(radius * 2) });
}
