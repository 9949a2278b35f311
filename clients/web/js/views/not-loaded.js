// The notice in place of a view whose code could not be loaded.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";
import { unreachable } from "../ui/problems.js";

/** Resolves to a notice that says why the code of a view is missing, with a button that loads the page again: browsers may keep a module that
 * failed as failed until then. */
export async function notLoaded({ api, screen }) {
  const silent = await api.get("/api/v1/screen").then(() => false, unreachable);
  const reason = silent ? "problem-no-answer" : screen.mapAvailable ? "view-not-loaded" : "view-not-installed";
  const again = element("button", { type: "button", class: "primary", onclick: () => location.reload() }, t(silent ? "retry" : "system-reload"));
  return element("div", { class: "notice bad", role: "alert" }, element("p", {}, t(reason)), again);
}
