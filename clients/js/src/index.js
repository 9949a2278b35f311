// The package's modules, for browsers and Node. docs/clients.md describes them.

export { openBrowserOutbox } from "./browser-outbox.js";
export { DispatcherClient } from "./dispatcher.js";
export { DriverClient } from "./driver.js";
export { Outbox, OutboxInUse } from "./outbox.js";
export { Refused } from "./refused.js";
export { Subscriber } from "./subscriber.js";

/** @typedef {import("./dispatcher.js").Event} Event */
/** @typedef {import("./driver.js").DriverOptions} DriverOptions */
/** @typedef {import("./driver.js").NewFix} NewFix */
/** @typedef {import("./driver.js").Rejection} Rejection */
/** @typedef {import("./link.js").LinkOptions} LinkOptions */
/** @typedef {import("./link.js").State} State */
/** @typedef {import("./subscriber.js").Area} Area */
