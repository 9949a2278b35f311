// Drivers that have sent positions and are not registered: each can be registered from here.

import { rich, t } from "../i18n/messages.js";
import { askForNew } from "../ui/creating.js";
import { element, focused } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import { DRIVERS } from "./paths.js";

/** Drivers that are listed at a time. */
const MOST = 50;
const PAGE = 1_000;
/** Milliseconds between two reads. */
const EVERY = 15_000;

/**
 * `{element, load(), destroy()}`; `registered()` is called after one was registered.
 * @param {any} context
 * @param {() => Promise<void>} registered
 */
export function mountUnregistered({ api, announce }, registered) {
  const summary = element("summary");
  const list = element("ul", { class: "things" });
  const rest = element("p", { class: "soft" });
  const about = element("p", { class: "soft" }, t("unregistered-about"));
  const made = element("details", { class: "unregistered", hidden: true }, summary, about, list, rest);
  const ended = new AbortController();
  let timer = null;

  /** Compares the drivers that have reported with the registered ones: both of the whole fleet, whatever the page shows. */
  async function load() {
    const { signal } = ended;
    clearTimeout(timer);
    try {
      const seen = await api.all("/api/v1/drivers", "drivers", { limit: PAGE }, { signal });
      const known = await api.all(DRIVERS, "drivers", { limit: PAGE }, { signal });
      const ids = new Set(known.items.map(({ driverId }) => driverId));
      show(seen.items.map(({ driverId }) => driverId).filter((driverId) => !ids.has(driverId)));
    } catch (error) {
      if (signal.aborted) return;
      announce(inWords(error));
    }
    timer = setTimeout(load, EVERY);
  }

  function show(found) {
    made.hidden = found.length === 0;
    summary.textContent = t("unregistered", { count: found.length });
    const held = list.contains(focused()) ? focused().ariaLabel : null;
    list.replaceChildren(...found.slice(0, MOST).map(line));
    if (held) [...list.querySelectorAll("button")].find((each) => each.ariaLabel === held)?.focus();
    rest.textContent = found.length > MOST ? t("unregistered-more", { count: found.length - MOST }) : "";
  }

  const line = (driverId) =>
    element(
      "li",
      {},
      element("a", { href: `#/drivers/${encodeURIComponent(driverId)}` }, name(driverId)),
      button(t("register"), () => register(driverId), { ariaLabel: t("register-name", { name: driverId }) }),
    );

  async function register(driverId) {
    const columns = [
      { key: "name", label: t("column-name") },
      { key: "phone", label: t("phone-number"), type: "tel", dir: "ltr" },
    ];
    const entered = await askForNew(rich("register-name", { name: name(driverId) }), columns, async (body) => (await api.post(DRIVERS, { ...body, driverId })).data, t("register"));
    if (!entered) return;
    announce(t("registered", { name: driverId }));
    await registered();
    (list.querySelector("button") ?? summary).focus();
  }

  function destroy() {
    ended.abort();
    clearTimeout(timer);
  }

  return { element: made, load, destroy };
}
