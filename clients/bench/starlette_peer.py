"""The usual self-written server: Starlette on uvicorn and uvloop, with a queue and a writer task for each client.
By HTTP, endpoints that decode, answer from memory, and check and store nothing.

The faster of the two usual forms: awaiting a send to one client after the other makes all wait for the slowest. It
parses each message once, forwards the text unchanged, acks at once, and stores nothing.

    python -m clients.bench.starlette_peer PORT
"""

from __future__ import annotations

import asyncio
import json
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

queues: set[asyncio.Queue[str]] = set()

fixes: list[dict[str, object]] = []
"""The first that were posted."""

NEARBY = 20
"""Drivers in the answer to ``nearby``, as many as in the hub's."""


async def endpoint(websocket: WebSocket) -> None:
    await websocket.accept()
    queue: asyncio.Queue[str] = asyncio.Queue()
    writer = asyncio.create_task(write(websocket, queue))
    if websocket.query_params.get("subscribe") != "none":
        queues.add(queue)
    try:
        while True:
            text = await websocket.receive_text()
            message = json.loads(text)
            if isinstance(message, list):
                for fix in message:
                    broadcast(json.dumps(fix))
                msg_no = message[-1].get("msgNo")
            else:
                broadcast(text)
                msg_no = message.get("msgNo")
            if msg_no is not None:
                queue.put_nowait(f'{{"type":"ack","msgNo":{msg_no}}}')
    except WebSocketDisconnect:
        pass
    finally:
        queues.discard(queue)
        writer.cancel()


def broadcast(text: str) -> None:
    for queue in queues:
        queue.put_nowait(text)


async def write(websocket: WebSocket, queue: asyncio.Queue[str]) -> None:
    while True:
        await websocket.send_text(await queue.get())


async def location(request: Request) -> Response:
    fix = await request.json()
    if len(fixes) < NEARBY:
        fixes.append(fix)
    return JSONResponse({"accepted": 1, "rejected": []})


async def osmand(request: Request) -> Response:
    fields = request.query_params
    return Response(status_code=200 if float(fields["lat"]) and float(fields["lon"]) else 422)


async def owntracks(request: Request) -> Response:
    await request.json()
    return JSONResponse([])


async def driver(request: Request) -> Response:
    return JSONResponse({"driverId": request.path_params["driver_id"], "status": "online", "position": fixes[0]})


async def nearby(request: Request) -> Response:
    distance = float(request.query_params["radius"])
    drivers = [{"driverId": "d", "status": "online", "position": fix, "distance": distance} for fix in fixes]
    return JSONResponse({"drivers": drivers})


def main(port: int) -> None:
    app = Starlette(
        routes=[
            WebSocketRoute("/ws", endpoint),
            Route("/api/v1/location", location, methods=["POST"]),
            Route("/osmand", osmand, methods=["POST"]),
            Route("/t/{token}", osmand, methods=["POST"]),
            Route("/owntracks", owntracks, methods=["POST"]),
            Route("/api/v1/drivers/{driver_id}", driver),
            Route("/api/v1/nearby", nearby),
        ]
    )
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="error",
        ws_per_message_deflate=False,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
