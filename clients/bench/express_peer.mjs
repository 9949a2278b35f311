// The usual HTTP server from npm: Express, with an endpoint for each route that is measured. Like the Starlette peer it
// decodes, answers from memory, and checks and stores nothing.
import express from "express";

const NEARBY = 20; // drivers in the answer to `nearby`, as many as in the hub's

const fixes = []; // the first that were posted
const app = express();
app.disable("x-powered-by");
app.disable("etag");

app.post("/api/v1/location", express.json(), (request, response) => {
  if (fixes.length < NEARBY) fixes.push(request.body);
  response.json({ accepted: 1, rejected: [] });
});
const osmand = ({ query }, response) => {
  response.status(Number(query.lat) && Number(query.lon) ? 200 : 422).send("");
};
app.post("/osmand", osmand);
app.post("/t/:token", osmand);
app.post("/owntracks", express.json(), (_, response) => response.json([]));
app.get("/api/v1/drivers/:driverId", ({ params }, response) => {
  response.json({ driverId: params.driverId, status: "online", position: fixes[0] });
});
app.get("/api/v1/nearby", ({ query }, response) => {
  const distance = Number(query.radius);
  response.json({ drivers: fixes.map((position) => ({ driverId: "d", status: "online", position, distance })) });
});
app.get("/ready", (_, response) => response.send("ready"));

app.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
