// API keys: credentials of programs, each revoked by itself.

import { rich, t } from "../i18n/messages.js";
import { askForNew } from "../ui/creating.js";
import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, copyable, instant, name } from "../ui/elements.js";
import { table } from "../ui/table.js";
import { KEY_ROLES, ROLE_NAMES } from "./roles.js";

const KEYS = "/api/v1/keys";
const DAY = 86_400_000;
const PERIODS = [
  ["", t("key-until-revoked")],
  ["30", t("key-days-30")],
  ["90", t("key-days-90")],
  ["365", t("key-year")],
];

export function mountApiKeys(place, { api, announce, fleet }) {
  const expired = (row) => row.expiresAt !== null && Date.parse(row.expiresAt) <= fleet.now();
  const keys = table({
    api,
    label: t("api-keys"),
    path: KEYS,
    list: "keys",
    idOf: (row) => row.id,
    searchable: false,
    empty: t("keys-empty"),
    columns: [
      { label: t("key"), cell: (row) => name(row.name) },
      { label: t("key-prefix"), cell: (row) => element("code", {}, row.prefix) },
      { label: t("role"), cell: (row) => ROLE_NAMES[row.role] ?? row.role },
      { label: t("key-last-used"), cell: (row) => (row.lastUsedAt ? instant(row.lastUsedAt) : t("never")) },
      {
        label: t("key-expires"),
        cell: (row) => {
          if (row.expiresAt === null) return t("never");
          return expired(row) ? element("span", { class: "mark bad" }, t("key-expired")) : instant(row.expiresAt);
        },
      },
    ],
    buttons: (row, rows) => [button(t("revoke"), () => revoke(row, rows), { ariaLabel: t("revoke-name", { name: row.name }) })],
  });

  const revoke = (row, rows) =>
    confirmDialog(rich("revoke-title", { name: name(row.name) }), t("key-revoke-about"), t("revoke"), async () => {
      await api.delete(`${KEYS}/${row.id}`);
      rows.remove(row);
      announce(t("is-revoked", { name: row.name }));
    });

  async function create() {
    const columns = [
      { key: "name", label: t("column-name"), hint: t("key-name-hint"), autocomplete: "off" },
      { key: "role", label: t("role"), options: KEY_ROLES, value: "dispatcher" },
      { key: "expiresAt", label: t("valid-for"), options: PERIODS, nullable: true },
    ];
    const made = await askForNew(t("key-new"), columns, async (body) => {
      const { expiresAt: days } = body;
      const end = days ? new Date(fleet.now() + Number(days) * DAY).toISOString() : null;
      return (await api.post(KEYS, { ...body, expiresAt: end })).data;
    });
    if (!made) return;
    await keys.load();
    await openDialog(
      rich("key-of", { name: name(made.name) }),
      element("p", { class: "notice" }, t("key-once")),
      copyable(t("api-key"), made.key, announce),
    ).closed;
  }

  place.append(button(t("key-new"), create, { class: "primary" }), keys.element);
  keys.load();
  return keys;
}
