"""The notifier: one session follows events and the clock, another sends. After an error of PostgreSQL both begin again;
what they had decided is in the tables."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis

from hub.clock import SYSTEM, SystemClock
from hub.core.time_zones import TimeZones
from hub.logs import Action, get_logger
from hub.notifier.ending import ended
from hub.notifier.learning import learn
from hub.notifier.matching import CONSUMER, Matching, Rules
from hub.notifier.reports import Reports
from hub.notifier.rounds import Rounds
from hub.notifier.send.dispatch import Dispatch
from hub.notifier.send.forward import Forward
from hub.notifier.send.sender import senders
from hub.notifier.silence import Silence
from hub.notifier.tally import Tally
from hub.settings import Settings
from hub.stores.postgres.alerts import alerts, deliveries
from hub.stores.postgres.alerts.queues import by_kind
from hub.stores.postgres.alerts.waking import NOTICE, listen
from hub.stores.postgres.connection import AWAY, Connection, connect
from hub.stores.postgres.history import offsets
from hub.stores.postgres.migrate import check
from hub.stores.postgres.pool import Pool
from hub.stores.postgres.refusals import refusal
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.connection import connect as connect_redis
from hub.stores.redis.events.alerts import AlertEvent, append
from hub.stores.redis.layout import layout
from hub.stores.redis.reports.notifier import add_totals, write_queues

POLL = 1.0
"""Seconds between two looks for events while PostgreSQL notifies of none: rules that changed, and the rounds."""

ROUND = 2.0
"""Seconds between two rounds of rules by the clock."""

LOCK_POLL = 0.5
"""Seconds between two tries for the lock: the time in which a standby takes over."""

METRICS_EVERY = 5.0
"""Seconds between two times at which figures for the metrics are written."""

TIDY_EVERY = 60.0
"""Seconds between two looks for alerts about deleted fences."""

EXPIRE_EVERY = 600.0
ROWS_AT_ONCE = 20_000
"""Rows deleted in one round of expiry."""

BACKOFF_FIRST, BACKOFF_MOST = 0.2, 5.0
"""Shortest and longest pause in seconds after an error."""

CONNECTIONS = 4
"""Connections with which deliveries are noted."""

MESSAGES_AT_ONCE = 500

log = get_logger()


class Notifier:
    """Runs until ``stop``."""

    def __init__(self, settings: Settings, clock: SystemClock = SYSTEM) -> None:
        self._settings, self._clock = settings, clock
        self._stopping = asyncio.Event()
        self._tally = Tally()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Follow and send. No error ends it."""
        parts = [
            asyncio.create_task(self._again("following", self._follow)),
            asyncio.create_task(self._again("sending", self._send)),
            asyncio.create_task(self._again("metrics", self._metrics)),
            asyncio.create_task(self._again("learning", lambda: learn(self._settings, self._clock))),
        ]
        try:
            await self._stopping.wait()
        finally:
            await ended(parts)

    async def _again(self, name: str, session: Callable[[], Awaitable[None]]) -> None:
        failures, told = 0, ""
        while True:
            began = self._clock.monotonic()
            try:
                await session()
            except Exception as error:
                failures = failures + 1 if self._clock.monotonic() - began < BACKOFF_MOST else 1
                pause = min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** min(failures, 10)) * random.uniform(0.5, 1)
                # Without asyncpg's detail and hint, which may quote a row.
                words = str(error.args[0] if error.args else "")[:200]
                what = {"part": name, "error": type(error).__name__, "message": words, "failures": failures}
                if problem := refusal(error):
                    if problem != told:
                        log.error(Action.SCHEMA_REFUSED, problem=problem)
                    told = problem
                elif isinstance(error, (*AWAY, *UNAVAILABLE)):
                    log.warning(Action.NOTIFIER_RETRYING, **what, pause=round(pause, 3))
                else:
                    log.error(Action.INTERNAL_ERROR, **what, exc_info=error)
                await asyncio.sleep(pause)

    async def _follow(self) -> None:
        settings = self._settings
        connection = await connect(settings.database_url, role="notifier", patience=settings.database_timeout)
        redis = connect_redis(settings.redis_url, settings.redis_timeout)
        try:
            while not await offsets.lock(connection, CONSUMER):  # noqa: ASYNC110 (of PostgreSQL)
                await asyncio.sleep(LOCK_POLL)
            await check(connection)
            rules = Rules()
            matching, rounds = Matching(connection, rules), Rounds(connection, rules)
            found = await layout(redis, settings.partitions)
            silence = Silence(connection, redis, found, rules)
            reports = Reports(connection, TimeZones(settings.time_zone))
            await matching.begin()
            noticed = asyncio.Event()
            await listen(connection, NOTICE, noticed.set)
            log.info(Action.NOTIFIER_STARTED)
            rounded = tidied = expired = measured = float("-inf")
            while True:
                noticed.clear()
                now = self._clock.now()
                await rules.load(connection, now)
                taken = await matching.take(now)
                await _show(connection, redis)
                if self._clock.monotonic() - rounded >= ROUND:
                    rounded = self._clock.monotonic()
                    await rounds.run(now)
                    await reports.run(now)
                    try:
                        await silence.run(now)
                    except UNAVAILABLE:
                        # The hub reports that Redis is away. A round that was cut short is forgotten.
                        silence = Silence(connection, redis, found, rules)
                if self._clock.monotonic() - tidied >= TIDY_EVERY:
                    tidied = self._clock.monotonic()
                    async with connection.transaction():
                        await alerts.close_of_deleted_fences(connection, now, ROWS_AT_ONCE)
                if self._clock.monotonic() - expired >= EXPIRE_EVERY:
                    expired = self._clock.monotonic()
                    await self._expire(connection)
                if self._clock.monotonic() - measured >= METRICS_EVERY:
                    measured = self._clock.monotonic()
                    with contextlib.suppress(*UNAVAILABLE):  # without figures the metrics say that no notifier runs
                        await write_queues(redis, await by_kind(connection, now))
                await _show(connection, redis)
                if not taken:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(POLL):
                            await noticed.wait()
        finally:
            connection.terminate()
            await redis.aclose()

    async def _expire(self, connection: Connection) -> None:
        now = self._clock.now()
        await alerts.expire(connection, now - timedelta(days=self._settings.alert_days), ROWS_AT_ONCE)
        await deliveries.expire(connection, now - timedelta(days=self._settings.delivery_days), ROWS_AT_ONCE)

    async def _metrics(self) -> None:
        """Add what was sent to the totals of all notifiers. While Redis is away the counts wait."""
        redis = connect_redis(self._settings.redis_url, self._settings.redis_timeout)
        try:
            while True:
                await asyncio.sleep(METRICS_EVERY)
                await self._count(redis)
        finally:
            try:
                await self._count(redis)
            finally:
                await redis.aclose()

    async def _count(self, redis: Redis) -> None:
        if counts := self._tally.take():
            try:
                await add_totals(redis, counts)
            except UNAVAILABLE:
                self._tally.put_back(counts)

    async def _send(self) -> None:
        settings = self._settings
        pool = Pool(settings.database_url, "sender", connections=CONNECTIONS, patience=settings.database_timeout)
        await pool.open()
        connection = await connect(settings.database_url, role="sending", patience=settings.database_timeout)
        forwarding = await connect(settings.database_url, role="forwarding", patience=settings.database_timeout)
        try:
            await check(connection)
            async with senders(settings, pool, self._clock, self._tally) as sender:
                dispatch = Dispatch(settings, pool, sender, connection, self._clock)
                forward = Forward(settings, pool, sender, forwarding, self._clock)
                await _first([dispatch.run(), forward.run()])
        finally:
            connection.terminate()
            forwarding.terminate()
            await pool.close()


async def _first(parts: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run parts side by side until one of them fails, and raise its error."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await ended(tasks)
        for task in tasks:  # all lose PostgreSQL at the same time: the error that is raised tells it
            if not task.cancelled():
                task.exception()


async def _show(connection: Connection, redis: Redis) -> None:
    """Bring messages about alerts to the screens. While Redis is away they wait in their table."""
    while found := await alerts.messages(connection, MESSAGES_AT_ONCE):
        try:
            await append(redis, [AlertEvent(fleet, driver_id, payload) for _, fleet, driver_id, payload in found])
        except UNAVAILABLE:
            return
        await alerts.delete_messages(connection, [row[0] for row in found])
