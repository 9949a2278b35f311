// The drivers next to the map. Only the visible rows are in the document: ten thousand drivers cost as much as twenty.

import { rich, t } from "../i18n/messages.js";
import { mayManage } from "../manage/roles.js";
import { element } from "../ui/element.js";
import { age, clockWarning, lastKnown, speed, state, status as worded, STATUSES, utc } from "../ui/text.js";
import { kindIcon, kindOf, labelOf } from "../ui/vehicle-kinds.js";
import { mountSummary } from "./summary.js";

const ROW = 48;
/** Rows above and below those in view, so that a quick scroll shows no gap. */
const SPARE = 6;
/** Milliseconds between two sortings: rows that change places all the time cannot be clicked. */
const SORT_EVERY = 1_000;
const SHOW_EVERY = 500;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const RANK = { online: 0, stale: 1, offline: 2 };
const byName = (one, other) => collator.compare(one.name ?? one.driverId, other.name ?? other.driverId);

const ORDERS = {
  name: { label: t("column-name"), compare: byName },
  status: { label: t("order-status"), compare: (one, other) => RANK[one.status] - RANK[other.status] || byName(one, other) },
  speed: { label: t("order-speed"), compare: (one, other) => (other.speed ?? -1) - (one.speed ?? -1) || byName(one, other) },
  age: { label: t("order-age"), compare: (one, other) => (other.measuredAt ?? 0) - (one.measuredAt ?? 0) || byName(one, other) },
};

