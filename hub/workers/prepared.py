"""What a hub has before it serves: its listening socket, its services, and room for open files."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
from collections.abc import AsyncIterator

from hub.edge.server import listen, listened
from hub.embedded.services import Services, running
from hub.reached import report_unreached
from hub.settings import Settings

LATEST_TIMEOUT = 30.0
"""Seconds that Redis may take at start; a hub without latest positions would show an empty fleet."""

SPARE_FILES = 1_000
"""Open files besides those of ``max_connections``: half-open handshakes, requests, Redis, the services' pipes."""


@contextlib.asynccontextmanager
async def prepared(settings: Settings, files: int) -> AsyncIterator[tuple[Services, socket.socket]]:
    """The services and the listening socket of a hub that may have ``files`` open. PostgreSQL may still be starting:
    live and acks do not need it, and its recovery may take minutes. Raises ``StartupError``."""
    allow_files(files)
    listener = listen(settings)
    settings = listened(settings, listener)
    reporting = asyncio.create_task(report_unreached(settings, LATEST_TIMEOUT))
    try:
        async with running(settings, background={"postgresql"}) as services:
            yield services, listener
    finally:
        reporting.cancel()
        await asyncio.gather(reporting, return_exceptions=True)
        listener.close()


def allow_files(count: int) -> None:
    """Raise the soft limit on open files to ``count``, or to the hard limit if that is lower: the soft limit is 1,024
    on many systems."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
