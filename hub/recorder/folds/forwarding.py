"""Notes which positions a batch adds, for the channels that forward positions (docs/webhooks.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from hub.recorder.batch import Chunk
from hub.recorder.folds.base import Mine
from hub.settings import Settings
from hub.stores.postgres.alerts import streams
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history.positions import Driver


class Forwarding:
    """One row a batch and fleet, and only for fleets with such a channel."""

    name: ClassVar[str] = "forwarding"

    def __init__(self, settings: Settings, mine: Mine = None) -> None:
        pass

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        """See ``Fold``."""
        wanted = await streams.fleets(connection)
        found: dict[str, dict[tuple[str, datetime], None]] = {}
        for _, fleet, positions in inserted:
            if fleet in wanted:
                of_fleet = found.setdefault(fleet, {})
                for position in positions:
                    of_fleet[position.driver_id, position.recorded_at] = None
        for fleet, places in found.items():
            await streams.note(connection, fleet, [driver for driver, _ in places], [at for _, at in places])
        return 0

    async def idle(self, connection: Connection) -> int:
        """See ``Fold``. Nothing is left to do."""
        return 0

    async def forget(self, connection: Connection, since: Mapping[Driver, datetime]) -> None:
        """See ``Fold``. There is no state."""

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None:
        """See ``Fold``. Channels pass over what a row names no more."""
        await streams.erase(connection, *driver, until)
