// Sends a fix a second of a made-up clock, from second `first` on, and prints the second of each that is accepted.
// With `count` it ends after as many, when all are durable, and prints what became of them. A line on its input ends it
// early in the same way.

import { DriverClient } from "location-hub-client";
import { openFileOutbox } from "location-hub-client/node";

const [url, driverId, path, first, count] = process.argv.slice(2);
const outbox = path === "memory" ? undefined : await openFileOutbox(path);
const driver = new DriverClient(url, { driverId, outbox, token: process.env.TOKEN, maxFixes: 1_000_000 });
let stopped = false;
process.stdin.once("data", () => (stopped = true));
const begin = Date.UTC(2026, 2, 1);

try {
  for (let second = Number(first); !stopped && second < Number(first) + Number(count ?? Infinity); second += 1) {
    await driver.send({ latitude: 25.2, longitude: 55.3, recordedAt: new Date(begin + second * 1_000), speed: 13.9 });
    console.log(second);
    if (count === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await driver.flush();
  const { sent, acked, rejected, pending } = driver;
  console.log(JSON.stringify({ sent, acked, rejected, pending }));
} catch (error) {
  console.log(JSON.stringify({ name: error.name, code: error.code, pending: driver.pending }));
}
await driver.close();
process.stdin.destroy();
