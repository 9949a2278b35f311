"""Compares the hub's clock with those of Redis, PostgreSQL and the drivers, and reports when it is wrong.

It only reports. Whether the hub or a whole fleet of devices is wrong cannot be decided here: devices of one model can
all be wrong by a day, or 1,024 weeks. Positions keep the device's time, so nothing has to be corrected afterwards.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable
from datetime import datetime
from statistics import median

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from hub.clock import SYSTEM, SystemClock
from hub.core.live.unlogged import Batch
from hub.edge.clock import Clock
from hub.logs import Action, get_logger
from hub.stores.clocks import database_time, redis_time
from hub.stores.postgres.connection import AWAY
from hub.stores.redis.connection import UNAVAILABLE

log = get_logger()

LOOK = 1.0
"""Seconds between two comparisons; each sorts at most ``MOST`` numbers."""

ASK = 60.0
"""Seconds between two queries to Redis and PostgreSQL."""

ASK_AGAIN = 5.0
"""The same while one of them does not answer (PostgreSQL at the hub's start), and while a clock is wrong."""

SERVER_LIMIT = 10.0
"""Seconds that a server's clock may differ. The difference is milliseconds with NTP, some seconds a week without."""

BEHIND_LIMIT = 60.0
"""Seconds that the hub may be behind the drivers; beyond, their fixes are in its future (default ``max_future``)."""

AHEAD_LIMIT = 600.0
"""Seconds that the hub may be ahead of the drivers: more, because a fix may also be old because it was sent late."""

AGREEMENT = 30.0
"""Seconds by which the offsets of drivers may differ from each other: their delays. Fixes that were sent late differ by
more."""

DRIVERS = 3
"""Drivers that have to agree; they also have to be more than half of those heard. With one or two the device is the
likelier cause, and three wrong devices do not agree within a minute by chance."""

NO_TIME = 1e-4
"""Seconds. A fix that differs less has no time of its own, it got the hub's: transmission takes longer."""

HEARD = 300.0
"""Seconds for which the newest fix of a driver counts: phones report at least once a minute while they move."""

MOST = 1_000
"""Most drivers that are remembered, which bounds the memory for invented ids; more do not improve the median."""

REPEAT = 3_600.0
"""Seconds after which the log line is repeated."""


class _Times(Struct, rename="camel", gc=False):
    driver_id: str
    recorded_at: datetime
    received_at: datetime


_times = msgspec.json.Decoder(_Times)


class ClockWatch:
    """Offsets are in seconds by which the hub's clock is ahead of another; negative when it is behind."""

    def __init__(self, clock: Clock, system: SystemClock = SYSTEM) -> None:
        self.clock, self._monotonic = clock, system.monotonic
        self.problem: str | None = None
        """The problem as text."""
        self.offsets: dict[str, float] = {}
        """Source -> offset, of ``redis``, ``postgresql`` and ``drivers`` as far as they are known."""
        self._servers: dict[str, float] = {}
        # (fleet, driver) -> when its newest sampled fix came (monotonic), and the offset of the hub's clock from it.
        self._heard: dict[tuple[str, str], tuple[float, float]] = {}
        # Sources and directions of the last log line, and its time.
        self._said: tuple[tuple[str, bool], ...] = ()
        self._said_at = 0.0

    def sample(self, batch: Batch) -> None:
        """Note one position of a logged batch, chosen at random: one a transaction, whatever the load."""
        if not batch.size:
            return
        fleet, payloads = random.choice(list(batch.payloads.items()))
        try:
            times = _times.decode(random.choice(payloads))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return  # the recorder reports it as a dead letter
        offset = (times.received_at - times.recorded_at).total_seconds()
        key = (fleet, times.driver_id)
        if abs(offset) > NO_TIME and (key in self._heard or len(self._heard) < MOST):
            self._heard[key] = (self._monotonic(), offset)

    def degraded(self) -> list[str]:
        """The problem as text; empty without one."""
        return [self.problem] if self.problem else []

    async def run(self, redis: Redis, database_url: str, patience: float) -> None:
        """Query and compare until cancelled."""
        asked_at = float("-inf")
        while True:
            settled = len(self._servers) == 2 and self.problem is None
            if self._monotonic() - asked_at >= (ASK if settled else ASK_AGAIN):
                await self._compare("redis", redis_time(redis))
                await self._compare("postgresql", database_time(database_url, patience))
                asked_at = self._monotonic()
            self.look()
            await asyncio.sleep(LOOK)

    def look(self) -> None:
        """Compare the known offsets, and log changes."""
        now = self._monotonic()
        self._heard = {key: value for key, value in self._heard.items() if now - value[0] <= HEARD}
        names = {"redis": "Redis", "postgresql": "PostgreSQL"}
        self.offsets = dict(self._servers)
        if drivers := majority([offset for _, offset in self._heard.values()]):
            self.offsets["drivers"], agreeing = drivers
            names["drivers"] = f"{agreeing} of {len(self._heard)} drivers"
        wrong = {source: offset for source, offset in self.offsets.items() if is_wrong(source, offset)}
        self.problem = in_words({names[source]: offset for source, offset in wrong.items()}) if wrong else None
        if self.problem and wrong.get("drivers", 0) < 0:
            self.problem += ": drivers are shown with a clock warning"
        said = tuple((source, offset > 0) for source, offset in wrong.items())
        if said == self._said and not (said and now - self._said_at > REPEAT):
            return
        if said:
            log.error(Action.CLOCK_WRONG, problem=self.problem)
        else:
            log.info(Action.CLOCK_RIGHT)
        self._said, self._said_at = said, now

    async def _compare(self, source: str, asked: Awaitable[float]) -> None:
        begin = self.clock.now().timestamp()
        try:
            theirs = await asked
        except (*UNAVAILABLE, *AWAY):
            # Other checks report it. The known offset may have changed meanwhile.
            self._servers.pop(source, None)
            return
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="clock")
            self._servers.pop(source, None)
            return
        end = self.clock.now().timestamp()
        # The answer was made at some time between.
        self._servers[source] = 0.0 if begin <= theirs <= end else (begin + end) / 2 - theirs


