"""A request on the direct path, and what an endpoint may make of it without a task."""

from __future__ import annotations

import time
from asyncio import Task
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Scope

from hub.edge.direct.heads import Head
from hub.edge.http.problems import Problem


class Connection(Protocol):
    """What a call needs of ``HttpProtocol``."""

    transport: Any
    tasks: set[Task[None]]
    server_state: Any
    loop: Any
    client: tuple[str, int] | None

    def on_response_complete(self) -> None: ...


class _Nothing:
    """Stands where uvicorn wakes the task that waits for a body."""

    def set(self) -> None:
        """Nothing waits."""


class DirectCall:
    """A request on the direct path, in the place of uvicorn's cycle of request and response."""

    __slots__ = ("began", "body", "connection", "disconnected", "head", "keep_alive", "request_id", "response_complete",
    "route", "scope", "task", "traceparent")  # fmt: skip
    response_started = False
    message_event = _Nothing()
    head: Head
    request_id: bytes
    task: Task[None]

    def __init__(self, connection: Connection, route: Route, scope: Scope, body: bytes = b"") -> None:
        self.connection, self.route, self.scope, self.body = connection, route, scope, body
        self.began = time.monotonic()
        self.response_complete = self.disconnected = False
        self.keep_alive = True
        self.traceparent: str | None = None

    async def receive(self) -> Message:
        """The body; uvicorn would send it in pieces."""
        return {"type": "http.request", "body": self.body, "more_body": False}

    def answer(self, data: bytes) -> None:
        """Write the answer."""
        if self.disconnected:
            return
        self.response_complete = True
        self.connection.transport.write(data)
        if not self.keep_alive:
            self.connection.transport.close()
        self.connection.on_response_complete()


class Taken(NamedTuple):
    """What the method ``take`` of a route returns for a request whose fixes it has published, without a task.
    ``answer`` makes the answer once the log has them. ``when_logged`` calls a function then, with None or with the
    ``Problem`` that is the answer instead; it is None itself where nothing is to be logged."""

    answer: Callable[[], Response]
    when_logged: Callable[[Callable[[Problem | None], object]], None] | None
