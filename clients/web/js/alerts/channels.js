// The channels of the fleet: where alerts are sent.

import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { element } from "../ui/element.js";
import { button, copyable, name } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import { table } from "../ui/table.js";
import { askForChannel } from "./channel-form.js";
import { CHANNELS, KINDS, receiver, STATES } from "./channel-kinds.js";
import { openLog } from "./delivery-log.js";

export function mountChannels(place, context) {
  const { api, announce } = context;
  const pathOf = (row) => `${CHANNELS}/${row.id}`;
  const channels = table({
    api,
    label: "Channels",
    path: CHANNELS,
    list: "channels",
    idOf: (row) => row.id,
    searchable: false,
    empty: "No channels yet. Alerts are listed on the map page, and sent through the channels of their rule.",
    columns: [
      { label: "Channel", cell: (row) => name(row.name) },
      { label: "Kind", cell: (row) => KINDS[row.kind]?.name ?? row.kind },
      { label: "Receiver", cell: (row) => element("bdi", { dir: "ltr" }, receiver(row.kind, row.config)) },
      { label: "State", cell: state },
    ],
    buttons: (row, rows) => [
      button("Test", () => openLog(context, row, { test: true }).then(() => rows.load()), { ariaLabel: `Test ${row.name}` }),
      button("Log", () => openLog(context, row), { ariaLabel: `Log of ${row.name}` }),
      button("Edit", () => edit(row, rows), { ariaLabel: `Edit ${row.name}` }),
      button(row.state === "active" ? "Pause" : "Resume", () => toggle(row, rows), { ariaLabel: `${row.state === "active" ? "Pause" : "Resume"} ${row.name}` }),
      ...(row.kind === "webhook" ? [button("New secret", () => rotate(row), { ariaLabel: `New secret of ${row.name}` })] : []),
      button("Delete", () => remove(row, rows), { ariaLabel: `Delete ${row.name}` }),
    ],
  });

  async function edit(row, rows) {
    const saved = await askForChannel(context, row);
    if (!saved) return;
    rows.replace(saved);
    announce(`${saved.name} saved.`);
    rows.focus(saved, "Edit");
  }

  async function toggle(row, rows) {
    try {
      const { data } = await api.patch(pathOf(row), { state: row.state === "active" ? "paused" : "active" }, { ifMatch: "*" });
      rows.replace(data);
      announce(`${data.name}: ${STATES[data.state].toLowerCase()}.`);
    } catch (error) {
      announce(inWords(error));
    }
  }

  const rotate = (row) => {
    let made = null;
    const text = "Messages are signed with the new secret and, for a day, also with the present one.";
    const act = async () => {
      made = (await api.post(`${pathOf(row)}/secret`)).data;
    };
    return confirmDialog(["New secret for ", name(row.name), "?"], text, "Create secret", act).then((done) => done && showSecret(row, made.secret));
  };

  const showSecret = (row, secret) =>
    openDialog(
      ["Secret of ", name(row.name)],
      element("p", { class: "notice" }, "Shown only once. The receiver verifies the signatures of messages with it."),
      copyable("Secret", secret, announce),
      element("p", {}, "To see messages arrive in a terminal of this machine:"),
      copyable("Command", `hub listen --secret ${secret}`, announce),
    ).closed;

  const remove = (row, rows) =>
    confirmDialog(["Delete ", name(row.name), "?"], "Messages that wait are not sent, and its log is deleted.", "Delete", async () => {
      await api.delete(pathOf(row), { ifMatch: versionOf(row) });
      rows.remove(row);
      announce(`${row.name} deleted.`);
    });

  async function create() {
    const made = await askForChannel(context);
    if (!made) return;
    announce(`${made.channel.name} created.`);
    await channels.load();
    if (made.secret) await showSecret(made.channel, made.secret);
  }

  place.append(button("New channel", create, { class: "primary" }), channels.element);
  channels.load();
  return channels;
}

function state({ state: now, reason }) {
  if (now === "active") return STATES.active;
  return element("span", {}, element("span", { class: now === "paused" ? "mark" : "mark bad" }, STATES[now] ?? now), reason ? ` ${reason}` : "");
}