def majority(offsets: list[float]) -> tuple[float, int] | None:
    """The median, and how many agree with it; None where those are too few."""
    if len(offsets) < DRIVERS:
        return None
    middle = median(offsets)
    agreeing = sum(abs(offset - middle) <= AGREEMENT for offset in offsets)
    return (middle, agreeing) if agreeing >= DRIVERS and agreeing * 2 > len(offsets) else None


def is_wrong(source: str, offset: float) -> bool:
    """Whether an offset is more than the source's delays explain."""
    return not -BEHIND_LIMIT <= offset <= AHEAD_LIMIT if source == "drivers" else abs(offset) > SERVER_LIMIT


def in_words(wrong: dict[str, float]) -> str:
    """A sentence of offsets by the name of their source; equal ones are grouped."""
    by_span: dict[str, list[str]] = {}
    for name, offset in wrong.items():
        by_span.setdefault(f"{span(abs(offset))} {'ahead of' if offset > 0 else 'behind'}", []).append(name)
    return "the hub's clock is " + listed([f"{words} {listed(names)}" for words, names in by_span.items()])


def span(seconds: float) -> str:
    """An approximate duration in the largest unit that fits: ``1 day``, ``1,024 weeks``."""
    # Weeks from four on: the rollover of GPS receivers is known as 1,024 weeks.
    for unit, length, least in (("week", 604_800, 4), ("day", 86_400, 1), ("hour", 3_600, 1), ("minute", 60, 1)):
        if (count := round(seconds / length)) >= least:
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    return f"{seconds:.0f} seconds"


def listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
