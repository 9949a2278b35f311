// API keys: credentials of programs, each revoked by itself.

import { askForNew } from "../ui/creating.js";
import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, copyable, instant, name } from "../ui/elements.js";
import { table } from "../ui/table.js";
import { KEY_ROLES, ROLE_NAMES } from "./roles.js";

const KEYS = "/api/v1/keys";
const DAY = 86_400_000;
const PERIODS = [
  ["", "Until it is revoked"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "1 year"],
];

export function mountApiKeys(place, { api, announce, fleet }) {
  const expired = (row) => row.expiresAt !== null && Date.parse(row.expiresAt) <= fleet.now();
  const keys = table({
    api,
    label: "API keys",
    path: KEYS,
    list: "keys",
    idOf: (row) => row.id,
    searchable: false,
    empty: "No API keys.",
    columns: [
      { label: "Key", cell: (row) => name(row.name) },
      { label: "Begins with", cell: (row) => element("code", {}, row.prefix) },
      { label: "Role", cell: (row) => ROLE_NAMES[row.role] ?? row.role },
      { label: "Last used", cell: (row) => (row.lastUsedAt ? instant(row.lastUsedAt) : "Never") },
      {
        label: "Expires",
        cell: (row) => {
          if (row.expiresAt === null) return "Never";
          return expired(row) ? element("span", { class: "mark bad" }, "Expired") : instant(row.expiresAt);
        },
      },
    ],
    buttons: (row, rows) => [button("Revoke", () => revoke(row, rows), { ariaLabel: `Revoke ${row.name}` })],
  });

  const revoke = (row, rows) =>
    confirmDialog(["Revoke ", name(row.name), "?"], "The program is rejected within seconds.", "Revoke", async () => {
      await api.delete(`${KEYS}/${row.id}`);
      rows.remove(row);
      announce(`${row.name} is revoked.`);
    });

  async function create() {
    const columns = [
      { key: "name", label: "Name", hint: "The program that uses the key, such as: ERP, billing.", autocomplete: "off" },
      { key: "role", label: "Role", options: KEY_ROLES, value: "dispatcher" },
      { key: "expiresAt", label: "Valid for", options: PERIODS, nullable: true },
    ];
    const made = await askForNew("New API key", columns, async (body) => {
      const { expiresAt: days } = body;
      const end = days ? new Date(fleet.now() + Number(days) * DAY).toISOString() : null;
      return (await api.post(KEYS, { ...body, expiresAt: end })).data;
    });
    if (!made) return;
    await keys.load();
    await openDialog(
      ["API key of ", name(made.name)],
      element("p", { class: "notice" }, "Shown only once. Copy it now and store it as a secret of the program."),
      copyable("API key", made.key, announce),
    ).closed;
  }

  place.append(button("New API key", create, { class: "primary" }), keys.element);
  keys.load();
  return keys;
}
