// The channels of the fleet: where alerts are sent.

import { rich, t } from "../i18n/messages.js";
import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { element } from "../ui/element.js";
import { button, copyable, name } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import { table } from "../ui/table.js";
import { inSentence } from "../ui/text.js";
import { askForChannel } from "./channel-form.js";
import { CHANNELS, KINDS, receiver, STATES } from "./channel-kinds.js";
import { openLog } from "./delivery-log.js";

export function mountChannels(place, context) {
  const { api, announce } = context;
  const pathOf = (row) => `${CHANNELS}/${row.id}`;
  const channels = table({
    api,
    label: t("channels"),
    path: CHANNELS,
    list: "channels",
    idOf: (row) => row.id,
    searchable: false,
    empty: t("channels-empty"),
    columns: [
      { label: t("column-channel"), cell: (row) => name(row.name) },
      { label: t("column-kind"), cell: (row) => KINDS[row.kind]?.name ?? row.kind },
      { label: t("channel-receiver"), cell: (row) => element("bdi", { dir: "ltr" }, receiver(row.kind, row.config)) },
      { label: t("column-state"), cell: state },
    ],
    buttons: (row, rows) => [
      button(t("channel-test"), () => openLog(context, row, { test: true }).then(() => rows.load()), { ariaLabel: t("channel-test-name", { name: row.name }) }),
      button(t("channel-log"), () => openLog(context, row), { ariaLabel: t("channel-log-name", { name: row.name }) }),
      button(t("edit"), () => edit(row, rows), { ariaLabel: t("edit-name", { name: row.name }) }),
      button(t(row.state === "active" ? "channel-pause" : "channel-resume"), () => toggle(row, rows), { ariaLabel: t(row.state === "active" ? "channel-pause-name" : "channel-resume-name", { name: row.name }) }),
      ...(row.kind === "webhook" ? [button(t("channel-new-secret"), () => rotate(row), { ariaLabel: t("channel-new-secret-name", { name: row.name }) })] : []),
      button(t("delete"), () => remove(row, rows), { ariaLabel: t("delete-name", { name: row.name }) }),
    ],
  });

  async function edit(row, rows) {
    const saved = await askForChannel(context, row);
    if (!saved) return;
    rows.replace(saved);
    announce(t("saved", { name: saved.name }));
    rows.focus(saved, t("edit"));
  }

  async function toggle(row, rows) {
    try {
      const { data } = await api.patch(pathOf(row), { state: row.state === "active" ? "paused" : "active" }, { ifMatch: "*" });
      rows.replace(data);
      announce(t("channel-is", { name: data.name, state: inSentence(STATES[data.state]) }));
    } catch (error) {
      announce(inWords(error));
    }
  }

  const rotate = (row) => {
    let made = null;
    const text = t("channel-secret-about");
    const act = async () => {
      made = (await api.post(`${pathOf(row)}/secret`)).data;
    };
    return confirmDialog(rich("channel-secret-title", { name: name(row.name) }), text, t("channel-secret-create"), act).then((done) => done && showSecret(row, made.secret));
  };

  const showSecret = (row, secret) =>
    openDialog(
      rich("channel-secret-of", { name: name(row.name) }),
      element("p", { class: "notice" }, t("channel-secret-once")),
      copyable(t("channel-secret"), secret, announce),
      element("p", {}, t("channel-secret-try")),
      copyable(t("channel-command"), `hub listen --secret ${secret}`, announce),
    ).closed;

  const remove = (row, rows) =>
    confirmDialog(rich("delete-title", { name: name(row.name) }), t("channel-delete-about"), t("delete"), async () => {
      await api.delete(pathOf(row), { ifMatch: versionOf(row) });
      rows.remove(row);
      announce(t("deleted", { name: row.name }));
    });

  async function create() {
    const made = await askForChannel(context);
    if (!made) return;
    announce(t("created", { name: made.channel.name }));
    await channels.load();
    if (made.secret) await showSecret(made.channel, made.secret);
  }

  place.append(button(t("channel-new"), create, { class: "primary" }), channels.element);
  channels.load();
  return channels;
}

function state({ state: now, reason }) {
  if (now === "active") return STATES.active;
  return element("span", {}, element("span", { class: now === "paused" ? "mark" : "mark bad" }, STATES[now] ?? now), reason ? ` ${reason}` : "");
}
