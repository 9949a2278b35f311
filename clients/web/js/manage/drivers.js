// The fleet's drivers: name, phone number, state, phone tokens and share links.

import { askForNew } from "../ui/creating.js";
import { actions, confirmDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { editor } from "../ui/editor.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { names, number } from "../ui/kinds.js";
import { inWords } from "../ui/problems.js";
import { table } from "../ui/table.js";
import { createNumbered } from "./creation.js";
import { idFrom } from "./ids.js";
import { csvButtons } from "./import.js";
import { driverPath, DRIVERS, GROUPS_HINT } from "./paths.js";
import { openPhones } from "./phone-tokens.js";
import { openRetention } from "./retention.js";
import { openShares } from "./share-links.js";
import { mountUnregistered } from "./unregistered.js";

const EDITED = [
  { key: "name", label: "Name" },
  { key: "phone", label: "Phone number", type: "tel", dir: "ltr" },
  { key: "groups", label: "Groups", kind: names, dir: "ltr", autocapitalize: "none", hint: GROUPS_HINT },
];
/** Thresholds are changed where the driver is there, not asked for when it is created. */
const THRESHOLDS = [
  { key: "staleAfter", label: "Stale after seconds", kind: number, inputMode: "decimal", hint: "Without a sign of life; 5 to 604800. Leave empty for the setting of the hub." },
  { key: "offlineAfter", label: "Offline after seconds", kind: number, inputMode: "decimal", hint: "More than the seconds after which it is stale. Leave empty for the setting of the hub." },
];
const ID_HINT = "The id that the phone app sends, such as truck-17. It cannot be changed later.";

export function mountDrivers(place, context) {
  const { api, announce, fleet } = context;
  /** The map and the list call drivers by their names, too. */
  const renamed = () => fleet.readNames().catch((error) => announce(inWords(error)));
  const drivers = table({
    api,
    label: "Drivers",
    path: DRIVERS,
    list: "drivers",
    idOf: (row) => row.driverId,
    empty: "No drivers yet. Create one, then connect a phone.",
    columns: [
      { label: "Driver", cell: (row) => row.driverId },
      { label: "Name", cell: (row) => name(row.name) },
      { label: "Phone number", cell: (row) => element("bdi", { dir: "ltr" }, row.phone) },
      { label: "Groups", cell: (row) => name(row.groups.join(", ")) },
      { label: "State", cell: (row) => (row.disabled ? element("span", { class: "mark bad" }, "Disabled") : "Active") },
    ],
    buttons: (row, rows) => [
      button("Edit", () => edit(row, rows), { ariaLabel: `Edit ${row.driverId}` }),
      button("Phones", () => openPhones(context, row), { ariaLabel: `Phones of ${row.driverId}` }),
      button("History", () => openRetention(context, row), { ariaLabel: `History of ${row.driverId}` }),
      button("Share", () => openShares(context, row), { ariaLabel: `Share ${row.driverId}` }),
      button(row.disabled ? "Enable" : "Disable", () => toggle(row, rows), {
        ariaLabel: `${row.disabled ? "Enable" : "Disable"} ${row.driverId}`,
      }),
      button("Delete", () => remove(row, rows), { ariaLabel: `Delete ${row.driverId}` }),
    ],
  });

  function edit(row, rows) {
    rows.edit(row, (leave, left) => {
      const done = (saved) => {
        leave(saved);
        if (saved && (saved.name !== row.name || saved.staleAfter !== row.staleAfter)) renamed();
      };
      const path = driverPath(row.driverId);
      return editor({ api, announce, what: "driver", called: row.driverId, path, row, columns: [...EDITED, ...THRESHOLDS], done, left });
    });
  }

  async function toggle(row, rows) {
    const change = async () => {
      const { data } = await api.patch(driverPath(row.driverId), { disabled: !row.disabled }, { ifMatch: "*" });
      rows.replace(data);
      announce(`${row.driverId} ${data.disabled ? "disabled" : "enabled"}.`);
    };
    if (!row.disabled) {
      await confirmDialog(
        ["Disable ", name(row.name || row.driverId), "?"],
        "Positions from the driver's phones are rejected within seconds, until you enable the driver again.",
        "Disable",
        change,
      );
      rows.focus(row, "Enable");
      return;
    }
    try {
      await change();
    } catch (error) {
      announce(inWords(error));
    }
  }

  async function remove(row, rows) {
    await confirmDialog(
      ["Delete ", name(row.name || row.driverId), "?"],
      "Its phones are rejected and its share links end. Its history is kept.",
      "Delete",
      async () => {
        await api.delete(driverPath(row.driverId), { ifMatch: versionOf(row) });
        rows.remove(row);
        announce(`${row.driverId} deleted.`);
        await Promise.all([renamed(), strangers.load()]);
      },
    );
  }

  /** Shows what was entered, here, on the map and in the list. */
  async function entered() {
    await Promise.all([renamed(), drivers.load(), strangers.load()]);
  }

  async function create() {
    const [first, ...others] = EDITED;
    const id = { key: "driverId", label: "Id", dir: "ltr", hint: ID_HINT, autocapitalize: "none", propose: (body) => idFrom(body.name) };
    const made = await askForNew("New driver", [first, id, ...others], (body, proposed) => createNumbered(api, DRIVERS, "driverId", body, proposed));
    if (!made) return;
    announce(`${made.driverId} created.`);
    await entered();
    await openPhones(context, made);
  }

  const strangers = mountUnregistered(context, entered);
  const file = { path: `${DRIVERS}.csv`, what: "driver", columns: "driverId, name, phone, groups", imported: entered };
  place.append(
    actions(button("New driver", create, { class: "primary" }), ...csvButtons(context, file)),
    strangers.element,
    drivers.element,
  );
  drivers.load();
  strangers.load();
  return {
    destroy() {
      drivers.destroy();
      strangers.destroy();
    },
  };
}
