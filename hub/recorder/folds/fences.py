"""The fold of fences, which sleeps while there is none: then it asks one question a batch and imports no geometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import msgspec

from hub.core.fences.state import State
from hub.recorder.batch import Chunk
from hub.recorder.folds.base import Mine, instant, microseconds
from hub.settings import Settings
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.fences import facts
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.trips import Span

if TYPE_CHECKING:
    from hub.recorder.folds.fence_visits import Visits

NEVER = 1 << 62


EMPTY = msgspec.msgpack.encode(State())
"""The state of a driver without points."""


class Fences:
    """Visits and crossings of all drivers for one session. After an error of the database it is stale: make a new
    one."""

    name: ClassVar[str] = "fences"

    def __init__(self, settings: Settings, mine: Mine = None) -> None:
        self._mine = mine
        self._visits: Visits | None = None
        self._fleets: set[str] | None = None

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        """See ``Fold``."""
        changes = await facts.take_changes(connection, self._mine)
        if self._fleets is None:
            self._fleets = {
                fleet for fleet in await facts.fleets(connection) if self._mine is None or self._mine(fleet)
            }
        if self._visits is None:
            if not changes and not self._fleets:
                return 0
            from hub.recorder.folds.fence_visits import Visits

            self._visits = Visits(self._mine)
        known = {change.fleet for change in changes} | (self._fleets - self._visits.fleets)
        await self._visits.load(connection, known, changes)
        return await self._visits.apply(connection, inserted, microseconds(horizon))

    async def idle(self, connection: Connection) -> int:
        """See ``Fold``."""
        return await self.apply(connection, [], instant(-NEVER))

    async def forget(self, connection: Connection, since: Mapping[Driver, datetime]) -> None:
        """See ``Fold``. Without its checkpoints from then on, a driver is folded from the one before."""
        if self._visits is not None:
            self._visits.forget(since)
        ends = [Span(*driver, instant(microseconds(begin) - 1), instant(NEVER)) for driver, begin in since.items()]
        await facts.delete_checkpoints(connection, ends)

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None:
        """See ``Fold``. An empty checkpoint at ``until`` keeps the fold from reading what comes before it."""
        if self._visits is not None:
            self._visits.forget([driver])
        await facts.erase(connection, driver, until, EMPTY)
