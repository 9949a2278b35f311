// The search on the map: coordinates, drivers, fences, places and addresses. A combobox of WAI-ARIA: the focus stays in
// the field, and the arrow keys choose.

import { rich, t } from "../i18n/messages.js";
import { loadMapLibre } from "../map/maplibre.js";
import { element, find } from "../ui/element.js";
import { html, nothing, renderer } from "../ui/html.js";
import { distance } from "../ui/text.js";

const PATH = "/api/v1/geocode/search";
/** Milliseconds after the last letter until the hub is asked. */
const PAUSE = 200;
/** Zoom for each kind of answer; a place may be a city. */
const ZOOM = { coordinates: 15, address: 16, place: 12, driver: 14 };

const KINDS = { coordinates: t("finder-coordinates"), driver: t("column-driver"), fence: t("fence"), place: t("panel-place"), address: t("finder-address") };

/**
 * Mount the search into the map's element, before the map, for as long as the page is open.
 * @param {HTMLElement} host
 */
export function mountFinder(host, { api, map, navigate, announce }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const place = element("div", { class: "finder" });
  host.prepend(place);
  const draw = renderer(place);

  let text = "";
  let results = [];
  let active = -1;
  let open = false;
  let geocoder = false;
  /** Whether addresses were asked for the text. */
  let asked = false;
  let said = "";
  let marker = null;
  let timer = null;
  let number = 0;
  /** Whether the answer for the text is still to come. */
  let pending = false;
  /** Whether Enter was pressed before it came. */
  let entered = false;

  /** The last entry asks the geocoder, which is not done for each letter. */
  const offers = () => geocoder && !asked && text.trim().length > 2;
  const entries = () => results.length + Number(offers());

  function show() {
    const expanded = open && (entries() > 0 || said !== "");
    draw(html`
      <search aria-label=${t("finder")}>
        <input
          type="search" role="combobox" placeholder=${t("finder-search")} aria-label=${t("finder-label")}
          aria-expanded=${expanded} aria-controls="finder-list" aria-autocomplete="list" autocomplete="off" spellcheck="false" maxlength="100"
          aria-activedescendant=${active >= 0 ? `finder-${active}` : nothing}
          .value=${text} @input=${typed} @keydown=${pressed} @focus=${reopen} @blur=${left}
        />
        <ul id="finder-list" role="listbox" aria-label=${t("finder-results")} ?hidden=${!expanded || entries() === 0}>
          ${results.map(option)} ${offers() ? addresses() : nothing}
        </ul>
        <p class="finder-said" role="status" ?hidden=${!open || said === ""}>${said}</p>
      </search>
    `);
  }

  // Pressed with the mouse, an entry must not take the focus from the field.
  const entry = (index, content, press) => html`
    <li id="finder-${index}" role="option" aria-selected=${active === index} @mousedown=${(event) => event.preventDefault()} @click=${press}>${content}</li>
  `;

  const option = (hit, index) => {
    const far = hit.kind === "coordinates" || hit.distance === undefined ? "" : ` · ${distance(hit.distance)}`;
    return entry(index, html`<bdi>${hit.text}</bdi> <span class="soft">${KINDS[hit.kind]}${far}</span>`, () => choose(hit));
  };

  const addresses = () => entry(results.length, html`${rich("finder-addresses", { text: html`<bdi>${text.trim()}</bdi>` })}`, () => ask(true));

  function typed(event) {
    text = event.target.value;
    [active, asked, open, said] = [-1, false, true, ""];
    forgetQuestion();
    pending = text.trim() !== "";
    if (pending) timer = setTimeout(ask, PAUSE, false);
    else clear();
    show();
  }

  async function ask(withAddresses) {
    clearTimeout(timer);
    const mine = (number += 1);
    pending = true;
    const { lat, lng } = map.maplibre.getCenter().wrap();
    if (withAddresses) {
      said = t("finder-searching");
      show();
    }
    let found;
    try {
      found = (await api.get(PATH, { q: text.trim(), latitude: lat, longitude: lng, addresses: withAddresses || undefined })).data;
    } catch (error) {
      found = { results: [], failed: error.message, geocoder };
    }
    if (mine !== number) return;
    ({ results, geocoder } = found);
    // The field may have been left in the meantime.
    [active, open, pending] = [-1, place.contains(document.activeElement), false];
    asked = withAddresses;
    const count = results.length ? t("finder-count", { count: results.length }) : t("finder-nothing", { text: text.trim() });
    said = found.failed ?? (found.problem ? `${found.problem[0].toUpperCase()}${found.problem.slice(1)}.` : count);
    show();
    if (entered) enter();
  }

  function pressed(event) {
    const count = entries();
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (!count) return;
        const step = event.key === "ArrowDown" ? 1 : -1;
        active = open ? (active + step + count + Number(active < 0 && step < 0)) % count : active;
        open = true;
        show();
        find(place, `#finder-${active}`)?.scrollIntoView({ block: "nearest" });
        break;
      }
      case "Enter":
        if (open && active >= 0) find(place, `#finder-${active}`).click();
        else if (pending) entered = true;
        else enter();
        break;
      case "Escape":
        // First the list, then what was searched.
        if (open && count) open = false;
        else clear();
        event.stopPropagation();
        show();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  function enter() {
    entered = false;
    if (offers()) ask(true);
    else if (results.length) choose(results[0]);
  }

  /** The answer for the text is not waited for any more. */
  function forgetQuestion() {
    clearTimeout(timer);
    number += 1;
    [pending, entered] = [false, false];
  }

  function clear() {
    forgetQuestion();
    marker?.remove();
    [text, results, active, open, said, marker] = ["", [], -1, false, "", null];
  }

  function reopen() {
    if (!results.length) return;
    open = true;
    show();
  }

  function left() {
    open = false;
    show();
  }

  async function choose(hit) {
    forgetQuestion();
    [text, open, active] = [hit.text, false, -1];
    show();
    map.follow(null);
    marker?.remove();
    marker = null;
    announce(t("finder-shown", { name: hit.text }));
    if (hit.kind === "fence") {
      const [west, south, east, north] = hit.bbox;
      return map.fit([{ longitude: west, latitude: south }, { longitude: east, latitude: north }]);
    }
    const center = [hit.longitude, hit.latitude];
    const zoom = Math.max(hit.kind === "driver" ? map.maplibre.getZoom() : 0, ZOOM[hit.kind]);
    if (calm.matches) map.maplibre.jumpTo({ center, zoom });
    else map.maplibre.flyTo({ center, zoom, maxDuration: 2_500 });
    if (hit.kind === "driver") return navigate(`#/drivers/${encodeURIComponent(hit.id)}`);
    const { Marker } = await loadMapLibre();
    marker = new Marker({ element: element("div", { class: "finder-marker", role: "img", ariaLabel: t("finder-found", { name: hit.text }), title: hit.text }), anchor: "bottom" });
    marker.setLngLat(center).addTo(map.maplibre);
    return undefined;
  }

  show();
}
