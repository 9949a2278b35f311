"""A receiver of webhooks on loopback, which remembers what arrives and answers as a test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiohttp import web

LOOPBACK = "127.0.0.0/8,::1/128"
"""HUB_HOOKS_ALLOW of hubs that send to these receivers."""


class Arrived(NamedTuple):
    """A request. ``event`` is its JSON, None for other bodies; ``status``: the answer."""

    path: str
    headers: dict[str, str]
    body: bytes
    event: Any
    status: int
    at: float


Answering = Callable[[str, Any], Awaitable[int | web.StreamResponse]]


class Receiver:
    """``answer`` is replaced by tests: path and event -> status, or a whole response."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.port = 0
        self.answer: Answering = self.confirm

    async def confirm(self, path: str, event: Any) -> int | web.StreamResponse:
        return 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def confirmed(self) -> list[Arrived]:
        return [one for one in self.arrived if 200 <= one.status < 300]

    def of_lane(self, lane: str) -> list[str]:
        """Ids of the messages of a lane that were confirmed, in the order of their arrival."""
        return [one.event["id"] for one in self.confirmed if one.event["lane"] == lane]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        try:
            event = json.loads(body)
        except ValueError:
            event = None
        answer = await self.answer(request.path, event)
        response = web.Response(status=answer) if isinstance(answer, int) else answer
        headers = {name.lower(): value for name, value in request.headers.items()}
        now = asyncio.get_running_loop().time()
        self.arrived.append(Arrived(request.path, headers, body, event, response.status, now))
        return response


@asynccontextmanager
async def receiver(port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver that listens on a port; 0: a free one."""
    found = Receiver()
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", found.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        found.port = runner.addresses[0][1]
        yield found
    finally:
        await runner.cleanup()


@asynccontextmanager
async def listener() -> AsyncIterator[list[bytes]]:
    """A bare TCP server on 127.0.0.1: its port as the first element of a list, then what it hears."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(b"connected")
        heard.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    heard.append(str(server.sockets[0].getsockname()[1]).encode())
    try:
        yield heard
    finally:
        server.close()
