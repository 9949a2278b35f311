// The peer that people take from npm: Socket.IO, WebSocket only, one room. Acks at once; keeps and stores nothing.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  if (socket.handshake.query.subscribe !== "none") socket.join("fleet");
  socket.on("pos", (fixes, ack) => {
    for (const fix of Array.isArray(fixes) ? fixes : [fixes]) io.to("fleet").emit("pos", fix);
    if (ack) ack();
  });
});

http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
