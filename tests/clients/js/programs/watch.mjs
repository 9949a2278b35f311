// Watches drivers, and prints each state and each event with the table after it, until a line comes in.

import { DispatcherClient } from "location-hub-client";

const [url, ...drivers] = process.argv.slice(2);
const dispatcher = new DispatcherClient(url, { token: process.env.TOKEN, heartbeatInterval: 1 });
const table = () => Object.fromEntries([...dispatcher.latest].map(([id, { latitude, longitude }]) => [id, [latitude, longitude]]));
let name;
dispatcher.onState((state) => {
  if (state.name !== name) console.log(JSON.stringify({ state: state.name, reason: state.reason }));
  name = state.name;
});
dispatcher.onEvent((event) => console.log(JSON.stringify({ event: event.type, reset: event.reset, table: table() })));
dispatcher.subscribe({ drivers });
process.stdin.once("data", () => {
  dispatcher.close();
  process.stdin.destroy();
});
