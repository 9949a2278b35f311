export { DispatcherClient } from "./dispatcher.js";
export { Refused } from "./refused.js";
export { Subscriber } from "./subscriber.js";
