"""``hub serve``: starts, connects and stops all parts. The only module that imports every ring."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import resource
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import Redis

from hub.edge.app import build
from hub.edge.log.events import announce, announce_alerts
from hub.edge.log.inside import follow_inside
from hub.edge.log.watch import LogWatch
from hub.edge.node import Node
from hub.edge.server import Server, listen
from hub.embedded.child import Child
from hub.embedded.services import Services, running
from hub.environment import environment
from hub.identity.first_admin import first_admin
from hub.logs import Action, get_logger
from hub.reached import report_unreached
from hub.settings import Settings
from hub.startup import StartupError
from hub.stores.postgres.connection import AWAY
from hub.stores.postgres.migrate import migrate
from hub.stores.postgres.refusals import SchemaRefused
from hub.stores.reasons import reason
from hub.stores.redis import latest
from hub.stores.redis import layout as layouts
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.layout import LayoutRefused
from hub.wire.layout import Layout, Partition

log = get_logger()

Answer = TypeVar("Answer")

LATEST_TIMEOUT = 30.0
"""Seconds that Redis may take at start; a hub without latest positions would show an empty fleet."""

SPARE_FILES = 1_000
"""Open files besides those of ``max_connections``: half-open handshakes, requests, Redis, the services' pipes."""

REFUSED_PAUSE = 3.0
"""Seconds between two tries at a schema that needs an administrator: a GRANT is noticed without a restart."""

YOUNG = 10_000
"""Objects after which the garbage collector looks at the new ones, instead of 700: a hundred requests that wait for the
log have 2,000 at any time, and looking at them again and again took a tenth of the time of each. A look at 10,000 takes
a third of a millisecond, and there is a full one a fourteenth as often."""

RECORDER_NICENESS = 10
"""The live path goes first when CPU is scarce; history catches up from the log."""


async def serve(settings: Settings, on_ready: Callable[[str], None] | None = None) -> None:
    """Run the hub until SIGTERM or SIGINT. ``on_ready`` gets the address (``http://…``) once sockets are accepted.

    Raises ``StartupError`` when the start fails, and the error that ended an essential part.
    """
    allow_files(settings.max_connections + SPARE_FILES)
    listener = listen(settings)
    reporting = asyncio.create_task(report_unreached(settings, LATEST_TIMEOUT))
    try:
        # Live and acks need no PostgreSQL, whose recovery may take minutes.
        async with running(settings, background={"postgresql"}) as services:
            await _serve(services, listener, on_ready)
    finally:
        reporting.cancel()
        await asyncio.gather(reporting, return_exceptions=True)
        listener.close()


async def _serve(services: Services, listener: object, on_ready: Callable[[str], None] | None) -> None:
    settings = services.settings
    try:
        redis = connect(settings.redis_url, settings.redis_timeout)
    except ValueError as error:
        raise StartupError(f"HUB_REDIS_URL is not valid: {error}") from error
    layout = await _layout(settings, redis)
    node = Node(settings, redis, layout=layout)
    await _load_latest(node, redis)
    recorder = Child(
        "recorder",
        [sys.executable, "-m", "hub.recorder"],
        env=environment(settings),
        niceness=RECORDER_NICENESS,
    )

    notifier = Child(
        "notifier",
        [sys.executable, "-m", "hub.notifier"],
        env=environment(settings),
        niceness=RECORDER_NICENESS,
    )

    migrated = asyncio.Event()
    history = asyncio.create_task(_start_history(services, recorder, notifier, migrated))

    watch = LogWatch(redis, node.unlogged, node.safety, settings.max_log_fill, settings.max_lag, layout)

    def problems() -> list[str]:
        return services.problems("valkey") + watch.problems()

    def degraded() -> list[str]:
        found = services.problems("postgresql") + ([recorder.problem] if recorder.problem else watch.degraded())
        # While the recorder has a problem, the notifier has not been started, or has the same one.
        return found + ([notifier.problem] if notifier.problem and not recorder.problem else [])

    server = Server(node, build(node, problems, degraded), settings)
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
    tasks = [history, *vital]
    try:
        if on_ready is not None:
            tasks.append(asyncio.create_task(_announce(server, settings, listener, on_ready, migrated)))
        log.info(Action.SERVE_STARTED, host=settings.host, open=settings.open, epoch=node.hub.epoch)
        await server.serve(sockets=[listener])  # type: ignore[list-item]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(recorder.stop(), notifier.stop())
        with contextlib.suppress(*UNAVAILABLE):
            await redis.aclose()
        log.info(Action.SERVE_STOPPED)
    for task in vital:
        if not task.cancelled():
            task.result()  # raises what ended it


