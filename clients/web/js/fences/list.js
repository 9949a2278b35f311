// The fences of the fleet, next to the map, with the number of drivers inside.

import { mayManage } from "../manage/roles.js";
import { html, nothing, renderer } from "../ui/html.js";
import { inWords } from "../ui/problems.js";
import * as text from "../ui/text.js";
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
    announce(`${text.plural(found().length, "fence")}.`);
  }

  const page = (shown) => html`<div class="feed">
    <div class="list-head">
      <div class="list-tools">
        <input type="search" placeholder="Search fences" aria-label="Search fences by name or category" .value=${words} @input=${search}>
        ${mayManage(session.state) ? html`<a class="button primary" href="#/fences/new">New fence</a>` : nothing}
      </div>
    </div>
    <div class="feed-body" tabindex="0" role="region" aria-label="Fences">${body(shown)}</div>
  </div>`;

  function body(shown) {
    if (fences.failed && !fences.ready) {
      return html`<div class="notice bad" role="alert">${inWords(fences.failed)}
        <button type="button" @click=${fences.read}>Retry</button></div>`;
    }
    if (!fences.ready) return html`<p class="list-empty" role="status">Loading the fences …</p>`;
    if (fences.all().length === 0) {
      return html`<div class="list-empty">
        <p><strong>No fences yet.</strong></p>
        <p>A fence is a place on the map. The hub records the visits of drivers, and rules make alerts of them.</p>
      </div>`;
    }
    if (shown.length === 0) return html`<p class="list-empty">No matching fences. Clear the search.</p>`;
    return html`<ul class="fence-rows">${shown.slice(0, rows).map(row)}</ul>
      ${rows < shown.length ? html`<p class="feed-more"><button type="button" @click=${more}>Show more</button></p>` : nothing}`;
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
      <span class="fence-count">${inside ? `${text.count(inside)} inside` : ""}</span>
      <button type="button" aria-label="Show ${name} on the map" @click=${() => map.fit(corners(fence))}>Show</button>
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
