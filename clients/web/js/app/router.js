// Maps addresses to views, next to the map or instead of it.

import { t } from "../i18n/messages.js";
import { byId, element, focused } from "../ui/element.js";
import { notLoaded } from "../views/not-loaded.js";
import { mountPanel } from "../views/panel.js";

/**
 * The views. `route` matches the address after `#`, and its groups are passed to `mount(element, context, ...groups)`,
 * which returns `{destroy()}`. `load` imports the `mount` of a view that is not part of the first visit. `place` is
 * `panel` (next to the map) or `page` (instead of it); the first group of a `driver` view is its driver. With `title` and `home` there is a link to it at the top;
 * `roles` may open it.
 * @typedef {{destroy: () => void}} Mounted
 * @typedef {(host: HTMLElement, context: any, ...groups: string[]) => Mounted} Mount
 * @typedef {{route: RegExp, place: "panel" | "page", driver?: boolean, mount?: Mount, load?: () => Promise<Mount>, title?: string, home?: string, roles?: string[]}} View
 */
const VIEWS = /** @type {View[]} */ ([
  { route: /^\/drivers\/([^/?]+)(?:\/at\/([^/?]+))?(?:\?(.*))?$/, place: "panel", driver: true, mount: mountPanel },
  { route: /^\/fences\/new$/, place: "panel", roles: ["admin"], load: async () => (await import("../fences/editor.js")).mountFenceEditor },
  { route: /^\/fences\/([^/]+)\/edit$/, place: "panel", roles: ["admin"], load: async () => (await import("../fences/editor.js")).mountFenceEditor },
  { route: /^\/fences\/([^/]+)$/, place: "panel", load: async () => (await import("../fences/panel.js")).mountFencePanel },
  {
    route: /^\/analytics$/,
    place: "page",
    title: t("analytics"),
    home: "#/analytics",
    load: async () => (await import("../views/analytics.js")).mountAnalytics,
  },
  {
    route: /^\/reports(?:\/([a-z]+))?(?:\?(.*))?$/,
    place: "page",
    title: t("reports"),
    home: "#/reports",
    load: async () => (await import("../reports/reports.js")).mountReports,
  },
  {
    route: /^\/manage$/,
    place: "page",
    title: t("manage"),
    home: "#/manage",
    roles: ["admin"],
    load: async () => (await import("../manage/manage.js")).mountManage,
  },
  { route: /^\/account$/, place: "page", title: t("account"), load: async () => (await import("../views/account.js")).mountAccount },
  {
    route: /^\/system$/,
    place: "page",
    title: t("system"),
    home: "#/system",
    roles: ["admin"],
    load: async () => (await import("../system/system.js")).mountSystem,
  },
]);

/** Where the panel covers the list, as css/layout.css has it. */
const NARROW = "(max-width: 760px)";
const TITLE = document.title;

/** `sheet` is the handle of the sheet that holds list and panel in a narrow window. */
export function mountRouter(context, list, sheet) {
  let mounted = null;
  let turn = 0;
  const [screen, listPlace, panel, page] = [byId("screen"), byId("list"), byId("panel"), byId("page")];
  const narrow = matchMedia(NARROW);
  const links = VIEWS.filter((view) => view.home && allowed(view));
  const nav = byId("views");
  nav.replaceChildren(...[{ title: t("map"), home: "#/" }, ...links].map(({ title, home }) => element("a", { href: home }, title)));
  nav.hidden = links.length === 0;

  function allowed(view) {
    return !view.roles || context.session.state.open || view.roles.includes(context.session.state.user?.role);
  }

  /**
   * The view of an address and the groups of its route; no view for the map alone.
   * @returns {[View | undefined, string[]]}
   */
  function viewAt(address) {
    const view = VIEWS.find((each) => each.route.test(address) && allowed(each));
    try {
      return [view, view ? view.route.exec(address).slice(1).map((part) => part && decodeURIComponent(part)) : []];
    } catch {
      // The address has a percent sign that encodes nothing.
      return [undefined, []];
    }
  }

  async function show() {
    turn += 1;
    const address = location.hash.slice(1) || "/";
    // An open dialog belongs to the old view; the login belongs to none.
    for (const dialog of document.querySelectorAll("dialog")) if (dialog.open && !dialog.matches(".login")) dialog.close();
    const held = [listPlace, panel, page].some((each) => each.contains(focused()));
    mounted?.destroy();
    mounted = null;
    const [view, parts] = viewAt(address);
    const driverId = view?.driver ? parts[0] : null;
    list.select(driverId);
    context.map.select(driverId);
    const called = view?.title ?? (driverId === null ? null : context.fleet.nameOf(driverId));
    document.title = called === null ? TITLE : `${called} · ${TITLE}`;
    const place = view?.place === "page" ? page : panel;
    screen.hidden = place === page;
    page.hidden = place !== page;
    panel.hidden = !view || place !== panel;
    if (!panel.hidden) sheet.raise();
    for (const host of [panel, page]) {
      host.replaceChildren();
      // Browsers would begin the next view as far down as the last one was read.
      host.scrollTop = 0;
    }
    for (const link of nav.children) {
      const current = link.getAttribute("href") === view?.home || (!view?.title && link.getAttribute("href") === "#/");
      if (current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    cover();
    if (view?.mount || (view && (await loaded(view, place)))) mounted = view.mount(place, context, ...parts);
    if (held) keepFocus();
  }

  /** Loads the code of a view; false if that fails, or if another view was opened meanwhile. */
  async function loaded(view, place) {
    const asked = turn;
    place.replaceChildren(element("p", { role: "status" }, t("loading")));
    try {
      view.mount = await view.load();
    } catch (error) {
      console.warn("The view could not be loaded:", error.message);
      const notice = await notLoaded(context);
      if (asked === turn) place.replaceChildren(notice);
      return false;
    }
    if (asked !== turn) return false;
    place.replaceChildren();
    return true;
  }

  function cover() {
    listPlace.inert = narrow.matches && !panel.hidden;
  }

  /** Moves the focus into the new view if the focused element is gone or hidden. */
  function keepFocus() {
    const at = focused();
    if (at !== document.body && at.checkVisibility() && !at.closest("[inert]")) return;
    (page.hidden ? (panel.hidden ? listPlace : panel) : page).focus();
  }

  byId("skip").addEventListener("click", (event) => {
    // The address says which view is shown, so it stays.
    event.preventDefault();
    (page.hidden ? (listPlace.inert ? panel : listPlace) : page).focus();
  });
  narrow.addEventListener("change", cover);
  addEventListener("hashchange", show);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    // It ends drawing, too: what was entered stays.
    if (context.map.drawing) return;
    if (context.map.followed !== null) context.map.follow(null);
    else if (!panel.hidden) context.navigate("#/");
  });
  show();
}
