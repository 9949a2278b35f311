// The choice of a group and of a state, which list, map and alerts follow.

import { t } from "../i18n/messages.js";
import { GROUPS } from "../manage/paths.js";
import { openSeveralShares } from "../manage/share-several.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { STATES } from "../ui/text.js";

/** Milliseconds between two reads of the groups, which other users may change. */
const INTERVAL = 60_000;

/**
 * Mount the two choices, and the button that shares a group. A fleet without groups has no choice of one.
 * @param {HTMLElement} host
 */
export function mountFilter(host, context) {
  const { api, filter, announce } = context;
  const group = element("select", { ariaLabel: t("filter-group"), hidden: true, onchange: () => choose({ group: group.value }) });
  const state = element("select", { ariaLabel: t("filter-state"), onchange: () => choose({ state: state.value }) });
  let groups = [];
  host.replaceChildren(group, state, button(t("share-group-button"), () => openSeveralShares(context), { title: t("share-several") }));

  function choose(change) {
    filter.choose(change);
    announce(t("filter-said"));
  }

  function show() {
    const { value } = filter;
    // A group that an address names stays to be chosen, also after its last driver has left it.
    const others = value.group && !groups.some(({ name }) => name === value.group) ? [{ name: value.group }] : [];
    const options = [...groups, ...others].map(({ name }) => element("option", { value: name }, name));
    group.replaceChildren(element("option", { value: "" }, t("report-all-groups")), ...options);
    group.value = value.group ?? "";
    group.hidden = options.length === 0;
    state.replaceChildren(element("option", { value: "" }, t("filter-any-state")), ...Object.entries(STATES).map(([key, text]) => element("option", { value: key }, text)));
    state.value = value.state ?? "";
  }

  async function read() {
    try {
      groups = (await api.get(GROUPS, {})).data.groups;
      show();
    } catch (error) {
      console.info("The groups could not be read:", error.message);
    }
    setTimeout(read, INTERVAL);
  }

  filter.onChange(show);
  show();
  read();
}
