"""Requests per second, and CPU per request.

Each connection keeps one request in flight. The hub checks a token at every request, its limits are on (raised so far
that they refuse none), and it answers a fix when the log is on disk.
"""

from __future__ import annotations

import asyncio

from clients.bench.figures import Measurement, Stretch, milliseconds
from clients.bench.http.asker import Asker, connect, finish
from clients.bench.http.routes import ROUTES, driver, locations, nearby
from clients.bench.servers import Running

WARM_UP = 0.3
"""Seconds of load before the measured window."""


async def closed_loop(running: Running, route: str, connections: int, seconds: float) -> Measurement:
    """The requests of one of ``ROUTES`` over this many connections. Raises ``BrokenServer`` when one is refused."""
    if ROUTES[route] in (driver, nearby):
        await _position(running, connections)
    askers = [Asker(ROUTES[route](number)) for number in range(connections)]
    await connect(running, askers)
    for asker in askers:
        asker.begin()
    await asyncio.sleep(WARM_UP)
    for asker in askers:
        asker.latencies_ns = []
    stretch, before = Stretch(running), sum(asker.answers for asker in askers)
    await asyncio.sleep(seconds)
    stretch.end()
    rate = (sum(asker.answers for asker in askers) - before) / stretch.seconds
    latencies = [latency for asker in askers for latency in asker.latencies_ns]
    await finish(askers)
    return stretch.measurement(
        f"{route}, {connections} connections",
        running,
        requests_per_s=rate,
        cpu_us_per_request=stretch.main_cpu / max(rate, 1) * 1e6,
        all_cpu_us_per_request=stretch.server_cpu / max(rate, 1) * 1e6,
        **milliseconds(latencies),
    )


async def _position(running: Running, drivers: int) -> None:
    """Give each driver a position."""
    askers = [Asker(locations(number)) for number in range(drivers)]
    await connect(running, askers)
    for asker in askers:
        asker.begin()
    await finish(askers)
