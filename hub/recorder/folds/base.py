"""The interface of folds, and conversions between instants and the microseconds that folds count in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol

from hub.recorder.batch import Chunk
from hub.settings import Settings
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history.positions import Driver

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
LAST_MICROSECOND = (LAST - EPOCH) // timedelta(microseconds=1)


Mine = Callable[[str], bool] | None
"""Whether a fleet is of the session's log; None where there is one log."""


class Fold(Protocol):
    """Derives rows and events from the stored positions of each driver. Made for each session of the recorder.

    The rows must be a function of the positions alone, in whatever order these arrive. State in memory is a cache: a
    fold must be able to continue from its tables."""

    name: ClassVar[str]
    """The noun of its rows, for logs and ``/health``."""

    def __init__(self, settings: Settings, mine: Mine = None) -> None:
        """``mine``: the fleets whose positions it gets. What else is queued for a fold, it takes of these alone: the
        recorder of another log takes the rest."""
        ...

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        """Take in positions that the open transaction inserted; write rows and events in the same transaction.
        Positions before ``horizon``, around which retention has deleted others, change nothing. Returns the number of
        events."""
        ...

    async def idle(self, connection: Connection) -> int:
        """Called in a transaction of its own while no positions arrive: go on with what is left to do. Returns the
        number
        of events."""
        ...

    async def forget(self, connection: Connection, since: Mapping[Driver, datetime]) -> None:
        """Discard the state of these drivers from an instant on, in memory and in tables, so that their next position
        makes the fold read the stored positions from there again. Called after ``apply`` failed or was skipped."""
        ...

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None:
        """Delete all rows and state of a driver, in memory and in tables. Its stored positions up to ``until`` are
        being deleted and must not be read again; later ones are applied next."""
        ...


def microseconds(instant: datetime) -> int:
    """Since 1970, exactly (``timestamp()`` is a float, which is not exact from the year 2242 on)."""
    since = instant - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(microseconds: int) -> datetime:
    """The inverse. Values outside the years 1 to 9999 become the first or the last instant."""
    if microseconds >= LAST_MICROSECOND:
        return LAST
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
