// The fleet's drivers: name, phone number, state, phone tokens and share links.

import { rich, t } from "../i18n/messages.js";
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
  { key: "name", label: t("column-name") },
  { key: "phone", label: t("phone-number"), type: "tel", dir: "ltr" },
  { key: "groups", label: t("groups"), kind: names, dir: "ltr", autocapitalize: "none", hint: GROUPS_HINT },
];
/** Thresholds are changed where the driver is there, not asked for when it is created. */
const THRESHOLDS = [
  { key: "staleAfter", label: t("driver-stale-after"), kind: number, inputMode: "decimal", hint: t("driver-stale-after-hint") },
  { key: "offlineAfter", label: t("driver-offline-after"), kind: number, inputMode: "decimal", hint: t("driver-offline-after-hint") },
];
const ID_HINT = t("driver-id-hint");

export function mountDrivers(place, context) {
  const { api, announce, fleet } = context;
  /** The map and the list call drivers by their names, too. */
  const renamed = () => fleet.readNames().catch((error) => announce(inWords(error)));
  const drivers = table({
    api,
    label: t("drivers"),
    path: DRIVERS,
    list: "drivers",
    idOf: (row) => row.driverId,
    empty: t("drivers-empty"),
    columns: [
      { label: t("column-driver"), cell: (row) => row.driverId },
      { label: t("column-name"), cell: (row) => name(row.name) },
      { label: t("phone-number"), cell: (row) => element("bdi", { dir: "ltr" }, row.phone) },
      { label: t("groups"), cell: (row) => name(row.groups.join(", ")) },
      { label: t("column-state"), cell: (row) => (row.disabled ? element("span", { class: "mark bad" }, t("disabled")) : t("driver-active")) },
    ],
    buttons: (row, rows) => [
      button(t("edit"), () => edit(row, rows), { ariaLabel: t("edit-name", { name: row.driverId }) }),
      button(t("driver-phones"), () => openPhones(context, row), { ariaLabel: t("driver-phones-of", { name: row.driverId }) }),
      button(t("driver-history"), () => openRetention(context, row), { ariaLabel: t("driver-history-of", { name: row.driverId }) }),
      button(t("driver-share"), () => openShares(context, row), { ariaLabel: t("driver-share-name", { name: row.driverId }) }),
      button(row.disabled ? t("enable") : t("disable"), () => toggle(row, rows), {
        ariaLabel: t(row.disabled ? "enable-name" : "disable-name", { name: row.driverId }),
      }),
      button(t("delete"), () => remove(row, rows), { ariaLabel: t("delete-name", { name: row.driverId }) }),
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
      announce(t(data.disabled ? "is-disabled" : "is-enabled", { name: row.driverId }));
    };
    if (!row.disabled) {
      await confirmDialog(
        rich("disable-title", { name: name(row.name || row.driverId) }),
        t("driver-disable-about"),
        t("disable"),
        change,
      );
      rows.focus(row, t("enable"));
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
      rich("delete-title", { name: name(row.name || row.driverId) }),
      t("driver-delete-about"),
      t("delete"),
      async () => {
        await api.delete(driverPath(row.driverId), { ifMatch: versionOf(row) });
        rows.remove(row);
        announce(t("deleted", { name: row.driverId }));
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
    const id = { key: "driverId", label: t("id"), dir: "ltr", hint: ID_HINT, autocapitalize: "none", propose: (body) => idFrom(body.name) };
    const made = await askForNew(t("driver-new"), [first, id, ...others], (body, proposed) => createNumbered(api, DRIVERS, "driverId", body, proposed));
    if (!made) return;
    announce(t("created", { name: made.driverId }));
    await entered();
    await openPhones(context, made);
  }

  const strangers = mountUnregistered(context, entered);
  const file = { path: `${DRIVERS}.csv`, what: "driver", columns: "driverId, name, phone, groups", imported: entered };
  place.append(
    actions(button(t("driver-new"), create, { class: "primary" }), ...csvButtons(context, file)),
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
