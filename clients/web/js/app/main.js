// Puts the page together.

// Before all others: it gives the document its language.
import "../i18n/document.js";
import { createPush } from "../alerts/push.js";
import { createSignals } from "../alerts/signals.js";
import { t } from "../i18n/messages.js";
import { createAlerts } from "../live/alerts.js";
import { addressOf } from "../alerts/words.js";
import { createConnection, FACTS } from "../live/connection.js";
import { createFences } from "../live/fences.js";
import { createFilter } from "../live/filter.js";
import { createFleet } from "../live/fleet.js";
import { createSearch } from "../live/search.js";
import { showFences } from "../fences/on-map.js";
import { mayManage } from "../manage/roles.js";
import { mountMap } from "../map/map.js";
import { byId, element } from "../ui/element.js";
import { createMemory } from "../ui/memory.js";
import { unreachable } from "../ui/problems.js";
import { STATUSES, useZone } from "../ui/text.js";
import { mountBadge } from "../views/badge.js";
import { isKiosk, mountKiosk } from "../views/kiosk.js";
import { mountLogin } from "../views/login.js";
import { mountSheet } from "../views/sheet.js";
import { mountSide } from "../views/side.js";
import { createApi, unavailable } from "./api.js";
import { forgetAtLogin, keepLast } from "./kept.js";
import { showKiosk } from "./kiosk.js";
import { openOffline, reloadWhenReached } from "./offline.js";
import { mountRouter } from "./router.js";
import { createSession } from "./session.js";
import { mountSettings } from "./settings.js";
import { mountUpdates } from "./updates.js";

const announcer = byId("announcer");
/** A display shows what its address says, whatever was looked at in this browser before. */
const forgetful = () => /** @type {any} */ ({ getItem: () => null, setItem() {} });

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
    const dark = currentTheme() === "dark";
    button.textContent = t(dark ? "theme-light" : "theme-dark");
    button.title = t(dark ? "theme-change-light" : "theme-change-dark");
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

function fail(error) {
  const again = element("button", { type: "button", class: "primary", onclick: () => location.reload() }, t("try-again"));
  const page = byId("page");
  byId("screen").hidden = true;
  page.hidden = false;
  page.replaceChildren(element("div", { class: "notice bad start-failed", role: "alert" }, element("p", {}, error.message), again));
  byId("connection").textContent = t("disconnected");
}

/** Shows what is known without the hub, if anything is; resolves to whether it is. */
async function withoutHub() {
  const kiosk = isKiosk(location.search);
  let display = null;
  const onText = (text) => {
    if (kiosk) display ??= mountKiosk({ now: Date.now });
    display?.tell(text, "stale");
  };
  const shown = await openOffline({ theme: currentTheme(), announce, onText, storage: kiosk ? forgetful : undefined });
  if (!shown) return false;
  mountTheme(byId("theme"), (theme) => shown.map.setTheme(theme));
  return true;
}

async function main() {
  mountSettings(byId("settings"));
  const api = createApi();
  const session = createSession(api);
  try {
    forgetAtLogin(await session.start());
  } catch (error) {
    if (unreachable(error) && (await withoutHub())) return;
    throw error;
  }
  const { screen } = session;
  // The start of the session gives back the address of before a login with the provider.
  const kiosk = isKiosk(location.search);
  const connection = createConnection({ session, heartbeatInterval: screen.heartbeatInterval });
  await mountLogin(byId("account"), { session, api, connection, announce }).entered;
  useZone(session.timeZone);
  const fleet = createFleet({ api, connection });
  const fences = createFences({ api, connection, subscription: FACTS });
  const alerts = createAlerts({ api, connection, subscription: FACTS });
  const memory = createMemory(session.state.user?.userId ?? "open", kiosk ? forgetful : undefined);
  const search = createSearch();
  const status = /** @type {"online" | "stale" | "offline"} */ (memory.get("status"));
  if (Object.hasOwn(STATUSES, status)) search.choose({ status });
  const filter = createFilter({ connection, fleet, alerts, memory });
  const openDriver = (driverId) => navigate(`#/drivers/${encodeURIComponent(driverId)}`);
  const signals = createSignals({ alerts, announce, show: (alert) => navigate(addressOf(alert, mayManage(session.state))) });
  const push = createPush({ api, show: navigate });
  const context = { api, session, connection, fleet, alerts, fences, filter, search, memory, signals, push, screen, navigate, announce, map: null };
  mountBadge(byId("connection"), context);
  filter.start();
  await fleet.start(screen.time);
  context.map = await mountMap(byId("map"), { ...context, theme: currentTheme() });
  context.map.onOpen(openDriver);
  context.map.onOpenFence((fenceId) => navigate(`#/fences/${encodeURIComponent(fenceId)}`));
  // With its library, which is missing where the map is.
  if (context.map.available && !kiosk) import("../places/finder.js").then(({ mountFinder }) => mountFinder(byId("map"), context));
  showFences(context);
  keepLast(context);
  mountUpdates({ connection, atOnce: kiosk });
  if (kiosk) {
    connection.start();
    showKiosk(context);
    globalThis.hub = context;
    return;
  }
  const list = mountSide(byId("list"), { ...context, onOpen: openDriver, onFollow: (driverId) => context.map.follow(driverId) });
  connection.start();
  mountTheme(byId("theme"), (theme) => context.map.setTheme(theme));
  mountRouter(context, list, mountSheet(byId("screen"), announce));
  // For tests and debugging: the parts of the page.
  globalThis.hub = context;
}

main().catch((error) => {
  console.error(error);
  if (unreachable(error)) reloadWhenReached();
  else if (unavailable(error)) reloadWhenReached(error.again);
  fail(error);
});