/** Mount the list of drivers. `onOpen(driverId)` and `onFollow(driverId)` are what clicks and keys ask for. Has `select(driverId)`. */
export function mountList(host, { fleet, session, connection, filter, search: sought, screen, memory, onOpen, onFollow, announce }) {
  let order = Object.hasOwn(ORDERS, memory.get("order") ?? "") ? memory.get("order") : "name";
  let shown = [];
  let active = -1;
  let selected = null;
  let sortedAt = 0;
  let changed = true;
  const pool = [];

  const search = element("input", { type: "search", placeholder: t("list-search"), ariaLabel: t("list-search-labels"), title: t("list-search-title"), oninput: () => look() });
  const sort = element(
    "select",
    { ariaLabel: t("list-sort"), onchange: () => look() },
    Object.entries(ORDERS).map(([value, { label }]) => element("option", { value, selected: value === order }, label)),
  );
  const head = element("div", { class: "list-head" }, element("div", { class: "list-tools" }, search, sort));
  const all = element("div", { class: "rows-all" });
  const rows = element("div", { class: "rows", role: "listbox", tabindex: "0", ariaLabel: t("drivers") }, all);
  const empty = element("div", { class: "list-empty", hidden: true });
  host.replaceChildren(head, rows, empty);
  const summary = mountSummary(head, {
    fleet,
    chosen: sought.status,
    onFilter(status) {
      sought.choose({ status });
      memory.set("status", status);
      look();
    },
  });

  /** Sort and filter at once, as after every key of a search. */
  function look() {
    if (order !== sort.value) memory.set("order", sort.value);
    order = sort.value;
    sought.choose({ words: search.value });
    arrange();
    rows.scrollTop = 0;
    active = -1;
    show();
    announce(t("sentence", { text: t("count-drivers", { count: shown.length }) }));
  }

  function arrange() {
    const at = shown[active];
    shown = fleet.shown().filter(sought.matches).sort(ORDERS[order].compare);
    if (at) active = shown.indexOf(at);
    all.style.blockSize = `${shown.length * ROW}px`;
    sortedAt = performance.now();
    changed = false;
    explain();
  }

  function explain() {
    empty.hidden = shown.length > 0;
    rows.hidden = shown.length === 0;
    if (shown.length > 0) return;
    empty.replaceChildren(
      ...(fleet.size > 0 || filter.chosen
        ? [element("p", {}, t("list-none-match"))]
        : [
            element("p", {}, element("strong", {}, t("list-none"))),
            element("p", {}, t("list-none-about"), " ", mayManage(session.state) ? connecting() : undefined),
            element("p", {}, t("list-simulate")),
            element("code", {}, `hub simulate --url ${location.origin}`),
          ]),
    );
  }

  function connecting() {
    return element("span", {}, rich("list-connect", { link: element("a", { href: "#/manage" }, t("list-connect-link")) }));
  }

  function row(index) {
    let made = pool[index];
    if (!made) {
      const dot = element("span", { class: "dot" });
      const name = element("bdi", { class: "row-name", dir: "auto" });
      const when = element("span", { class: "row-age" });
      const figures = element("span", { class: "row-figures" });
      const kind = element("span", { class: "row-kind" });
      const element_ = element("div", { class: "row", role: "option" }, dot, name, when, kind, figures);
      made = { element: element_, dot, name, when, kind, figures };
      pool[index] = made;
      all.append(element_);
    }
    return made;
  }

  const put = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  function show() {
    const first = Math.max(0, Math.floor(rows.scrollTop / ROW) - SPARE);
    const last = Math.min(shown.length, Math.ceil((rows.scrollTop + rows.clientHeight) / ROW) + SPARE);
    for (let index = first; index < last; index += 1) {
      const driver = shown[index];
      const made = row(index - first);
      made.element.style.insetBlockStart = `${index * ROW}px`;
      if (made.driverId !== driver.driverId) {
        made.driverId = driver.driverId;
        made.element.dataset.driver = driver.driverId;
      }
      made.element.id = `driver-row-${index}`;
      made.element.classList.toggle("active", index === active);
      made.element.setAttribute("aria-posinset", index + 1);
      made.element.setAttribute("aria-setsize", shown.length);
      made.element.setAttribute("aria-selected", String(driver.driverId === selected));
      made.dot.dataset.status = driver.status;
      put(made.name, driver.name ?? driver.driverId);
      put(made.when, Number.isFinite(driver.recordedAt) ? age(fleet.age(driver)) : "");
      made.when.title = Number.isFinite(driver.recordedAt) ? utc(driver.recordedAt) : "";
      // Heard and measured are told apart: a phone without GPS is online, and its position old.
      const status_ = driver.status === "online" ? worded("online", 0, fleet.age(driver), driver.staleAfter ?? screen.staleAfter) : STATUSES[driver.status];
      const known = [connection.state.name === "stale" ? lastKnown(status_) : status_];
      const warning = clockWarning(driver.clockOffset);
      made.element.classList.toggle("clock-wrong", warning !== "");
      if (warning) known.push(warning);
      if (driver.status === "online" && Number.isFinite(driver.speed)) known.push(driver.speed < 0.5 ? t("standing") : speed(driver.speed));
      if (driver.state) known.push(state(driver.state));
      if (driver.vehicle) known.push([labelOf(driver.vehicle.type), driver.vehicle.plate || driver.vehicle.name].filter(Boolean).join(" ") || driver.vehicle.vehicleId);
      if (driver.name) known.push(driver.driverId);
      const kind = kindOf(driver.vehicle?.type);
      if (made.shownKind !== kind) {
        made.shownKind = kind;
        made.kind.replaceChildren(...(kind ? [kindIcon(kind)] : []));
      }
      put(made.figures, known.join(" · "));
    }
    while (pool.length > last - first) pool.pop().element.remove();
    if (active >= first && active < last) rows.setAttribute("aria-activedescendant", `driver-row-${active}`);
    else rows.removeAttribute("aria-activedescendant");
  }

  function move(to) {
    if (shown.length === 0) return;
    active = Math.min(shown.length - 1, Math.max(0, to));
    const [top, bottom] = [active * ROW, (active + 1) * ROW];
    if (top < rows.scrollTop) rows.scrollTop = top;
    else if (bottom > rows.scrollTop + rows.clientHeight) rows.scrollTop = bottom - rows.clientHeight;
    show();
  }

  const driverAt = (event) => event.target.closest(".row")?.dataset.driver;

  rows.addEventListener("scroll", show, { passive: true });
  rows.addEventListener("click", (event) => {
    const driverId = driverAt(event);
    if (!driverId) return;
    active = shown.findIndex((driver) => driver.driverId === driverId);
    onOpen(driverId);
  });
  rows.addEventListener("dblclick", (event) => {
    const driverId = driverAt(event);
    if (driverId) onFollow(driverId);
  });
  rows.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(rows.clientHeight / ROW) - 1);
    const steps = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: shown.length - 1 };
    if (event.key in steps) move(steps[event.key]);
    else if (event.key === "Enter" && shown[active]) onOpen(shown[active].driverId);
    else if (event.key === "f" && shown[active]) onFollow(shown[active].driverId);
    else return;
    event.preventDefault();
  });
  search.addEventListener("keydown", (event) => {
    // It clears the search, which is enough for one key.
    if (event.key === "Escape" && search.value) event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "Enter") {
      rows.focus();
      move(0);
      if (event.key === "Enter" && shown[0]) onOpen(shown[0].driverId);
      event.preventDefault();
    }
  });
  const slash = (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, dialog")) return;
    search.focus();
    search.select();
    event.preventDefault();
  };
  addEventListener("keydown", slash);

  const endFrames = fleet.onFrame(() => void (changed = true));
  const resized = new ResizeObserver(show);
  resized.observe(rows);
  arrange();
  show();
  const timer = setInterval(() => {
    const hovered = rows.matches(":hover") && order !== "name";
    if (changed && !hovered && performance.now() - sortedAt >= SORT_EVERY) arrange();
    show();
  }, SHOW_EVERY);

  return {
    select(driverId) {
      selected = driverId;
      show();
    },
    destroy() {
      clearInterval(timer);
      endFrames();
      resized.disconnect();
      removeEventListener("keydown", slash);
      summary.destroy();
      host.replaceChildren();
    },
  };
}
