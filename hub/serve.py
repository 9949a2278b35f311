"""``hub serve``: starts, connects and stops all parts. The only module that imports every ring."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from redis.asyncio import Redis

from hub.edge.app import build
from hub.edge.log.events import announce, announce_alerts
from hub.edge.log.inside import follow_inside
from hub.edge.log.watch import LogWatch
from hub.edge.node import Node
from hub.edge.ops.siblings import Siblings
from hub.edge.server import Server
from hub.embedded.services import Services
from hub.identity.first_admin import first_admin
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.startup import StartupError
from hub.stores.redis import layout as layouts
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.layout import LayoutRefused
from hub.tracing import process as tracing
from hub.wire.layout import Layout, Partition
from hub.workers.parts import History, Parts
from hub.workers.prepared import LATEST_TIMEOUT, SPARE_FILES, prepared

log = get_logger()

Answer = TypeVar("Answer")

YOUNG = 10_000
"""Objects after which the garbage collector looks at the new ones, instead of 700: a hundred requests that wait for the
log have 2,000 at any time, and looking at them again and again took a tenth of the time of each. A look at 10,000 takes
a third of a millisecond, and there is a full one a fourteenth as often."""


async def serve(settings: Settings, on_ready: Callable[[str], None] | None = None) -> None:
    """Run a hub of one process until SIGTERM or SIGINT. ``on_ready`` gets the address (``http://…``) once sockets are
    accepted.

    Raises ``StartupError`` when the start fails, and the error that ended an essential part.
    """
    async with prepared(settings, settings.max_connections + SPARE_FILES) as (services, listener):
        await _serve(services, listener, on_ready)


async def _serve(services: Services, listener: socket.socket, on_ready: Callable[[str], None] | None) -> None:
    settings, history = services.settings, History(services)

    async def announced(server: Server) -> None:
        await started(server)
        await announce_address(settings, listener, on_ready, history.migrated)

    try:
        await run_node(settings, history.parts, lambda server: [history.start(), announced(server)], [listener])
    finally:
        await history.stop()
        log.info(Action.SERVE_STOPPED)


async def run_node(
    settings: Settings,
    parts: Callable[[], Parts],
    extra: Callable[[Server], list[Coroutine[Any, Any, None]]],
    listeners: Sequence[socket.socket] = (),
    siblings: Siblings | None = None,
) -> None:
    """Run a node until a signal; both URLs are set. ``parts``: what is outside of the node. ``extra`` makes tasks that
    begin with the server. Raises ``StartupError``, and the error that ended an essential part."""
    tracing.start(settings, "hub")
    redis = connected(settings)
    layout = await _layout(settings, redis)
    node = Node(settings, redis, layout=layout)
    await _load_latest(node, redis)

    watch = LogWatch(redis, node.unlogged, node.safety, settings.max_log_fill, settings.max_lag, layout)

    def problems() -> list[str]:
        return parts().valkey + watch.problems()

    def degraded() -> list[str]:
        now = parts()
        found = now.postgresql + ([now.recorder] if now.recorder else watch.degraded())
        # While the recorder has a problem, the notifier has not been started, or has the same one.
        return found + ([now.notifier] if now.notifier and not now.recorder else [])

    server = Server(node, build(node, problems, degraded, siblings), settings)
    # The 70,000 objects of the start live as long as the process. A full garbage collection that visits them takes 25
    # to 50 ms, during which no position is sent.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    vital = [
        *map(asyncio.create_task, node.upkeep()),
        asyncio.create_task(watch.run()),
        asyncio.create_task(node.clock_watch.run(redis, settings.database_url, settings.history_timeout)),
        *(asyncio.create_task(_events(node, partition)) for partition in layout.partitions),
        asyncio.create_task(announce_alerts(node.hub, settings.redis_url, settings.redis_timeout)),
        asyncio.create_task(follow_inside(node.insiders, settings.database_url, settings.history_timeout)),
    ]
    for task in vital:
        task.add_done_callback(lambda _: server.ask_to_exit())
    tasks = [*vital, *map(asyncio.create_task, extra(server))]
    try:
        log.info(Action.SERVE_STARTED, host=settings.host, open=settings.open, epoch=node.hub.epoch)
        await server.serve(sockets=list(listeners))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        tracing.stop()
        with contextlib.suppress(*UNAVAILABLE):
            await redis.aclose()
    for task in vital:
        if not task.cancelled():
            task.result()  # raises what ended it


async def _events(node: Node, partition: Partition) -> None:
    settings, received = node.settings, node.removals.receive
    await announce(node.hub, node.insiders, settings.redis_url, settings.redis_timeout, received, partition)


def connected(settings: Settings) -> Redis:
    """A client for Redis. Raises ``StartupError`` for a URL that is not valid."""
    try:
        return connect(settings.redis_url, settings.redis_timeout)
    except ValueError as error:
        raise StartupError(f"HUB_REDIS_URL is not valid: {error}") from error


async def announce_address(
    settings: Settings, listener: socket.socket, on_ready: Callable[[str], None] | None, migrated: asyncio.Event
) -> None:
    """Report the address, then the first admin's password if one was created. Without ``on_ready`` neither."""
    if on_ready is None:
        return
    host, port = listener.getsockname()[:2]
    on_ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    await migrated.wait()
    words = await first_admin(settings)
    if words is not None:
        print(words, flush=True)  # never to the log, which is kept and shown to others


async def started(server: Server) -> None:
    """Wait until the server has started."""
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)


async def _answered(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """The answer of Redis, once it gives one. Raises ``StartupError``."""
    deadline = asyncio.get_running_loop().time() + LATEST_TIMEOUT
    while True:
        try:
            return await ask()
        except UNAVAILABLE as error:
            if asyncio.get_running_loop().time() > deadline:
                raise StartupError(f"Redis does not answer: {error}") from error
            await asyncio.sleep(0.2)


async def _layout(settings: Settings, redis: Redis) -> Layout:
    try:
        return await _answered(lambda: layouts.layout(redis, settings.partitions))
    except LayoutRefused as error:
        raise StartupError(str(error)) from error


async def _load_latest(node: Node, redis: Redis) -> None:
    drivers, fleets = await _answered(lambda: node.tail.begin(redis))
    if len(node.tail.all) == 1:  # else they are loaded where they are needed
        log.info(Action.LATEST_LOADED, drivers=drivers, fleets=fleets)
