// The package's modules, for browsers and Node. docs/clients.md describes them.

export { DispatcherClient } from "./dispatcher.js";
export { Refused } from "./refused.js";
export { Subscriber } from "./subscriber.js";
