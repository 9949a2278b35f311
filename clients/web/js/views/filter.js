// The choice of a group and of a state, which list, map and alerts follow.

import { element } from "../ui/element.js";
import { STATES } from "../ui/text.js";

const GROUPS = "/api/v1/fleet/groups";
/** Milliseconds between two reads of the groups, which other users may change. */
const INTERVAL = 60_000;

/**
 * Mount the two choices. A fleet without groups has no choice of one.
 * @param {HTMLElement} host
 */
export function mountFilter(host, { api, filter, announce }) {
  const group = element("select", { ariaLabel: "Show drivers of the group", hidden: true, onchange: () => choose({ group: group.value }) });
  const state = element("select", { ariaLabel: "Show drivers of the state", onchange: () => choose({ state: state.value }) });
  let groups = [];
  host.replaceChildren(group, state);

  function choose(change) {
    filter.choose(change);
    announce("Drivers, map and alerts are filtered.");
  }

  function show() {
    const { value } = filter;
    // A group that an address names stays to be chosen, also after its last driver has left it.
    const others = value.group && !groups.some(({ name }) => name === value.group) ? [{ name: value.group }] : [];
    const options = [...groups, ...others].map(({ name }) => element("option", { value: name }, name));
    group.replaceChildren(element("option", { value: "" }, "All groups"), ...options);
    group.value = value.group ?? "";
    group.hidden = options.length === 0;
    state.replaceChildren(element("option", { value: "" }, "Any state"), ...Object.entries(STATES).map(([key, text]) => element("option", { value: key }, text)));
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
