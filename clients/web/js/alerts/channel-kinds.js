// Kinds of channels, and what each needs to know of its receiver.

export const CHANNELS = "/api/v1/channels";

/**
 * `secret`: the hub does not answer it again, so that a change without it leaves it. `list`: several, separated by commas.
 * @typedef {{key: string, label: string, hint?: string, secret?: boolean, list?: boolean, optional?: boolean, type?: string}} Setting
 * @type {Record<string, {name: string, about: string, settings: Setting[]}>}
 */
export const KINDS = {
  webhook: {
    name: "Webhook",
    about: "A program of yours gets each message as JSON, signed. To try it, run: hub listen",
    settings: [{ key: "url", label: "URL", type: "url", hint: "HTTPS, or an address that the setting HUB_HOOKS_ALLOW permits." }],
  },
  traccar: {
    name: "Traccar",
    about: "A program that reads what Traccar forwards. Positions are forwarded if they are chosen below.",
    settings: [
      { key: "url", label: "URL", type: "url" },
      { key: "token", label: "Bearer token", secret: true, optional: true },
    ],
  },
  mqtt: {
    name: "MQTT",
    about: "A topic of a broker for each driver. Positions are published if they are chosen below.",
    settings: [
      { key: "url", label: "URL", type: "url", hint: "mqtts://host" },
      { key: "username", label: "User", optional: true },
      { key: "password", label: "Password", secret: true, optional: true },
    ],
  },
  nats: {
    name: "NATS",
    about: "A subject for each driver. Positions are published if they are chosen below.",
    settings: [
      { key: "url", label: "URL", type: "url", hint: "tls://host" },
      { key: "token", label: "Token", secret: true, optional: true },
    ],
  },
  email: {
    name: "E-mail",
    about: "Each address gets its own message. The hub needs HUB_SMTP_URL.",
    settings: [{ key: "to", label: "Addresses", list: true, hint: "Separated by commas." }],
  },
  apprise: {
    name: "Apprise",
    about: "Many other services, by a URL in the format of Apprise. The hub needs HUB_APPRISE.",
    settings: [{ key: "url", label: "URL", secret: true, hint: "schema://…" }],
  },
  webpush: {
    name: "Browser notifications",
    about: "Browsers subscribe themselves, and get messages also while this page is closed.",
    settings: [],
  },
  slack: { name: "Slack", about: "", settings: [{ key: "url", label: "URL of the incoming webhook", type: "url", secret: true }] },
  discord: { name: "Discord", about: "", settings: [{ key: "url", label: "URL of the webhook", type: "url", secret: true }] },
  teams: { name: "Microsoft Teams", about: "", settings: [{ key: "url", label: "URL of the workflow", type: "url", secret: true }] },
  telegram: {
    name: "Telegram",
    about: "",
    settings: [
      { key: "chat", label: "Chat", hint: "Its number, or the name of a public channel with @." },
      { key: "token", label: "Token of the bot", secret: true },
    ],
  },
  ntfy: {
    name: "ntfy",
    about: "",
    settings: [
      { key: "url", label: "URL of the topic", type: "url" },
      { key: "token", label: "Access token", secret: true, optional: true, hint: "Leave empty for a public topic." },
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
    .../** @type {[string, string][]} */ (STREAMS.has(kind) ? [["position", "Every position"]] : []),
    ["fence", "Every event of fences"],
    ["trip", "Every event of trips"],
    ["channel", "When another channel is disabled"],
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
export const STATES = { active: "Active", paused: "Paused", failing: "Failing", disabled: "Disabled" };

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
