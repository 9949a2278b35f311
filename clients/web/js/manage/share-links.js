// Share links: public pages that show one driver, several, or those of a group until they expire.

import { rich, t } from "../i18n/messages.js";
import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, copyable, instant, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";

export const SHARES = "/api/v1/shares";

const HOUR = 3_600_000;
const PERIODS = [
  ["1", t("share-hour")],
  ["4", t("share-hours-4")],
  ["12", t("share-hours-12")],
  ["24", t("share-day")],
  ["168", t("share-week")],
  ["", t("share-custom")],
];

/** Opens the dialog of one driver; resolves when it was closed. `driver` is `{driverId, name}`. */
export function openShares(context, { driverId, name: called }) {
  return openShareDialog(context, {
    title: rich("driver-share-name", { name: name(called || driverId) }),
    label: called === driverId ? "" : called,
    hint: t("share-name-hint"),
    body: () => ({ driverId }),
    of: "driver",
    isMine: (link) => link.driverId === driverId,
  });
}

/**
 * A dialog that makes links and lists those that there are; resolves when it was closed. `body()` is what the link shows, for the API, or null
 * where a field complains; `fields` are those for it, by their names in the API.
 * @param {any} context
 * @param {{title: any, label?: string, hint: string, fields?: Record<string, any>, body: () => object | null, of: "driver" | "several", isMine: (link: any) => boolean}} given
 */
export async function openShareDialog({ api, announce, fleet }, { title, label: proposed = "", hint, fields = {}, body, of, isMine }) {
  const label = field(t("share-name"), { value: proposed, hint });
  const period = field(t("valid-for"), { options: PERIODS, value: "4" });
  const end = field(t("share-until"), { type: "datetime-local", value: local(fleet.now() + 4 * HOUR), hint: t("share-until-hint") });
  end.element.hidden = true;
  period.input.addEventListener("input", () => {
    end.element.hidden = period.value !== "";
  });
  const line = problemLine();
  const shown = element("div", { class: "made", ariaLive: "polite" });
  const list = element("ul", { class: "things" });
  const note = element("p", { class: "table-note" });

  async function load() {
    try {
      const links = (await current(api, fleet)).filter(isMine);
      list.replaceChildren(...links.map((each) => entry(api, announce, each, load)));
      note.textContent = links.length ? "" : t("share-none-of", { of });
    } catch (error) {
      note.textContent = inWords(error);
    }
  }

  async function make() {
    line.textContent = "";
    for (const each of [label, period, end]) each.complain("");
    const until = new Date(end.value);
    const what = body();
    if (!what) return;
    if (!period.value && Number.isNaN(until.getTime())) {
      end.complain(t("share-need-time"));
      end.focus();
      return;
    }
    const limit = period.value ? { hours: Number(period.value) } : { expiresAt: until.toISOString() };
    try {
      const { data } = await api.post(SHARES, { ...what, label: label.value, ...limit });
      shown.replaceChildren(
        element("p", { class: "notice" }, rich("share-once-of", { of, time: instant(data.expiresAt) })),
        copyable(t("share-link"), data.url, announce),
      );
      await load();
    } catch (error) {
      showProblem(error, { ...fields, label, expiresAt: end.element.hidden ? period : end }, line);
    }
  }

  const submit = button(t("share-create"), make, { type: "submit", class: "primary" });
  const form = element(
    "form",
    {
      noValidate: true,
      onsubmit: (event) => event.preventDefault(),
    },
    ...Object.values(fields).map((each) => each.element),
    label.element,
    period.element,
    end.element,
    line,
    submit,
  );
  const dialog = openDialog(title, form, shown, element("h3", {}, t("share-links-of", { of })), list, note);
  (Object.values(fields)[0] ?? label).focus();
  await load();
  await dialog.closed;
}

/** All links of the fleet, in the management. */
export function mountShares(place, { api, announce, fleet }) {
  const list = element("ul", { class: "things" });
  const note = element("p", { class: "table-note", role: "status" });

  async function load() {
    try {
      const links = await current(api, fleet);
      list.replaceChildren(...links.map((each) => entry(api, announce, each, load, true)));
      note.textContent = links.length ? "" : t("share-none-at-all");
    } catch (error) {
      note.textContent = inWords(error);
    }
  }

  place.append(list, note);
  load();
  return { destroy() {} };
}

/** Links that still show something. */
async function current(api, fleet) {
  const { items } = await api.all(SHARES, "shares", { limit: 1_000 });
  return items.filter((each) => Date.parse(each.expiresAt) > fleet.now());
}

function entry(api, announce, link, changed, withDriver = false) {
  const shows = link.driverId ?? (link.group ? t("share-group", { group: link.group }) : link.driverIds ? t("count-drivers", { count: link.driverIds.length }) : t("share-nearby"));
  const called = link.label || shows;
  const end = () =>
    confirmDialog(rich("share-end-title", { name: name(called) }), t("share-end-about"), t("share-end-link"), async () => {
      await api.delete(`${SHARES}/${link.id}`);
      announce(t("share-ended"));
      await changed();
    });
  return element(
    "li",
    {},
    element("span", {}, withDriver ? rich("share-line-driver", { name: name(called), driver: name(shows), time: instant(link.expiresAt) }) : rich("share-line", { name: name(called), time: instant(link.expiresAt) })),
    button(t("share-end"), end, { ariaLabel: t("share-end-name", { name: called }) }),
  );
}

/** An instant as a field of type datetime-local has it. */
function local(time) {
  const date = new Date(time);
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
