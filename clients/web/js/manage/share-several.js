// Share links to a group or to several drivers.

import { t } from "../i18n/messages.js";
import { check } from "../ui/choices.js";
import { field } from "../ui/fields.js";
import { inWords } from "../ui/problems.js";
import { suggestSeveral } from "../ui/suggestions.js";
import { GROUPS } from "./paths.js";
import { openShareDialog } from "./share-links.js";

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
  const options = [...groups.map(({ name }) => [name, name]), [CHOSEN, t("share-chosen-drivers")]];
  const group = field(t("report-group"), { options, value: filter.value.group ?? options[0][0], hint: t("share-group-hint") });
  const drivers = field(t("drivers"), {
    hint: t("share-ids-hint"),
    suggest: (text) => suggestSeveral(api, text),
  });
  const names = check(t("share-show-names"), false);

  function show() {
    drivers.element.hidden = group.value !== CHOSEN;
  }

  function body() {
    drivers.complain("");
    if (group.value !== CHOSEN) return { kind: "group", group: group.value, names: names.value };
    const driverIds = idsIn(drivers.value);
    if (driverIds.length > 0) return { kind: "drivers", driverIds, names: names.value };
    drivers.complain(t("share-need-driver"));
    drivers.focus();
    return null;
  }

  group.input.addEventListener("input", show);
  show();
  await openShareDialog(context, {
    title: t("share-several"),
    hint: t("share-several-hint"),
    fields: { group, driverIds: drivers, names },
    body,
    of: "several",
    isMine: ({ kind }) => kind === "group" || kind === "drivers",
  });
}
