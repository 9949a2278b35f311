// The fleet's vehicles and their drivers.

import { askForNew } from "../ui/creating.js";
import { actions, confirmDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { editor } from "../ui/editor.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { names } from "../ui/kinds.js";
import { table } from "../ui/table.js";
import { createNumbered } from "./creation.js";
import { idFrom } from "./ids.js";
import { csvButtons } from "./import.js";
import { GROUPS_HINT } from "./paths.js";
import { suggestDrivers } from "./suggestions.js";

const VEHICLES = "/api/v1/fleet/vehicles";

export function mountVehicles(place, context) {
  const { api, announce } = context;
  const edited = [
    { key: "name", label: "Name" },
    { key: "plate", label: "Plate" },
    { key: "type", label: "Type", hint: "Such as van." },
    { key: "groups", label: "Groups", kind: names, dir: "ltr", autocapitalize: "none", hint: GROUPS_HINT },
    {
      key: "driverId",
      label: "Driver",
      nullable: true,
      dir: "ltr",
      hint: "Leave empty for no driver.",
      suggest: (text) => suggestDrivers(api, text),
    },
  ];
  const pathOf = (row) => `${VEHICLES}/${encodeURIComponent(row.vehicleId)}`;
  const vehicles = table({
    api,
    label: "Vehicles",
    path: VEHICLES,
    list: "vehicles",
    idOf: (row) => row.vehicleId,
    empty: "No vehicles yet. Create one, then assign a driver.",
    columns: [
      { label: "Vehicle", cell: (row) => row.vehicleId },
      { label: "Name", cell: (row) => name(row.name) },
      { label: "Plate", cell: (row) => name(row.plate) },
      { label: "Type", cell: (row) => name(row.type) },
      { label: "Groups", cell: (row) => name(row.groups.join(", ")) },
      { label: "Driver", cell: (row) => row.driverId ?? element("span", { class: "soft" }, "None") },
    ],
    buttons: (row, rows) => [
      button("Edit", () => edit(row, rows), { ariaLabel: `Edit ${row.vehicleId}` }),
      button("Delete", () => remove(row, rows), { ariaLabel: `Delete ${row.vehicleId}` }),
    ],
  });

  function edit(row, rows) {
    rows.edit(row, (done, left) =>
      editor({ api, announce, what: "vehicle", called: row.vehicleId, path: pathOf(row), row, columns: edited, done, left }),
    );
  }

  async function remove(row, rows) {
    await confirmDialog(
      ["Delete ", name(row.name || row.vehicleId), "?"],
      "Its driver is kept, without a vehicle.",
      "Delete",
      async () => {
        await api.delete(pathOf(row), { ifMatch: versionOf(row) });
        rows.remove(row);
        announce(`${row.vehicleId} deleted.`);
      },
    );
  }

  async function create() {
    const id = {
      key: "vehicleId",
      label: "Id",
      dir: "ltr",
      hint: "Your own vehicle number, such as van-7. It cannot be changed later.",
      autocapitalize: "none",
      propose: (body) => idFrom(body.name || body.plate),
    };
    const [first, plate, ...others] = edited;
    const columns = [first, plate, id, ...others];
    const made = await askForNew("New vehicle", columns, (body, proposed) => createNumbered(api, VEHICLES, "vehicleId", body, proposed));
    if (!made) return;
    announce(`${made.vehicleId} created.`);
    await vehicles.load();
  }

  const file = {
    path: `${VEHICLES}.csv`,
    what: "vehicle",
    columns: "vehicleId, name, plate, type, groups, driverId",
    imported: () => vehicles.load(),
  };
  place.append(actions(button("New vehicle", create, { class: "primary" }), ...csvButtons(context, file)), vehicles.element);
  vehicles.load();
  return vehicles;
}
