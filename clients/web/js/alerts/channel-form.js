// The form of a channel, in a dialog: a new one, or a change.

import { rich, t } from "../i18n/messages.js";
import { choices } from "../ui/choices.js";
import { actions, openDialog } from "../ui/dialogs.js";
import { versionOf } from "../ui/editing.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";
import { CHANNELS, chosenEvents, configOf, defaultEvents, eventsOf, KINDS } from "./channel-kinds.js";

/** The fields of `body` that differ from those of a channel. */
function changed(channel, { name, config, events }) {
  const differs = (one, other) => JSON.stringify(one) !== JSON.stringify(other);
  const settings = Object.fromEntries(Object.entries(config).filter(([key, value]) => differs(value, channel.config[key])));
  return {
    ...(name === channel.name ? {} : { name }),
    ...(Object.keys(settings).length ? { config: settings } : {}),
    ...(differs([...events].sort(), [...channel.events].sort()) ? { events } : {}),
  };
}

/**
 * Opens the form; resolves to what the hub answered (`{channel, secret}` of a new channel, the channel after a change), or
 * to null where it was given up.
 * @param {any} context
 * @param {any} [channel]
 */
export async function askForChannel({ api }, channel = null) {
  let current = channel;
  let saved = null;
  const line = problemLine();
  const name = field(t("column-name"), { value: channel?.name ?? "", autocomplete: "off" });
  const kinds = Object.entries(KINDS).map(([key, each]) => [key, each.name]);
  const kind = field(t("column-kind"), { options: kinds, value: channel?.kind ?? "webhook", disabled: channel !== null });
  const about = element("p", { class: "soft" });
  const place = element("div", { class: "channel-settings" });
  /** Whether a user has changed the boxes: until then they are those of the kind. */
  let decided = false;
  const without = element("div", { onchange: () => void (decided = true) });
  let events = null;
  let settings = {};

  function showKind() {
    const chosen = KINDS[kind.value];
    about.textContent = chosen.about;
    settings = Object.fromEntries(
      chosen.settings.map(({ key, label, hint, secret, type = "text" }) => {
        const before = channel?.config[key];
        const kept = channel && secret ? t("channel-secret-kept") : hint;
        const value = Array.isArray(before) ? before.join(", ") : (before ?? "");
        return [key, field(label, { value, type, hint: kept, dir: "ltr", autocomplete: "off", spellcheck: false })];
      }),
    );
    place.replaceChildren(...Object.values(settings).map((each) => each.element));
    const value = channel?.events ?? (decided ? events.value : defaultEvents(kind.value));
    events = choices(t("channel-events"), eventsOf(kind.value), { value, hint: t("channel-events-hint") });
    without.replaceChildren(events.element);
  }

  async function save() {
    line.textContent = "";
    const config = configOf(kind.value, Object.fromEntries(Object.entries(settings).map(([key, each]) => [key, each.value])));
    const body = { name: name.value, config, events: chosenEvents(kind.value, channel?.events ?? [], events.value) };
    try {
      if (!channel) saved = (await api.post(CHANNELS, { ...body, kind: kind.value })).data;
      else saved = (await api.patch(`${CHANNELS}/${channel.id}`, changed(channel, body), { ifMatch: versionOf(current) })).data;
      dialog.close();
    } catch (error) {
      if (error.status === 412) return meet();
      showProblem(error, { name, kind, ...Object.fromEntries(Object.entries(settings).map(([key, each]) => [`config.${key}`, each])) }, line);
    }
  }

  async function meet() {
    try {
      current = (await api.get(`${CHANNELS}/${channel.id}`)).data;
      line.textContent = t("channel-conflict");
    } catch (error) {
      line.textContent = inWords(error);
    }
  }

  kind.input.addEventListener("input", showKind);
  showKind();
  const submit = button(channel ? t("save") : t("create"), save, { type: "submit", class: "primary" });
  const form = element(
    "form",
    { noValidate: true, onsubmit: (event) => event.preventDefault() },
    name.element,
    kind.element,
    about,
    place,
    without,
    line,
    actions(submit),
  );
  const dialog = openDialog(channel ? rich("edit-name", { name: element("bdi", {}, channel.name) }) : t("channel-new"), form);
  name.focus();
  await dialog.closed;
  return saved;
}
