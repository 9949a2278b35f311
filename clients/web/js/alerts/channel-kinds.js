// Kinds of channels, and what each needs to know of its receiver.

import { t } from "../i18n/messages.js";

export const CHANNELS = "/api/v1/channels";

/**
 * `secret`: the hub does not answer it again, so that a change without it leaves it. `list`: several, separated by commas.
 * @typedef {{key: string, label: string, hint?: string, secret?: boolean, list?: boolean, optional?: boolean, type?: string}} Setting
 * @type {Record<string, {name: string, about: string, settings: Setting[]}>}
 */
export const KINDS = {
  webhook: {
    name: "Webhook",
    about: t("channel-webhook-about"),
    settings: [{ key: "url", label: "URL", type: "url", hint: t("channel-webhook-url-hint") }],
  },
  traccar: {
    name: "Traccar",
    about: t("channel-traccar-about"),
    settings: [
      { key: "url", label: "URL", type: "url" },
      { key: "token", label: t("channel-traccar-token"), secret: true, optional: true },
    ],
  },
  mqtt: {
    name: "MQTT",
    about: t("channel-mqtt-about"),
    settings: [
      { key: "url", label: "URL", type: "url", hint: "mqtts://host" },
      { key: "username", label: t("channel-user"), optional: true },
      { key: "password", label: t("channel-password"), secret: true, optional: true },
    ],
  },
  nats: {
    name: "NATS",
    about: t("channel-nats-about"),
    settings: [
      { key: "url", label: "URL", type: "url", hint: "tls://host" },
      { key: "token", label: t("channel-token"), secret: true, optional: true },
    ],
  },
  email: {
    name: t("channel-email"),
    about: t("channel-email-about"),
    settings: [{ key: "to", label: t("channel-email-to"), list: true, hint: t("channel-email-to-hint") }],
  },
  apprise: {
    name: "Apprise",
    about: t("channel-apprise-about"),
    settings: [{ key: "url", label: "URL", secret: true, hint: "schema://…" }],
  },
  webpush: {
    name: t("channel-webpush"),
    about: t("channel-webpush-about"),
    settings: [],
  },
  slack: { name: "Slack", about: "", settings: [{ key: "url", label: t("channel-incoming-webhook"), type: "url", secret: true }] },
  discord: { name: "Discord", about: "", settings: [{ key: "url", label: t("channel-webhook-url"), type: "url", secret: true }] },
  teams: { name: "Microsoft Teams", about: "", settings: [{ key: "url", label: t("channel-workflow-url"), type: "url", secret: true }] },
  telegram: {
    name: "Telegram",
    about: "",
    settings: [
      { key: "chat", label: t("channel-chat"), hint: t("channel-chat-hint") },
      { key: "token", label: t("channel-bot-token"), secret: true },
    ],
  },
  ntfy: {
    name: "ntfy",
    about: "",
    settings: [
      { key: "url", label: t("channel-topic-url"), type: "url" },
      { key: "token", label: t("channel-access-token"), secret: true, optional: true, hint: t("channel-access-token-hint") },
    ],
  },
};

/** Kinds that can forward positions. */
const STREAMS = new Set(["traccar", "mqtt", "nats"]);
/** Kinds whose receivers are programs; the others are read by people. */
const PROGRAMS = new Set(["webhook", ...STREAMS]);

/**
 * What a channel of a kind can send without a rule, as `[key, text]`.
 * @param {string} kind
 * @returns {[string, string][]}
 */
export function eventsOf(kind) {
  return [
    .../** @type {[string, string][]} */ (STREAMS.has(kind) ? [["position", t("channel-event-position")]] : []),
    ["fence", t("channel-event-fence")],
    ["trip", t("channel-event-trip")],
    ["channel", t("channel-event-channel")],
  ];
}

/**
 * What a new channel of a kind sends without a rule.
 * @param {string} kind
 */
export const defaultEvents = (kind) => (PROGRAMS.has(kind) ? [] : ["channel"]);

/**
 * The events after a choice among those of a kind: events of the channel that have no box stay.
 * @param {string} kind
 * @param {string[]} before
 * @param {string[]} chosen
 */
export function chosenEvents(kind, before, chosen) {
  const offered = eventsOf(kind).map(([key]) => key);
  return [...chosen, ...before.filter((each) => !offered.includes(each))];
}

/** State of a channel -> words. */
export const STATES = { active: t("channel-active"), paused: t("channel-paused"), failing: t("channel-failing"), disabled: t("disabled") };

/**
 * The `config` of the API from the texts of fields. Secrets without a text are left out: the hub keeps them.
 * @param {string} kind
 * @param {Record<string, string>} texts
 */
export function configOf(kind, texts) {
  const config = {};
  for (const { key, list, secret, optional } of KINDS[kind].settings) {
    const text = texts[key].trim();
    if (text === "" && (secret || optional)) continue;
    config[key] = list ? text.split(/[\s,;]+/).filter(Boolean) : text;
  }
  return config;
}

/**
 * The receiver in one line, without secrets.
 * @param {string} kind
 * @param {Record<string, any>} config
 */
export function receiver(kind, config) {
  if (kind === "email") return config.to.join(", ");
  return config.url ?? config.chat ?? "";
}
