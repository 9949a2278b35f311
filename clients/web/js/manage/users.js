// The users of the fleet.

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
    label: "Users",
    path: USERS,
    list: "users",
    idOf: (row) => row.userId,
    searchable: false,
    empty: "No users.",
    columns: [
      {
        label: "User",
        cell: (row) => element("span", {}, name(row.username), row.userId === session.state.user?.userId ? " (you)" : ""),
      },
      { label: "Role", cell: (row) => ROLE_NAMES[row.role] ?? row.role },
      {
        label: "State",
        cell: (row) => {
          if (row.disabled) return element("span", { class: "mark bad" }, "Disabled");
          return row.passwordOnce ? "Invitation pending" : "Active";
        },
      },
      {
        label: "Login",
        cell: (row) => [row.totp ? "Second factor" : "", row.connected ? session.screen.login.provider ?? "Provider" : ""].filter(Boolean).join(", "),
      },
    ],
    buttons: (row, rows) => [
      button("Role", () => edit(row, rows), { ariaLabel: `Change the role of ${row.username}` }),
      button("Reset password", () => reset(row, rows), { ariaLabel: `Reset the password of ${row.username}` }),
      button(row.disabled ? "Enable" : "Disable", () => toggle(row, rows), {
        ariaLabel: `${row.disabled ? "Enable" : "Disable"} ${row.username}`,
      }),
      ...(row.totp ? [button("Remove second factor", () => removeFactor(row, rows), { ariaLabel: `Remove the second factor of ${row.username}` })] : []),
      ...(row.connected ? [button("Disconnect", () => disconnect(row, rows), { ariaLabel: `Disconnect ${row.username} from the provider` })] : []),
      button("Delete", () => remove(row, rows), { ariaLabel: `Delete ${row.username}` }),
    ],
  });

  function edit(row, rows) {
    const columns = [{ key: "role", label: "Role", options: ROLES }];
    rows.edit(row, (done, left) => editor({ api, announce, what: "user", called: row.username, path: pathOf(row), row, columns, done, left }));
  }

  async function reset(row, rows) {
    let made = null;
    await confirmDialog(
      ["Reset the password of ", name(row.username), "?"],
      "The old password and all sessions of this user end at once.",
      "Reset password",
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
      announce(`${row.username} ${data.disabled ? "disabled" : "enabled"}.`);
    };
    if (!row.disabled) {
      const text = "All sessions of this user end within seconds.";
      await confirmDialog(["Disable ", name(row.username), "?"], text, "Disable", change);
      rows.focus(row, "Enable");
      return;
    }
    try {
      await change();
    } catch (error) {
      announce(inWords(error));
    }
  }

  const remove = (row, rows) =>
    confirmDialog(["Delete ", name(row.username), "?"], "All sessions of this user end.", "Delete", async () => {
      await api.delete(pathOf(row), { ifMatch: versionOf(row) });
      rows.remove(row);
      announce(`${row.username} deleted.`);
    });

  const removeFactor = (row, rows) =>
    confirmDialog(["Remove the second factor of ", name(row.username), "?"], "The password alone is enough then.", "Remove second factor", async () => {
      await api.delete(`${pathOf(row)}/totp`);
      rows.replace({ ...row, totp: false });
      announce(`Second factor of ${row.username} removed.`);
    });

  const disconnect = (row, rows) =>
    confirmDialog(["Disconnect ", name(row.username), " from the provider?"], "All sessions of this user end.", "Disconnect", async () => {
      await api.delete(`${pathOf(row)}/provider`);
      rows.replace({ ...row, connected: false });
      announce(`${row.username} disconnected.`);
    });

  async function create() {
    const columns = [
      { key: "username", label: "User name", dir: "ltr", autocapitalize: "none", autocomplete: "off" },
      { key: "role", label: "Role", options: ROLES, value: "dispatcher" },
    ];
    const made = await askForNew("New user", columns, async (body) => (await api.post(USERS, body)).data);
    if (!made) return;
    await users.load();
    await showPassword(made.user.username, made.password);
  }

  const showPassword = (username, password) =>
    openDialog(
      ["Password of ", name(username)],
      element("p", { class: "notice" }, "Shown only once and valid for one login, at which the user chooses a new password. Give it to the user in person."),
      copyable("One-time password", password, announce),
    ).closed;

  place.append(button("New user", create, { class: "primary" }), users.element);
  users.load();
  return users;
}
