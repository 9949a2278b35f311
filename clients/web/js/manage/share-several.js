// Share links to a group or to several drivers.

import { check } from "../ui/choices.js";
import { field } from "../ui/fields.js";
import { inWords } from "../ui/problems.js";
import { GROUPS } from "./paths.js";
import { openShareDialog } from "./share-links.js";
import { suggestDrivers } from "./suggestions.js";

/** The choice of drivers instead of a group; no group is called so. */
const CHOSEN = "";

/** The ids in a text, separated by commas or spaces.
 * @param {string} text */
export const idsIn = (text) => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

/** Opens the dialog; resolves when it was closed. The group of the filter is proposed. */
export async function openSeveralShares(context) {
  const { api, filter, announce } = context;
  let groups;
  try {
    groups = (await api.get(GROUPS, {})).data.groups;
  } catch (error) {
    announce(inWords(error));
    return;
  }
  const options = [...groups.map(({ name }) => [name, name]), [CHOSEN, "Chosen drivers"]];
  const group = field("Group", { options, value: filter.value.group ?? options[0][0], hint: "The link shows the drivers of the group at each moment." });
  const drivers = field("Drivers", {
    hint: "Driver ids, separated by commas.",
    // Of the last id in the text; the others stay.
    suggest: async (text) => {
      const ids = text.split(/,\s*/);
      const last = ids.pop() ?? "";
      return (await suggestDrivers(api, last)).map(([id, name]) => [[...ids, id].join(", "), name]);
    },
  });
  const names = check("Show the names of the drivers", false);

  function show() {
    drivers.element.hidden = group.value !== CHOSEN;
  }

  function body() {
    drivers.complain("");
    if (group.value !== CHOSEN) return { kind: "group", group: group.value, names: names.value };
    const driverIds = idsIn(drivers.value);
    if (driverIds.length > 0) return { kind: "drivers", driverIds, names: names.value };
    drivers.complain("Enter at least one driver id.");
    drivers.focus();
    return null;
  }

  group.input.addEventListener("input", show);
  show();
  await openShareDialog(context, {
    title: "Share a group or several drivers",
    hint: "The heading of the page.",
    fields: { group, driverIds: drivers, names },
    body,
    shows: "the live positions of these drivers",
    of: "for groups and several drivers",
    isMine: ({ kind }) => kind === "group" || kind === "drivers",
  });
}
