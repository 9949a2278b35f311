// Puts the page together.

// Before all others: it gives the document its language.
import "../i18n/document.js";
import { createPush } from "../alerts/push.js";
import { createSignals } from "../alerts/signals.js";
import { createAlerts } from "../live/alerts.js";
import { addressOf } from "../alerts/words.js";
import { createConnection, FACTS } from "../live/connection.js";
import { createFences } from "../live/fences.js";
import { createFilter } from "../live/filter.js";
import { createFleet } from "../live/fleet.js";
import { showFences } from "../fences/on-map.js";
import { mayManage } from "../manage/roles.js";
import { mountMap } from "../map/map.js";
import { byId, element } from "../ui/element.js";
import { useZone } from "../ui/text.js";
import { mountBadge } from "../views/badge.js";
import { mountLogin } from "../views/login.js";
import { mountSide } from "../views/side.js";
import { createApi } from "./api.js";
import { mountRouter } from "./router.js";
import { createSession } from "./session.js";
import { mountSettings } from "./settings.js";

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

function fail(error) {
  const again = element("button", { type: "button", class: "primary", onclick: () => location.reload() }, "Try again");
  const page = byId("page");
  byId("screen").hidden = true;
  page.hidden = false;
  page.replaceChildren(element("div", { class: "notice bad start-failed", role: "alert" }, element("p", {}, error.message), again));
  byId("connection").textContent = "Disconnected";
}

async function main() {
  mountSettings(byId("settings"));
  const api = createApi();
  const session = createSession(api);
  await session.start();
  const { screen } = session;
  const connection = createConnection({ session, heartbeatInterval: screen.heartbeatInterval });
  await mountLogin(byId("account"), { session, connection, announce }).entered;
  useZone(session.timeZone);
  const fleet = createFleet({ api, connection });
  const fences = createFences({ api, connection, subscription: FACTS });
  const alerts = createAlerts({ api, connection, subscription: FACTS });
  const filter = createFilter({ connection, fleet, alerts });
  const openDriver = (driverId) => navigate(`#/drivers/${encodeURIComponent(driverId)}`);
  const signals = createSignals({ alerts, announce, show: (alert) => navigate(addressOf(alert, mayManage(session.state))) });
  const push = createPush({ api, show: navigate });
  const context = { api, session, connection, fleet, alerts, fences, filter, signals, push, screen, navigate, announce, map: null };
  mountBadge(byId("connection"), context);
  filter.start();
  await fleet.start(screen.time);
  context.map = await mountMap(byId("map"), { ...context, theme: currentTheme() });
  context.map.onOpen(openDriver);
  context.map.onOpenFence((fenceId) => navigate(`#/fences/${encodeURIComponent(fenceId)}`));
  showFences(context);
  const list = mountSide(byId("list"), { ...context, onOpen: openDriver, onFollow: (driverId) => context.map.follow(driverId) });
  connection.start();
  mountTheme(byId("theme"), (theme) => context.map.setTheme(theme));
  mountRouter(context, list);
  // For tests and debugging: the parts of the page.
  globalThis.hub = context;
}

main().catch((error) => {
  console.error(error);
  fail(error);
});