async def _events(node: Node, partition: Partition) -> None:
    settings, received = node.settings, node.removals.receive
    await announce(node.hub, node.insiders, settings.redis_url, settings.redis_timeout, received, partition)


async def _start_history(services: Services, recorder: Child, notifier: Child, migrated: asyncio.Event) -> None:
    await services.served("postgresql")
    settings = services.settings
    await _start_recorder(recorder, settings.database_url, migrated, settings.recorder == "on")
    try:
        await notifier.start()
    except StartupError as error:
        # `problem` reports it, too: positions and history continue without alerts.
        log.error(Action.SERVICE_EXITED, service="notifier", problem=str(error))


async def _start_recorder(recorder: Child, database_url: str, migrated: asyncio.Event, wanted: bool) -> None:
    """Bring the schema up to date and start the recorder if it is ``wanted``. The live path does not wait for
    PostgreSQL."""
    pause = 0.2
    while True:
        try:
            done = await migrate(database_url)
            break
        except SchemaRefused as error:
            if recorder.problem != str(error):  # logged once, retried: an administrator may correct it meanwhile
                log.error(Action.SCHEMA_REFUSED, problem=str(error))
            recorder.problem = str(error)
            await asyncio.sleep(REFUSED_PAUSE)
        except AWAY as error:
            recorder.problem = f"PostgreSQL does not answer: {reason(error)}"
            log.warning(Action.RECORDER_RETRYING, error=repr(error)[:200], pause=pause)
            await asyncio.sleep(pause)
            pause = min(5.0, pause * 2)
    migrated.set()
    if done:
        log.info(Action.SCHEMA_MIGRATED, steps=done)
    if not wanted:
        recorder.problem = None
        return
    try:
        await recorder.start()
    except StartupError as error:
        # `problem` reports it, too: live positions continue without history.
        log.error(Action.SERVICE_EXITED, service="recorder", problem=str(error))


def allow_files(count: int) -> None:
    """Raise the soft limit on open files to ``count``, or to the hard limit if that is lower: the soft limit is 1,024
    on many systems."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _announce(
    server: Server, settings: Settings, listener: object, on_ready: Callable[[str], None], migrated: asyncio.Event
) -> None:
    """Report the address, then the first admin's password if one was created."""
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    host, port = listener.getsockname()[:2]  # type: ignore[attr-defined]
    on_ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    await migrated.wait()
    words = await first_admin(settings)
    if words is not None:
        print(words, flush=True)  # never to the log, which is kept and shown to others


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
        found = await _answered(lambda: layouts.layout(redis, settings.partitions))
    except LayoutRefused as error:
        raise StartupError(str(error)) from error
    await _answered(lambda: layouts.delete_places(redis))
    return found


async def _load_latest(node: Node, redis: Redis) -> None:
    drivers, fleets = await _answered(lambda: node.tail.begin(redis))
    if len(node.layout.partitions) > 1:
        loaded = await _answered(lambda: latest.load(redis, node.layout))
        for fleet, positions in loaded.items():
            node.hub.load(fleet, positions)
        drivers, fleets = sum(map(len, loaded.values())), len(loaded)
    log.info(Action.LATEST_LOADED, drivers=drivers, fleets=fleets)
