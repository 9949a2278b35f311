// The users of the fleet.

import { rich, t } from "../i18n/messages.js";
import { askForNew } from "../ui/creating.js";
import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { editor } from "../ui/editor.js";
import { element } from "../ui/element.js";
import { button, copyable, name } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import { table } from "../ui/table.js";
import { ROLE_NAMES, ROLES } from "./roles.js";

const USERS = "/api/v1/users";

export function mountUsers(place, { api, session, announce }) {
  const pathOf = (row) => `${USERS}/${row.userId}`;
  const users = table({
    api,
    label: t("users"),
    path: USERS,
    list: "users",
    idOf: (row) => row.userId,
    searchable: false,
    empty: t("users-empty"),
    columns: [
      {
        label: t("user"),
        cell: (row) => element("span", {}, row.userId === session.state.user?.userId ? rich("user-you", { name: name(row.username) }) : name(row.username)),
      },
      { label: t("role"), cell: (row) => ROLE_NAMES[row.role] ?? row.role },
      {
        label: t("column-state"),
        cell: (row) => {
          if (row.disabled) return element("span", { class: "mark bad" }, t("disabled"));
          return row.passwordOnce ? t("user-invited") : t("user-active");
        },
      },
      {
        label: t("user-login"),
        cell: (row) => [row.totp ? t("factor") : "", row.connected ? session.screen.login.provider ?? t("user-provider") : ""].filter(Boolean).join(", "),
      },
    ],
    buttons: (row, rows) => [
      button(t("role"), () => edit(row, rows), { ariaLabel: t("user-role-of", { name: row.username }) }),
      button(t("user-reset"), () => reset(row, rows), { ariaLabel: t("user-reset-of", { name: row.username }) }),
      button(row.disabled ? t("enable") : t("disable"), () => toggle(row, rows), {
        ariaLabel: t(row.disabled ? "enable-name" : "disable-name", { name: row.username }),
      }),
      ...(row.totp ? [button(t("user-remove-factor"), () => removeFactor(row, rows), { ariaLabel: t("user-remove-factor-of", { name: row.username }) })] : []),
      ...(row.connected ? [button(t("user-disconnect"), () => disconnect(row, rows), { ariaLabel: t("user-disconnect-name", { name: row.username }) })] : []),
      button(t("delete"), () => remove(row, rows), { ariaLabel: t("delete-name", { name: row.username }) }),
    ],
  });

  function edit(row, rows) {
    const columns = [{ key: "role", label: t("role"), options: ROLES }];
    rows.edit(row, (done, left) => editor({ api, announce, what: "user", called: row.username, path: pathOf(row), row, columns, done, left }));
  }

  async function reset(row, rows) {
    let made = null;
    await confirmDialog(
      rich("user-reset-title", { name: name(row.username) }),
      t("user-reset-about"),
      t("user-reset"),
      async () => {
        made = (await api.post(`${pathOf(row)}/password`)).data;
      },
    );
    if (!made) return;
    rows.load();
    await showPassword(row.username, made.password);
  }

  async function toggle(row, rows) {
    const change = async () => {
      const { data } = await api.patch(pathOf(row), { disabled: !row.disabled }, { ifMatch: "*" });
      rows.replace(data);
      announce(t(data.disabled ? "is-disabled" : "is-enabled", { name: row.username }));
    };
    if (!row.disabled) {
      const text = t("user-disable-about");
      await confirmDialog(rich("disable-title", { name: name(row.username) }), text, t("disable"), change);
      rows.focus(row, t("enable"));
      return;
    }
    try {
      await change();
    } catch (error) {
      announce(inWords(error));
    }
  }

  const remove = (row, rows) =>
    confirmDialog(rich("delete-title", { name: name(row.username) }), t("user-delete-about"), t("delete"), async () => {
      await api.delete(pathOf(row), { ifMatch: versionOf(row) });
      rows.remove(row);
      announce(t("deleted", { name: row.username }));
    });

  const removeFactor = (row, rows) =>
    confirmDialog(rich("user-remove-factor-title", { name: name(row.username) }), t("user-remove-factor-about"), t("user-remove-factor"), async () => {
      await api.delete(`${pathOf(row)}/totp`);
      rows.replace({ ...row, totp: false });
      announce(t("user-factor-removed", { name: row.username }));
    });

  const disconnect = (row, rows) =>
    confirmDialog(rich("user-disconnect-title", { name: name(row.username) }), t("user-delete-about"), t("user-disconnect"), async () => {
      await api.delete(`${pathOf(row)}/provider`);
      rows.replace({ ...row, connected: false });
      announce(t("user-disconnected", { name: row.username }));
    });

  async function create() {
    const columns = [
      { key: "username", label: t("user-name"), dir: "ltr", autocapitalize: "none", autocomplete: "off" },
      { key: "role", label: t("role"), options: ROLES, value: "dispatcher" },
    ];
    const made = await askForNew(t("user-new"), columns, async (body) => (await api.post(USERS, body)).data);
    if (!made) return;
    await users.load();
    await showPassword(made.user.username, made.password);
  }

  const showPassword = (username, password) =>
    openDialog(
      rich("user-password-of", { name: name(username) }),
      element("p", { class: "notice" }, t("user-password-once")),
      copyable(t("user-password"), password, announce),
    ).closed;

  place.append(button(t("user-new"), create, { class: "primary" }), users.element);
  users.load();
  return users;
}
