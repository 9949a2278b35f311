// The page's subscriptions. The rest is the client's: tests/clients/js/units/subscriber.test.mjs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createConnection } from "../../../clients/web/js/live/connection.js";
import { Socket, settled, staged } from "../../clients/js/units/sockets.mjs";

test("one driver is followed next to the map, with a ticket of the session", async (context) => {
  staged(context);
  const connection = createConnection({ session: { ticket: async () => "once" }, heartbeatInterval: 10, url: "ws://hub/ws" });
  context.after(() => connection.stop());
  connection.watch({ bbox: [1, 2, 3, 4] }, 1);
  connection.start();
  await settled();
  const [socket] = Socket.opened;
  assert.equal(socket.url, "ws://hub/ws?subscribe=none&ticket=once");
  socket.accept();
  connection.watch({ all: true }, 0.2);
  connection.follow("7");
  connection.follow(null);
  assert.deepEqual(socket.sent, [
    { type: "subscribe", id: "facts", all: true, positions: false, fences: true, alerts: true },
    { type: "subscribe", id: "map", bbox: [1, 2, 3, 4], maxHz: 1 },
    { type: "subscribe", id: "map", all: true, maxHz: 0.2 },
    { type: "subscribe", id: "follow", drivers: ["7"], maxHz: 20 },
    { type: "unsubscribe", id: "follow" },
  ]);
});
