"""Which partitions of the log this node follows: those with a fleet that its clients need.

A partition is needed while a client of one of its fleets is connected, a driver or a screen, and for
``partition_idle`` seconds after a request about one. The first need loads its latest positions, and what needs them
waits. Afterwards the node leaves it, and forgets them. A log with one partition is always followed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from redis.asyncio import Redis

from hub.clock import SYSTEM, SystemClock
from hub.core.live.fleet import Fleet
from hub.core.live.hub import Hub
from hub.core.live.log_place import LogPlace
from hub.edge.clock import Clock
from hub.edge.http.problems import Problem, unavailable
from hub.edge.log.appender import Appender
from hub.edge.log.appenders import Appenders
from hub.edge.log.tail import RETRY, Tail, Tails
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.events.signs import all_signs

log = get_logger()


class Needs:
    """The needs of one node. ``settle`` finds the drivers of a fleet that are silent: clients must not see them as
    online."""

    def __init__(
        self,
        settings: Settings,
        hub: Hub,
        tails: Tails,
        appender: Appender | Appenders,
        redis: Redis,
        clock: Clock,
        settle: Callable[[Fleet], None],
        system: SystemClock = SYSTEM,
    ) -> None:
        self._settings, self._hub, self._tails, self._redis, self._settle = settings, hub, tails, redis, settle
        self._clock, self._monotonic = clock, system.monotonic
        self.loads = 0
        """Times that a partition was loaded because it was needed."""
        self._parts: dict[LogPlace, _Part] = {}
        if isinstance(appender, Appenders):
            for tail, of_partition in zip(tails.all, appender.all, strict=True):
                tail.place.loaded = False
                self._parts[tail.place] = _Part(tail, of_partition)

    def ready(self, fleet: str) -> bool:
        """Note that a request needs a fleet. False where its partition has to be loaded first: wait for ``of``."""
        if not self._parts:
            return True
        place = self._hub.fleet(fleet).log_place
        place.asked = self._monotonic()
        return place.loaded

    async def of(self, fleet: str) -> None:
        """Note that a request or a client that connects needs a fleet, and wait until its partition is loaded. Raises
        ``Problem`` 503 if Redis does not answer, or not in time."""
        if self.ready(fleet):
            return
        part = self._parts[self._hub.fleet(fleet).log_place]
        problem: Problem | None
        try:
            async with asyncio.timeout(self._settings.partition_wait):
                problem = await part.loaded()
        except TimeoutError:
            problem = self._away()
        if problem is not None:
            raise problem

    async def run(self) -> None:
        """Follow what is needed until cancelled."""
        if not self._parts:
            await self._tails.all[0].run()
        async with asyncio.TaskGroup() as group:
            for part in self._parts.values():
                group.create_task(self._run(part))

    async def _run(self, part: _Part) -> None:
        tail = part.tail
        try:
            while True:
                await part.wanted.wait()
                part.wanted.clear()
                try:
                    await self._load(tail)
                except UNAVAILABLE:
                    # The appender reports that Redis is away.
                    await tail.unload()
                    part.tell(self._away())
                    await asyncio.sleep(RETRY)
                    continue
                part.tell(None)
                await tail.follow(lambda: not self._needed(part))
                await tail.unload()
                log.info(Action.LATEST_DROPPED, partition=tail.partition.number)
        finally:
            await tail.close()

    async def _load(self, tail: Tail) -> None:
        drivers, fleets = await tail.load(await self._heard(), self._settle)
        self.loads += 1
        tail.reloaded()
        log.info(Action.LATEST_LOADED, drivers=drivers, fleets=fleets, partition=tail.partition.number)

    async def _heard(self) -> dict[str, dict[str, datetime]]:
        """Fleet -> driver -> when another node last heard it without a position, as far as it matters still."""
        now = self._clock.now()
        oldest = now - timedelta(seconds=self._settings.offline_after)
        heard: dict[str, dict[str, datetime]] = {}
        async for signs in all_signs(self._redis):
            for each in signs:
                for fleet, drivers in each.drivers.items():
                    of_fleet = heard.setdefault(fleet, {})
                    for driver_id in drivers:
                        of_fleet.setdefault(driver_id, min(each.at, now))
            if signs and signs[-1].at < oldest:
                break
        return heard

    def _needed(self, part: _Part) -> bool:
        """Whether a partition is needed. Positions that wait for the log are not in Redis yet; with those that are
        retained, latest positions are restored if the log loses its end."""
        place = part.tail.place
        asked = self._monotonic() - place.asked < self._settings.partition_idle
        return bool(place.clients or asked or part.appender.unlogged.size or part.appender.retained.size)

    def _away(self) -> Problem:
        detail = "the fleet's latest positions cannot be loaded: Redis does not answer"
        return unavailable(detail, self._settings.retry_after)


class _Part:
    """A partition, and what waits until it is loaded."""

    def __init__(self, tail: Tail, appender: Appender) -> None:
        self.tail, self.appender = tail, appender
        self.wanted = asyncio.Event()
        self._outcome: asyncio.Future[Problem | None] | None = None

    async def loaded(self) -> Problem | None:
        """Have it loaded, and wait until it is, or why it cannot be."""
        if self._outcome is None:
            self._outcome = asyncio.get_running_loop().create_future()
        self.wanted.set()
        return await asyncio.shield(self._outcome)

    def tell(self, problem: Problem | None) -> None:
        """The partition is loaded, or could not be."""
        self.wanted.clear()
        outcome, self._outcome = self._outcome, None
        if outcome is not None:
            outcome.set_result(problem)
