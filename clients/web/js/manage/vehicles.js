// The fleet's vehicles and their drivers.

import { rich, t } from "../i18n/messages.js";
import { askForNew } from "../ui/creating.js";
import { actions, confirmDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { editor } from "../ui/editor.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { names } from "../ui/kinds.js";
import { inWords } from "../ui/problems.js";
import { suggestDrivers } from "../ui/suggestions.js";
import { table } from "../ui/table.js";
import { createNumbered } from "./creation.js";
import { idFrom } from "./ids.js";
import { csvButtons } from "./import.js";
import { GROUPS_HINT } from "./paths.js";

const VEHICLES = "/api/v1/fleet/vehicles";

export function mountVehicles(place, context) {
  const { api, announce, fleet } = context;
  /** The search, the list and the map know drivers by the plates of their vehicles, too. */
  const renamed = () => fleet.readNames().catch((error) => announce(inWords(error)));
  const edited = [
    { key: "name", label: t("column-name") },
    { key: "plate", label: t("vehicle-plate") },
    { key: "type", label: t("vehicle-type"), hint: t("vehicle-type-hint") },
    { key: "groups", label: t("groups"), kind: names, dir: "ltr", autocapitalize: "none", hint: GROUPS_HINT },
    {
      key: "driverId",
      label: t("column-driver"),
      nullable: true,
      dir: "ltr",
      hint: t("vehicle-driver-hint"),
      suggest: (text) => suggestDrivers(api, text),
    },
  ];
  const pathOf = (row) => `${VEHICLES}/${encodeURIComponent(row.vehicleId)}`;
  const vehicles = table({
    api,
    label: t("vehicles"),
    path: VEHICLES,
    list: "vehicles",
    idOf: (row) => row.vehicleId,
    empty: t("vehicles-empty"),
    columns: [
      { label: t("vehicle"), cell: (row) => row.vehicleId },
      { label: t("column-name"), cell: (row) => name(row.name) },
      { label: t("vehicle-plate"), cell: (row) => name(row.plate) },
      { label: t("vehicle-type"), cell: (row) => name(row.type) },
      { label: t("groups"), cell: (row) => name(row.groups.join(", ")) },
      { label: t("column-driver"), cell: (row) => row.driverId ?? element("span", { class: "soft" }, t("vehicle-no-driver")) },
    ],
    buttons: (row, rows) => [
      button(t("edit"), () => edit(row, rows), { ariaLabel: t("edit-name", { name: row.vehicleId }) }),
      button(t("delete"), () => remove(row, rows), { ariaLabel: t("delete-name", { name: row.vehicleId }) }),
    ],
  });

  function edit(row, rows) {
    rows.edit(row, (leave, left) => {
      const done = (saved) => {
        leave(saved);
        if (saved) renamed();
      };
      return editor({ api, announce, what: "vehicle", called: row.vehicleId, path: pathOf(row), row, columns: edited, done, left });
    });
  }

  async function remove(row, rows) {
    await confirmDialog(
      rich("delete-title", { name: name(row.name || row.vehicleId) }),
      t("vehicle-delete-about"),
      t("delete"),
      async () => {
        await api.delete(pathOf(row), { ifMatch: versionOf(row) });
        rows.remove(row);
        announce(t("deleted", { name: row.vehicleId }));
        await renamed();
      },
    );
  }

  /** Shows what was entered, here, on the map and in the list. */
  async function entered() {
    await Promise.all([renamed(), vehicles.load()]);
  }

  async function create() {
    const id = {
      key: "vehicleId",
      label: t("id"),
      dir: "ltr",
      hint: t("vehicle-id-hint"),
      autocapitalize: "none",
      propose: (body) => idFrom(body.name || body.plate),
    };
    const [first, plate, ...others] = edited;
    const columns = [first, plate, id, ...others];
    const made = await askForNew(t("vehicle-new"), columns, (body, proposed) => createNumbered(api, VEHICLES, "vehicleId", body, proposed));
    if (!made) return;
    announce(t("created", { name: made.vehicleId }));
    await entered();
  }

  const file = {
    path: `${VEHICLES}.csv`,
    what: "vehicle",
    columns: "vehicleId, name, plate, type, groups, driverId",
    imported: entered,
  };
  place.append(actions(button(t("vehicle-new"), create, { class: "primary" }), ...csvButtons(context, file)), vehicles.element);
  vehicles.load();
  return vehicles;
}
