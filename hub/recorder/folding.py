"""Applies the folds to each batch, without the drivers on which a fold fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from hub.logs import Action, get_logger
from hub.recorder.batch import Chunk
from hub.recorder.folds.base import Fold, Mine
from hub.recorder.folds.points import Shared
from hub.settings import Settings
from hub.stores.postgres.connection import AWAY, BAD_ROW, Connection
from hub.stores.postgres.history.positions import Driver

FAILURES_PER_BATCH = 64
"""Failed calls of a fold in one batch, after which all drivers that are still in question are left out: enough to find
four drivers among 20,000 by halving, and a fold that always fails does not hold up recording for long."""

log = get_logger()


class Folding:
    """The folds of one session of the recorder."""

    def __init__(self, folds: Iterable[type[Fold]], settings: Settings, mine: Mine = None) -> None:
        self._folds = [_Guarded(fold(settings, mine)) for fold in folds]

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        """Apply every fold to positions that the open transaction inserted. Returns the number of events. Raises errors
        of the database; a fold's own error is logged."""
        if not inserted:
            return 0
        shared = Shared(inserted)
        return sum([await fold.apply(connection, shared, horizon) for fold in self._folds])

    async def idle(self, connection: Connection) -> int:
        """Let the folds go on with what is left to do, in the open transaction. Returns the number of events."""
        return sum([await fold.idle(connection) for fold in self._folds])

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None:
        """Delete all rows and state of a driver, in the open transaction; its positions up to ``until`` count for
        nothing from now on."""
        for fold in self._folds:
            await fold.erase(connection, driver, until)

    def retry(self) -> None:
        """Try the drivers that were left out again with their next position."""
        for fold in self._folds:
            fold.failing.clear()

    def failing(self) -> str:
        """Folds that leave drivers out, in words; empty if none does."""
        counts = [(fold.name, len(fold.failing)) for fold in self._folds if fold.failing]
        return ", ".join(f"{name} of {count} driver{'s' if count > 1 else ''}" for name, count in counts)


class _Guarded:
    """A fold, with the drivers that it failed on."""

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self.name = fold.name
        self.failing: set[Driver] = set()

    async def idle(self, connection: Connection) -> int:
        try:
            async with connection.transaction():
                return await self._fold.idle(connection)
        except Exception as error:
            if isinstance(error, AWAY) and not isinstance(error, BAD_ROW):
                raise
            log.error(
                Action.FOLD_FAILED, fold=self.name, drivers=0, error=type(error).__name__,
                exc_info=None if isinstance(error, AWAY) else error,
            )  # fmt: skip
            return 0

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None:
        self.failing.discard(driver)
        await self._fold.erase(connection, driver, until)

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        if self.failing:
            skipped = _part(inserted, self.failing)
            if skipped:
                await self._fold.forget(connection, _begin(skipped, horizon))
                inserted = _part(inserted, _begin(inserted, horizon).keys() - self.failing)
        failures: list[Exception] = []
        before = len(self.failing)
        events = await self._try(connection, inserted, horizon, failures) if inserted else 0
        if failures:
            error = failures[-1]
            log.error(
                Action.FOLD_FAILED, fold=self.name, drivers=len(self.failing) - before, error=type(error).__name__,
                # PostgreSQL and asyncpg quote rows, and a row has coordinates.
                exc_info=None if isinstance(error, AWAY) else error,
            )  # fmt: skip
        return events

    async def _try(
        self, connection: Connection, chunks: Sequence[Chunk], horizon: datetime, failures: list[Exception]
    ) -> int:
        """Apply the fold; if it fails, to one half of the drivers and then to the other."""
        try:
            async with connection.transaction():
                return await self._fold.apply(connection, chunks, horizon)
        except Exception as error:
            if isinstance(error, AWAY) and not isinstance(error, BAD_ROW):
                raise
            failures.append(error)
        begin = _begin(chunks, horizon)
        await self._fold.forget(connection, begin)
        drivers = list(begin)
        if len(drivers) == 1 or len(failures) >= FAILURES_PER_BATCH:
            self.failing.update(drivers)
            return 0
        middle = len(drivers) // 2
        events = 0
        for half in (drivers[:middle], drivers[middle:]):
            events += await self._try(connection, _part(chunks, set(half)), horizon, failures)
        return events


def _begin(chunks: Iterable[Chunk], horizon: datetime) -> dict[Driver, datetime]:
    """Each driver's first instant in the chunks that a fold takes in."""
    begin: dict[Driver, datetime] = {}
    for chunk in chunks:
        for position in chunk.positions:
            driver = chunk.fleet, position.driver_id
            at = max(position.recorded_at, horizon)
            begin[driver] = min(at, begin.get(driver, at))
    return begin


def _part(chunks: Iterable[Chunk], drivers: set[Driver]) -> list[Chunk]:
    """The positions of some drivers."""
    parts = (
        chunk._replace(positions=[p for p in chunk.positions if (chunk.fleet, p.driver_id) in drivers])
        for chunk in chunks
    )
    return [part for part in parts if part.positions]
