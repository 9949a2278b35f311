// Puts the page together: the parts, and which view an address shows.

import { mountAnalytics } from "./analytics.js";
import { createApi } from "./api.js";
import { mountBadge } from "./badge.js";
import { createConnection } from "./connection.js";
import { element } from "./element.js";
import { createFleet } from "./fleet.js";
import { mountList } from "./list.js";
import { mountLogin } from "./login.js";
import { mountManage } from "./manage/manage.js";
import { mountMap } from "./map.js";
import { mountPanel } from "./panel.js";
import { createSession } from "./session.js";

/**
 * The views beside the map. `route` matches the address behind `#`, and its groups are what `mount(element, context,
 * ...groups)` gets; it returns `{destroy()}`. `place` is `panel` (beside the map) or `page` (instead of it). With `title`
 * and `home` there is a link to it at the top; `roles` says for whom.
 */
const VIEWS = [
  { route: /^\/drivers\/([^/]+)$/, place: "panel", mount: mountPanel },
  { route: /^\/analytics$/, place: "page", title: "Analytics", home: "#/analytics", mount: mountAnalytics },
  { route: /^\/manage$/, place: "page", title: "Manage", home: "#/manage", roles: ["admin"], mount: mountManage },
];

/** Where the panel covers the list, as css/layout.css has it. */
const NARROW = "(max-width: 760px)";
const TITLE = document.title;

const byId = (id) => document.getElementById(id);
const announcer = byId("announcer");

function announce(text) {
  announcer.textContent = text;
}

function navigate(address) {
  location.hash = address;
}

function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function mountTheme(button, onChange) {
  const show = () => {
    button.textContent = currentTheme() === "dark" ? "Light" : "Dark";
    button.title = `Change to ${button.textContent.toLowerCase()} colours`;
  };
  button.addEventListener("click", () => {
    const theme = currentTheme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Storage is closed to the page: the choice holds until it is closed.
    }
    show();
    onChange(theme);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    show();
    onChange(currentTheme());
  });
  show();
}

function mountRouter(context, list) {
  let mounted = null;
  const [screen, beside, panel, page] = [document.querySelector(".screen"), byId("list"), byId("panel"), byId("page")];
  const narrow = matchMedia(NARROW);
  const links = VIEWS.filter((view) => view.title && allowed(view));
  const nav = byId("views");
  nav.replaceChildren(...[{ title: "Map", home: "#/" }, ...links].map(({ title, home }) => element("a", { href: home }, title)));
  nav.hidden = links.length === 0;

  function allowed(view) {
    return !view.roles || context.session.state.open || view.roles.includes(context.session.state.user?.role);
  }

  /** The view of an address and what its route found there; the map alone where there is none. */
  function viewAt(address) {
    const view = VIEWS.find((each) => each.route.test(address) && allowed(each));
    try {
      return [view, view ? view.route.exec(address).slice(1).map(decodeURIComponent) : []];
    } catch {
      // Somebody typed a percent sign that stands for nothing.
      return [undefined, []];
    }
  }

  function show() {
    const address = location.hash.slice(1) || "/";
    // What they ask is about the view that is left. Logging in is about none.
    for (const dialog of document.querySelectorAll("dialog[open]:not(.login)")) dialog.close();
    const held = [beside, panel, page].some((each) => each.contains(document.activeElement));
    mounted?.destroy();
    mounted = null;
    const [view, parts] = viewAt(address);
    const driverId = view?.place === "panel" ? parts[0] : null;
    list.select(driverId);
    context.map.select(driverId);
    const called = view?.title ?? (driverId === null ? null : context.fleet.nameOf(driverId));
    document.title = called === null ? TITLE : `${called} · ${TITLE}`;
    const place = view?.place === "page" ? page : panel;
    screen.hidden = place === page;
    page.hidden = place !== page;
    panel.hidden = !view || place !== panel;
    for (const host of [panel, page]) host.replaceChildren();
    if (view) mounted = view.mount(place, context, ...parts);
    cover();
    for (const link of nav.children) {
      const current = link.getAttribute("href") === `#${address}` || (!view?.title && link.getAttribute("href") === "#/");
      if (current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (held) keepFocus();
  }

  function cover() {
    beside.inert = narrow.matches && !panel.hidden;
  }

  /** What had the focus may be gone or hidden: then it is in the view that came, not at the top of the page. */
  function keepFocus() {
    const at = document.activeElement;
    if (at !== document.body && at.checkVisibility() && !at.closest("[inert]")) return;
    (page.hidden ? (panel.hidden ? beside : panel) : page).focus();
  }

  byId("skip").addEventListener("click", (event) => {
    // The address says which view is shown, so it stays.
    event.preventDefault();
    (page.hidden ? (beside.inert ? panel : beside) : page).focus();
  });
  narrow.addEventListener("change", cover);
  addEventListener("hashchange", show);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (context.map.followed !== null) context.map.follow(null);
    else if (location.hash.startsWith("#/drivers/")) navigate("#/");
  });
  show();
}

function fail(error) {
  const again = element("button", { type: "button", class: "primary", onclick: () => location.reload() }, "Try again");
  const page = byId("page");
  document.querySelector(".screen").hidden = true;
  page.hidden = false;
  page.replaceChildren(element("div", { class: "notice bad start-failed", role: "alert" }, element("p", {}, error.message), again));
  byId("connection").textContent = "Not connected";
}

async function main() {
  const api = createApi();
  const session = createSession(api);
  await session.start();
  const { screen } = session;
  const connection = createConnection({ session, heartbeatInterval: screen.heartbeatInterval });
  await mountLogin(byId("account"), { session, connection, announce }).entered;
  const fleet = createFleet({ api, connection });
  const context = { api, session, connection, fleet, screen, navigate, announce, map: null };
  mountBadge(byId("connection"), context);
  const openDriver = (driverId) => navigate(`#/drivers/${encodeURIComponent(driverId)}`);
  await fleet.start(screen.time);
  const list = mountList(byId("list"), { ...context, onOpen: openDriver, onFollow: (driverId) => context.map.follow(driverId) });
  context.map = await mountMap(byId("map"), { ...context, theme: currentTheme() });
  context.map.onOpen(openDriver);
  connection.start();
  mountTheme(byId("theme"), (theme) => context.map.setTheme(theme));
  mountRouter(context, list);
  // For tests and for the curious: the parts of the page.
  globalThis.hub = context;
}

main().catch((error) => {
  console.error(error);
  fail(error);
});
