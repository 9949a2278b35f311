// The fences of the fleet, next to the map, with the number of drivers inside.

import { t } from "../i18n/messages.js";
import { mayManage } from "../manage/roles.js";
import { html, nothing, renderer } from "../ui/html.js";
import { inWords } from "../ui/problems.js";
import { corners } from "./shapes.js";

/** Fences that are put on the page at a time. */
const ROWS = 100;

/** Mount the list. Returns `{destroy()}`. */
export function mountFences(host, { fences, map, session, announce }) {
  const draw = renderer(host);
  let words = "";
  let rows = ROWS;
  let frame = 0;

  const found = () => {
    const wanted = words.trim().toLocaleLowerCase();
    return fences.all().filter(({ name, category }) => !wanted || `${name}\n${category ?? ""}`.toLocaleLowerCase().includes(wanted));
  };

  function show() {
    frame = 0;
    draw(page(found()));
  }

  function search(event) {
    words = event.target.value;
    rows = ROWS;
    show();
    announce(t("fences-count", { count: found().length }));
  }

  const page = (shown) => html`<div class="feed">
    <div class="list-head">
      <div class="list-tools">
        <input type="search" placeholder=${t("fences-search")} aria-label=${t("fences-search-label")} .value=${words} @input=${search}>
        ${mayManage(session.state) ? html`<a class="button primary" href="#/fences/new">${t("fence-new")}</a>` : nothing}
      </div>
    </div>
    <div class="feed-body" tabindex="0" role="region" aria-label=${t("fences")}>${body(shown)}</div>
  </div>`;

  function body(shown) {
    if (fences.failed && !fences.ready) {
      return html`<div class="notice bad" role="alert">${inWords(fences.failed)}
        <button type="button" @click=${fences.read}>${t("retry")}</button></div>`;
    }
    if (!fences.ready) return html`<p class="list-empty" role="status">${t("fences-loading")}</p>`;
    if (fences.all().length === 0) {
      return html`<div class="list-empty">
        <p><strong>${t("fences-none")}</strong></p>
        <p>${t("fences-none-about")}</p>
      </div>`;
    }
    if (shown.length === 0) return html`<p class="list-empty">${t("fences-none-match")}</p>`;
    return html`<ul class="fence-rows">${shown.slice(0, rows).map(row)}</ul>
      ${rows < shown.length ? html`<p class="feed-more"><button type="button" @click=${more}>${t("show-more")}</button></p>` : nothing}`;
  }

  function more() {
    rows += ROWS;
    show();
  }

  function row(fence) {
    const { fenceId, name, category, colour } = fence;
    const inside = fences.inside(fenceId).size;
    return html`<li class="fence-row" data-fence=${fenceId}>
      <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill=${colour ?? "#7a4fbf"}></rect></svg>
      <a href="#/fences/${encodeURIComponent(fenceId)}"><bdi>${name}</bdi></a>
      <span class="soft">${category ?? ""}</span>
      <span class="fence-count">${inside ? t("fence-inside", { count: inside }) : ""}</span>
      <button type="button" aria-label=${t("fence-show-name", { name })} @click=${() => map.fit(corners(fence))}>${t("fence-show")}</button>
    </li>`;
  }

  const end = fences.onChange(() => void (frame ||= requestAnimationFrame(show)));
  show();
  return {
    destroy() {
      end();
      cancelAnimationFrame(frame);
    },
  };
}
