// A fence is drawn or edited: on the map, as a table of points, and with what belongs to it.

import { t } from "../i18n/messages.js";
import { actions } from "../ui/dialogs.js";
import { changes, versionOf } from "../ui/editing.js";
import { element, find } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { html, renderer } from "../ui/html.js";
import { inWords, showProblem } from "../ui/problems.js";
import { suggestSeveral } from "../ui/suggestions.js";
import { coordinateTable } from "./coordinates.js";
import { RULES, rulesOf, texts } from "./rules.js";
import { complaint, corners, draftOf, KINDS, shapeOf } from "./shapes.js";
import { createSketch } from "./sketch.js";
import { visitTable } from "./visits.js";

const PATH = "/api/v1/fences";
const PREVIEW = "/api/v1/fence-preview";
const DEFAULT_COLOUR = "#7a4fbf";
const DAY = 86_400_000;
/** @type {[string, string][]} */
const SPANS = [
  ["1", t("span-day")],
  ["7", t("span-days-7")],
];
/** @type {import("./shapes.js").Draft} */
const EMPTY = { kind: "polygon", points: [], holes: [], radius: 100 };

/** The panel in which a fence is edited; a new one without an id. Returns `{destroy()}`. */
export function mountFenceEditor(host, context, fenceId) {
  const { fences } = context;
  const known = () => fenceId === undefined || fences.get(fenceId);
  let mounted = null;
  const end = fences.onChange(() => begin());
  function begin() {
    if (mounted) return;
    if (known()) mounted = edit(host, context, fenceId === undefined ? null : fences.get(fenceId));
    else host.replaceChildren(element("p", { class: "panel-part" }, fences.ready ? t("fence-missing") : t("loading")));
  }
  begin();
  return {
    destroy() {
      end();
      mounted?.destroy();
    },
  };
}

