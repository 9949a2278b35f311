// Public links that show one driver until they expire.

import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, copyable, instant, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";

export const SHARES = "/api/v1/shares";

const HOUR = 3_600_000;
const PERIODS = [
  ["1", "One hour"],
  ["4", "Four hours"],
  ["12", "Twelve hours"],
  ["24", "A day"],
  ["168", "A week"],
  ["", "Until a certain time"],
];

/** Opens the dialog; resolves when it was closed. `driver` is `{driverId, name}`. */
export async function openShares({ api, announce, fleet }, driver) {
  const { driverId } = driver;
  const label = field("What the others read", {
    value: driver.name === driverId ? "" : driver.name,
    hint: "They see this instead of the driver's id.",
  });
  const period = field("For how long", { options: PERIODS, value: "4" });
  const end = field("Until", { type: "datetime-local", value: local(fleet.now() + 4 * HOUR), hint: "In your time zone, at most a week." });
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
      const links = (await current(api, fleet)).filter((each) => each.driverId === driverId);
      list.replaceChildren(...links.map((each) => entry(api, announce, each, load)));
      note.textContent = links.length ? "" : "No link shows this driver.";
    } catch (error) {
      note.textContent = inWords(error);
    }
  }

  async function make() {
    line.textContent = "";
    for (const each of [label, period, end]) each.complain("");
    const until = new Date(end.value);
    if (!period.value && Number.isNaN(until.getTime())) {
      end.complain("Choose a day and a time.");
      end.focus();
      return;
    }
    const limit = period.value ? { hours: Number(period.value) } : { expiresAt: until.toISOString() };
    try {
      const { data } = await api.post(SHARES, { driverId, label: label.value, ...limit });
      shown.replaceChildren(
        element("p", { class: "notice" }, "The link is shown once. Whoever has it sees where the driver is until ", instant(data.expiresAt), "."),
        copyable("Link", data.url, announce),
      );
      await load();
    } catch (error) {
      showProblem(error, { label, expiresAt: end.element.hidden ? period : end }, line);
    }
  }

  const submit = button("Make a link", make, { type: "submit", class: "primary" });
  const form = element(
    "form",
    {
      noValidate: true,
      onsubmit: (event) => event.preventDefault(),
    },
    label.element,
    period.element,
    end.element,
    line,
    submit,
  );
  const title = ["Share ", name(driver.name || driverId)];
  const dialog = openDialog(title, form, shown, element("h3", {}, "Links that show this driver"), list, note);
  label.focus();
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
      note.textContent = links.length ? "" : "Nothing is shared. Open a driver and press Share to make a link.";
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
  const called = link.label || link.driverId;
  const end = () =>
    confirmDialog(["End the link ", name(called), "?"], "It shows nothing from now on.", "End the link", async () => {
      await api.delete(`${SHARES}/${link.id}`);
      announce("The link is ended.");
      await changed();
    });
  return element(
    "li",
    {},
    element("span", {}, name(called), withDriver ? ` (${link.driverId})` : "", " · until ", instant(link.expiresAt)),
    button("End", end, { ariaLabel: `End the link ${called}` }),
  );
}

/** An instant as a field of type datetime-local has it. */
function local(time) {
  const date = new Date(time);
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
