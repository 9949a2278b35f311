"""Carries out erasures, between the batches of the log: only the session that records may delete what it records.

The rule: of an erased driver nothing is kept that was recorded or received up to the instant of the request, also if it
comes later: from the log, or from a phone that had stored it. Each erasure is done in steps, and each step is a
transaction that can be repeated, so a recorder that is killed continues where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

import msgspec

from hub.core.nouns import Position
from hub.logs import Action, get_logger
from hub.recorder.announce import Announcer
from hub.recorder.batch import Batch, Chunk
from hub.recorder.folding import Folding
from hub.stores.postgres.connection import AWAY, BAD_ROW, Connection
from hub.stores.postgres.history import erasures, events
from hub.stores.postgres.history.erasures import OpenErasure
from hub.stores.postgres.history.events import NewEvent
from hub.wire.events import Removal

PIECE = 20_000
"""Positions that are deleted in one transaction, for which recording waits: 20 ms where the rows lie together."""

log = get_logger()


class Step(IntEnum):
    """The steps of an erasure, in their order."""

    ANNOUNCE = 0  # tell the hubs, which remove the driver from the live fleet and from Redis
    AHEAD = 1  # positions that were received before the request and recorded after it, by a clock that is ahead
    DERIVED = 2  # trips, stops, days, checkpoints, and what else is about the driver
    PAST = 3  # positions that were recorded before the request
    LAST = 4  # the driver's events and alerts in Redis, and alerts that the notifier was making meanwhile


class Eraser:
    """The erasures of one session of the recorder. ``look`` for new ones, and ``step`` while it is ``busy``."""

    def __init__(
        self,
        connection: Connection,
        folding: Folding,
        announcer: Announcer,
        mine: Callable[[str, str], bool] = lambda fleet, driver_id: True,
    ) -> None:
        """``mine``: whether the positions of a driver are in the log of the session."""
        self._connection, self._folding, self._announcer, self._mine = connection, folding, announcer, mine
        self._work: dict[OpenErasure, Step] = {}
        self._failed: set[OpenErasure] = set()
        self._erased: dict[str, dict[str, datetime]] = {}

    async def begin(self) -> None:
        """Read the erasures of the past, which hold for ever."""
        for fleet, driver_id, _, history in await erasures.removals(self._connection):
            if history is not None:
                self._note(fleet, driver_id, history)

    @property
    def busy(self) -> bool:
        """Whether there is a step to take."""
        return bool(self._work)

    async def look(self) -> None:
        """Find requests that were made since, also within a transaction."""
        for found in await erasures.open_erasures(self._connection):
            if not self._mine(found.fleet, found.driver_id):
                continue
            if found not in self._failed:
                self._work.setdefault(found, Step.ANNOUNCE)
            if found.history:
                self._note(found.fleet, found.driver_id, found.until)

    def retry(self) -> None:
        """Try erasures that failed again."""
        self._failed.clear()

    async def skip(self, batch: Batch) -> None:
        """Take the positions of erased history out of a batch, in the transaction that stores it."""
        await self.look()
        if self._erased and (count := batch.leave_out(self._erased)):
            log.info(Action.ERASED_SKIPPED, count=count)

    async def step(self, horizon: datetime) -> int:
        """Take one step of the erasure that is least far. Returns the number of events that it wrote. Raises errors of
        the database and of Redis; another error is logged, and the erasure tried again later."""
        erasure, step = min(self._work.items(), key=lambda item: item[1])
        try:
            return await self._take(erasure, step, horizon)
        except Exception as error:
            if isinstance(error, AWAY) and not isinstance(error, BAD_ROW):
                raise
            log.error(
                Action.ERASURE_FAILED, erasure=str(erasure.id), step=step.name.lower(), error=type(error).__name__,
                exc_info=None if isinstance(error, AWAY) else error,
            )  # fmt: skip
            self._failed.add(erasure)
            del self._work[erasure]
            return 0

    async def _take(self, erasure: OpenErasure, step: Step, horizon: datetime) -> int:
        connection, written, done = self._connection, 0, True
        match step:
            case Step.ANNOUNCE:
                async with connection.transaction():
                    removal = Removal(driver_id=erasure.driver_id, until=erasure.until, history=erasure.history)
                    event = NewEvent(erasure.fleet, erasure.driver_id, msgspec.json.encode(removal).decode())
                    written = await events.put(connection, [event])
                    if not erasure.history:
                        await erasures.finish_erasure(connection, erasure.id)
                if not erasure.history:
                    del self._work[erasure]
                    return written
            case Step.AHEAD:
                done = await erasures.delete_ahead(connection, erasure, PIECE) < PIECE
            case Step.DERIVED:
                async with connection.transaction():
                    written = await self._erase_derived(erasure, horizon)
            case Step.PAST:
                done = await erasures.delete_past(connection, erasure, PIECE) < PIECE
            case Step.LAST:
                async with connection.transaction():
                    await erasures.delete_alerts(connection, erasure)
                await self._announcer.remove(erasure.fleet, erasure.driver_id)
                await erasures.finish_erasure(connection, erasure.id)
                log.info(Action.HISTORY_ERASED, fleet=erasure.fleet, erasure=str(erasure.id))
                del self._work[erasure]
                return 0
        if done:
            self._work[erasure] = Step(step + 1)
        return written

    async def _erase_derived(self, erasure: OpenErasure, horizon: datetime) -> int:
        connection, driver = self._connection, (erasure.fleet, erasure.driver_id)
        await erasures.delete_traces(connection, erasure)
        await self._folding.erase(connection, driver, erasure.until)
        # What came since the request is folded again, from nothing.
        first = await erasures.first_after(connection, erasure)
        if first is None:
            return 0
        at, latitude_e7, longitude_e7, speed, accuracy = first
        position = Position(
            erasure.driver_id, latitude_e7 / 1e7, longitude_e7 / 1e7, at, at, 0, speed=speed, accuracy=accuracy
        )
        return await self._folding.apply(connection, [Chunk("", erasure.fleet, [position])], horizon)

    def _note(self, fleet: str, driver_id: str, until: datetime) -> None:
        drivers = self._erased.setdefault(fleet, {})
        drivers[driver_id] = max(until, drivers.get(driver_id, until))