function edit(host, context, fence) {
  const { api, fences, fleet, map, navigate, announce } = context;
  const base = fence ?? { name: "", rules: {}, watch: {}, colour: null, category: null };
  /** The version that is changed: another one than was opened, where another user saved meanwhile. */
  let current = fence;
  const back = fence ? `#/fences/${encodeURIComponent(fence.fenceId)}` : "#/";
  const start = fence ? draftOf(fence) : EMPTY;
  const line = problemLine();
  const hint = element("p", { class: "soft", role: "status" });
  const name = field(t("column-name"), { value: base.name, autocomplete: "off" });
  const category = field(t("fence-category"), { value: base.category ?? "", hint: t("fence-category-hint") });
  const colour = field(t("fence-colour"), { type: "color", value: base.colour ?? DEFAULT_COLOUR });
  const drivers = field(t("drivers"), { value: (base.watch.drivers ?? []).join(", "), dir: "ltr", hint: t("ids-hint"), suggest: (text) => suggestSeveral(api, text) });
  const groups = field(t("groups"), { value: (base.watch.groups ?? []).join(", "), dir: "ltr", hint: t("fence-groups-hint") });
  const known = texts(base.rules);
  const rules = Object.fromEntries(RULES.map(({ key, label, min, max }) => [key, field(label, { type: "number", step: "any", min, max, value: known[key] })]));
  const size = field(t("fence-radius"), { type: "number", min: 1, step: "any" });
  const kinds = element("div", { class: "actions", role: "group", ariaLabel: t("fence-draw") });
  const middle = button(t("fence-middle"), () => {
    sketch.middle(sketch.draft.kind);
    refresh();
    table.focus();
  });
  const table = coordinateTable({
    announce,
    changed(points) {
      sketch.set({ ...sketch.draft, points });
      line.textContent = "";
    },
  });
  const sketch = start && createSketch({
    map,
    draft: start,
    changed: refresh,
    drawn: () => announce(t("fence-drawn", { kind: KINDS[sketch.draft.kind] })),
    failed: (words) => void (hint.textContent = words),
  });

  /** Shows what was drawn in the fields. */
  function refresh() {
    const { kind, points, radius } = sketch.draft;
    size.element.hidden = kind === "polygon";
    find(size.element, "label").textContent = kind === "circle" ? t("fence-radius") : t("fence-width");
    size.value = String(kind === "corridor" ? radius * 2 : radius);
    table.show(points.length || kind !== "circle" ? points : [[NaN, NaN]], kind === "circle");
    for (const each of kinds.children) each.setAttribute("aria-pressed", String(each.getAttribute("data-kind") === kind));
    line.textContent = "";
  }

  size.input.addEventListener("change", () => {
    const metres = Number(size.value);
    sketch.set({ ...sketch.draft, radius: sketch.draft.kind === "corridor" ? metres / 2 : metres });
  });
  colour.input.addEventListener("input", () => sketch?.colour(colour.value));
  for (const [kind, called] of Object.entries(KINDS)) {
    kinds.append(button(called, () => drawNew(kind), { dataset: { kind } }));
  }

  function drawNew(kind) {
    sketch.draw(kind);
    refresh();
    hint.textContent = HINTS[kind];
  }

  function typed() {
    for (const each of Object.values(rules)) each.complain("");
    const { rules: wanted, wrong } = rulesOf(base.rules, Object.fromEntries(Object.entries(rules).map(([key, each]) => [key, each.value])));
    for (const [key, words] of Object.entries(wrong)) rules[key].complain(words);
    const bad = sketch ? complaint(sketch.draft) : "";
    line.textContent = bad;
    const first = Object.keys(wrong)[0];
    if (first) {
      more.open = true;
      rules[first].focus();
    }
    if (first || bad) return null;
    return {
      name: name.value,
      ...(sketch ? shapeOf(sketch.draft) : {}),
      rules: wanted,
      watch: { drivers: listed(drivers.value), groups: listed(groups.value) },
      colour: colour.value,
      category: category.value || null,
    };
  }

  async function save() {
    const mine = typed();
    if (!mine) return;
    try {
      const saved = fence ? await change(mine) : (await api.post(PATH, withoutNull(mine))).data;
      fences.put(saved);
      announce(t("saved", { name: saved.name }));
      navigate(`#/fences/${encodeURIComponent(saved.fenceId)}`);
    } catch (error) {
      if (error.status === 412) return meet();
      const fields = { name, category, colour, radius: size, "watch.drivers": drivers, "watch.groups": groups };
      showProblem(error, { ...fields, ...Object.fromEntries(Object.entries(rules).map(([key, each]) => [`rules.${key}`, each])) }, line);
    }
  }

  async function change(mine) {
    const before = { ...base, category: base.category ?? null, colour: base.colour ?? DEFAULT_COLOUR, ...(sketch ? shapeOf(draftOf(base) ?? EMPTY) : {}), rules: rulesOf(base.rules, texts(base.rules)).rules };
    const wanted = changes(Object.keys(mine), comparable(before), comparable(mine));
    if (Object.keys(wanted).length === 0) return base;
    const body = Object.fromEntries(Object.keys(wanted).map((key) => [key, mine[key]]));
    // A shape of another kind needs the radius that belongs to it.
    if ("shape" in body) body.radius = mine.radius;
    return (await api.patch(`${PATH}/${fence.fenceId}`, body, { ifMatch: versionOf(current) })).data;
  }

  /** Only fields that were changed here are sent: the others keep the values of the other user. */
  async function meet() {
    try {
      current = (await api.get(`${PATH}/${fence.fenceId}`)).data;
      line.textContent = t("fence-conflict");
    } catch (error) {
      line.textContent = inWords(error);
    }
  }

  const days = field(t("fence-positions-of"), { options: SPANS, value: "1" });
  const found = element("div");
  const draw = renderer(found);

  async function preview() {
    const mine = typed();
    if (!mine) return;
    const shape = mine.shape ? { shape: mine.shape, radius: mine.radius } : { shape: base.shape, radius: base.radius };
    const to = new Date(fleet.now());
    const from = new Date(fleet.now() - Number(days.value) * DAY);
    result.textContent = t("fence-looking");
    try {
      /** @type {Record<string, any>} */
      const body = { ...shape, rules: mine.rules, from: from.toISOString(), to: to.toISOString() };
      if (mine.watch.drivers.length) body.drivers = mine.watch.drivers;
      const { data } = await api.post(PREVIEW, withoutNull(body));
      const count = new Set(data.visits.map((each) => each.driverId)).size;
      result.textContent = data.visits.length ? t("fence-found", { count: data.visits.length, drivers: t("count-drivers", { count }) }) : t("fence-found-none");
      draw(data.visits.length ? visitTable(data.visits, fleet, t("fence-visits-past")) : html``);
    } catch (error) {
      result.textContent = "";
      line.textContent = inWords(error);
    }
  }

  const result = element("p", { role: "status" });
  const more = element(
    "details",
    { class: "panel-part" },
    element("summary", {}, t("fence-more")),
    element("div", { class: "rule-more" }, drivers.element, groups.element, Object.values(rules).map((each) => each.element)),
  );
  const cancel = button(t("cancel"), () => navigate(back));
  const submit = button(t("save"), save, { type: "submit", class: "primary" });
  const shapes = sketch
    ? [kinds, hint, size.element, table.element, map.available ? middle : null]
    : [element("p", { class: "soft" }, t("fence-parts"))];
  host.replaceChildren(
    element("header", { class: "panel-head" }, element("div", { class: "panel-name" }, element("h2", {}, fence ? t("fence-edit") : t("fence-new")))),
    element(
      "form",
      { noValidate: true, class: "fence-form", onsubmit: (event) => event.preventDefault() },
      element("section", { class: "panel-part", "aria-label": t("fence-shape") }, element("h3", {}, t("fence-shape")), shapes),
      element("section", { class: "panel-part", "aria-label": t("fence-look") }, name.element, category.element, colour.element),
      more,
      element("section", { class: "panel-part", "aria-label": t("fence-preview") }, element("h3", {}, t("fence-preview-title")), days.element, button(t("fence-preview"), preview), result, found),
      element("div", { class: "panel-part" }, line, actions(cancel, submit)),
    ),
  );
  if (sketch) {
    sketch.colour(colour.value);
    refresh();
    if (fence) map.fit(corners(fence));
    else {
      drawNew(start.kind);
      find(kinds, "[aria-pressed=true]").focus();
    }
  }
  return { destroy: () => sketch?.stop() };
}

const HINTS = {
  circle: t("fence-hint-circle"),
  polygon: t("fence-hint-polygon"),
  corridor: t("fence-hint-corridor"),
};

const listed = (words) => words.split(/[\s,]+/).filter(Boolean);

/** A new fence has no fields to be cleared. */
const withoutNull = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** Values that `===` compares. */
function comparable(values) {
  const watch = { drivers: values.watch.drivers ?? [], groups: values.watch.groups ?? [] };
  return Object.fromEntries(
    Object.entries({ ...values, watch }).map(([key, value]) => [key, typeof value === "object" && value !== null ? JSON.stringify(value, order) : (value ?? null)]),
  );
}

/** Fields of objects in the order of their names. */
const order = (_, value) =>
  value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value;
