// How a strict TypeScript project uses the package; checked by tsc with what the package exports, and not run.

import { DispatcherClient, DriverClient, Outbox, Refused, Subscriber, openBrowserOutbox } from "location-hub-client";
import type { Area, Event, NewFix, Rejection, State } from "location-hub-client";
import type { ClientMessage, HubMessage, LocationMessage } from "location-hub-client/messages";
import { openFileOutbox } from "location-hub-client/node";

export async function drive(url: string): Promise<number> {
  const outbox: Outbox = Math.random() < 0.5 ? await openFileOutbox("fixes") : await openBrowserOutbox("fixes");
  const rejections: Rejection[] = [];
  const driver = new DriverClient(url, { driverId: "truck-1", outbox, token: async () => "token", onRejected: (each) => rejections.push(each) });
  const fix: NewFix = { latitude: 25.2, longitude: 55.3, recordedAt: new Date(), attributes: { hdop: 1 } };
  const msgNo: number = await driver.send(fix);
  // @ts-expect-error a place is required
  await driver.send({ latitude: 25.2 });
  // @ts-expect-error numbers are given by the outbox
  await driver.send({ ...fix, msgNo: 1 });
  await driver.flush().catch((error: unknown) => error instanceof Refused && error.code);
  await driver.close();
  return msgNo;
}

export function watch(url: string): ReadonlyMap<string, LocationMessage> {
  const dispatcher = new DispatcherClient(url, { heartbeatInterval: 10 });
  dispatcher.onEvent((event: Event) => {
    if (event.type === "location") event.latitude.toFixed(event.accuracy === undefined ? 2 : 5);
    // @ts-expect-error no message has this type
    if (event.type === "locations") return;
  });
  dispatcher.onState((state: State) => state.name === "ended" && console.log(state.reason));
  const area: Area = { near: { latitude: 25.2, longitude: 55.3, radius: 1_000 }, maxHz: 2 };
  dispatcher.subscribe(area);
  // @ts-expect-error an area has a kind
  dispatcher.subscribe({ maxHz: 2 });
  return dispatcher.latest;
}

export function several(url: string): ClientMessage {
  const subscriber = new Subscriber(url, { ticket: async () => null });
  const end = subscriber.onMessage((message: HubMessage) => message.type === "bye" && message.retryMs > 0);
  subscriber.subscribe("map", { bbox: [55, 24.8, 55.6, 25.4] });
  end();
  return { type: "unsubscribe", id: "map" };
}
