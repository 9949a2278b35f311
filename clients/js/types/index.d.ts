export { openBrowserOutbox } from "./browser-outbox.js";
export { DispatcherClient } from "./dispatcher.js";
export { DriverClient } from "./driver.js";
export { Outbox, OutboxInUse } from "./outbox.js";
export { Refused } from "./refused.js";
export { Subscriber } from "./subscriber.js";
export type Event = import("./dispatcher.js").Event;
export type DriverOptions = import("./driver.js").DriverOptions;
export type NewFix = import("./driver.js").NewFix;
export type Rejection = import("./driver.js").Rejection;
export type LinkOptions = import("./link.js").LinkOptions;
export type State = import("./link.js").State;
export type Area = import("./subscriber.js").Area;
/** @typedef {import("./dispatcher.js").Event} Event */
/** @typedef {import("./driver.js").DriverOptions} DriverOptions */
/** @typedef {import("./driver.js").NewFix} NewFix */
/** @typedef {import("./driver.js").Rejection} Rejection */
/** @typedef {import("./link.js").LinkOptions} LinkOptions */
/** @typedef {import("./link.js").State} State */
/** @typedef {import("./subscriber.js").Area} Area */
