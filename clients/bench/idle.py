"""Idle connections: memory of the server per idle subscriber."""

from __future__ import annotations

import asyncio
import resource
import time

from clients.bench.figures import Measurement, Stretch
from clients.bench.processes import rss_bytes
from clients.bench.servers import Running
from clients.bench.websocket import Connection, connect, disconnect

FIRST = 50
"""Connections before the first reading, so that code loaded on first use is not counted."""

SETTLE = 1.0
"""Seconds before each reading."""

SPARE_FILES = 200


def most_connections() -> int:
    """Number of connections that the limit of open files allows, after raising it to the hard limit.

    Servers are started later and inherit the limit.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard - SPARE_FILES if hard != resource.RLIM_INFINITY else 1_000_000


async def idle(running: Running, connections: int) -> Measurement:
    """Open subscribers and read the resident memory of the process that holds their sockets."""
    members = [Connection(running.dialect, running.port, subscribe=True) for _ in range(connections + FIRST)]
    await connect(members[:FIRST])
    await asyncio.sleep(SETTLE)
    before = rss_bytes(running.pid)
    stretch, begin = Stretch(running), time.monotonic()
    await connect(members[FIRST:])
    took = time.monotonic() - begin
    await asyncio.sleep(SETTLE)
    after = rss_bytes(running.pid)
    lost = sum(member.lost for member in members)
    await disconnect(members)
    return stretch.end().measurement(
        f"{connections:,} subscribers",
        running,
        kib_per_connection=(after - before) / 1024 / connections,
        handshakes_per_s=connections / took,
        lost=lost,
    )
