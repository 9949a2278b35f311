"""``/livez``, ``/readyz`` and ``/metrics`` of a recorder that runs by itself, on a port of its own."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from hub import __version__
from hub.settings import Settings, is_loopback

FORWARDED = ("x-forwarded-for", "forwarded", "via", "x-real-ip")
"""Headers that proxies add: without a token, requests through a proxy of this machine are refused."""


class Recording(Protocol):
    """What the process of the recorders reports."""

    def problems(self) -> list[str]:
        """Why the process neither records nor stands by; empty if it does."""

    def recorded(self) -> int:
        """Number of partitions that it records now."""


class _Own(Collector):
    """Metrics of this process. What the recorders have done is in the metrics of the hubs."""

    def __init__(self, recording: Recording) -> None:
        self._recording, self._process = recording, ProcessCollector(registry=None)

    def collect(self) -> list[Metric]:
        build = Gauge("hub_build_info", "The version that runs.", labels=["version"])
        build.add_metric([__version__], 1)
        partitions = Gauge(
            "hub_recorder_partitions", "Partitions that this process records.", self._recording.recorded()
        )
        return [build, partitions, *self._process.collect()]


@asynccontextmanager
async def serving(settings: Settings, recording: Recording, port: int) -> AsyncIterator[int]:
    """Serve while the context lasts, at the host of the settings. Yields the port, a free one for 0. Raises
    ``OSError``."""
    registry = CollectorRegistry()
    registry.register(_Own(recording))

    async def livez(request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(request: web.Request) -> web.Response:
        problems = recording.problems()
        return web.Response(
            text="".join(f"{line}\n" for line in problems or ["ok"]),
            status=503 if problems else 200,
        )

    async def metrics(request: web.Request) -> web.Response:
        if settings.metrics_token:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
                return web.Response(
                    text="the token of HUB_METRICS_TOKEN is needed\n",
                    status=401,
                    headers={"www-authenticate": "Bearer"},
                )
        elif any(name in request.headers for name in FORWARDED) or not is_loopback(request.remote or ""):
            raise web.HTTPNotFound
        return web.Response(body=generate_latest(registry), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})

    app = web.Application()
    app.add_routes([web.get("/livez", livez), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
