"""This node in the list of nodes, and the list."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from typing import NamedTuple

from redis.asyncio import Redis

from hub import __version__
from hub.clock import SystemClock
from hub.settings import Settings
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.nodes import NodeReport, read_nodes, remove_node, write_node

INTERVAL = 1.0
"""Seconds between two reports. A report expires after five."""

FRESH = 1.0
"""Seconds for which the list is reused: ``/health`` is public."""

LAST_WRITE = 1.0
"""Seconds for the last command when the node ends."""


class Present(NamedTuple):
    """What changes of a report."""

    connections: int
    draining: bool
    behind_ms: int | None


class Registration:
    """Reports a node every second, and reads the reports of all. ``id`` is the epoch of the node."""

    def __init__(
        self, settings: Settings, id: str, redis: Redis, present: Callable[[], Present], system: SystemClock
    ) -> None:
        self._id, self._redis, self._present, self._system = id, redis, present, system
        self._address = address_of(settings)
        self._started_at = system.now()
        self._nodes: list[NodeReport] | None = None
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def run(self) -> None:
        """Report until cancelled, then remove the report."""
        try:
            while True:
                with contextlib.suppress(*UNAVAILABLE):
                    await write_node(self._redis, self.report())
                await asyncio.sleep(INTERVAL)
        finally:
            with contextlib.suppress(*UNAVAILABLE):
                async with asyncio.timeout(LAST_WRITE):
                    await remove_node(self._redis, self._id)

    def report(self) -> NodeReport:
        """This node now."""
        now = self._present()
        return NodeReport(
            self._id,
            self._address,
            os.getpid(),
            __version__,
            self._started_at,
            now.connections,
            now.draining,
            now.behind_ms,
        )

    async def nodes(self) -> list[NodeReport] | None:
        """All nodes, read at most once a second; None while Redis does not answer."""
        async with self._reading:
            if self._system.monotonic() - self._read_at >= FRESH:
                try:
                    self._nodes = await read_nodes(self._redis)
                except UNAVAILABLE:
                    self._nodes = None
                self._read_at = self._system.monotonic()
            return self._nodes


def address_of(settings: Settings) -> str:
    """Host and port of a hub, as other machines may know them: the machine's name where it listens on all addresses."""
    host = socket.gethostname() if settings.host in ("0.0.0.0", "::", "") else settings.host
    return f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"
