"""A second fold is one class and a line in FOLDS; a second consumer of events is a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from hub.recorder.batch import Chunk
from hub.recorder.folds import FOLDS
from hub.recorder.folds.base import Mine, instant, microseconds
from hub.settings import Settings
from hub.stores.postgres.connection import Connection, connect
from hub.stores.postgres.history import events
from hub.stores.postgres.history.events import NewEvent
from hub.stores.postgres.history.positions import Driver
from hub.wire.events import EVENTS_KEY
from tests.support.logbook import append, entry, position, recorded, recording, until


class Arrivals:
    """Tells the first position of each driver, from its table alone."""

    name: ClassVar[str] = "arrivals"

    def __init__(self, settings: Settings, mine: Mine = None) -> None: ...

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        known = {row["driver_id"] for row in await connection.fetch("SELECT driver_id FROM arrivals")}
        new = {(chunk.fleet, p.driver_id) for chunk in inserted for p in chunk.positions if p.driver_id not in known}
        await connection.executemany("INSERT INTO arrivals VALUES ($1, $2)", sorted(new))
        return await events.put(connection, [NewEvent(*driver, '{"type":"arrival"}') for driver in sorted(new)])

    async def idle(self, connection: Connection) -> int:
        return 0

    async def forget(self, connection: Connection, since: Mapping[Driver, datetime]) -> None: ...

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None: ...


async def test_a_second_fold_and_a_second_consumer(settings: Settings) -> None:
    connection = await connect(settings.database_url, role="test", patience=30)
    await connection.execute("CREATE TABLE arrivals (fleet text, driver_id text)")
    await events.register(connection, "notifications")
    driving = [position("a", n * 10, latitude=25.2 + n * 0.002) for n in range(60)]
    async with recording(settings, folds=[*FOLDS, Arrivals]) as recorder:
        await recorded(settings, await append(settings, entry(*driving, position("b"))))
        await recorded(settings, await append(settings, entry(position("b", 1), position("c"))))
        assert recorder.progress.retries == 0

        async def published() -> bool:
            return await events.unpublished(connection, EVENTS_KEY, 10) == []

        await until(published)
    told = await events.unpublished(connection, "notifications", 10)
    # Folds in the order of the list, batch by batch.
    assert [(event.id, event.driver_id) for event in told] == [(1, "a"), (2, "a"), (3, "b"), (4, "c")]
    assert [b'"type":"trip"' in event.payload for event in told] == [True, False, False, False]
    await events.advance(connection, "notifications", 2)
    assert [event.id for event in await events.unpublished(connection, "notifications", 10)] == [3, 4]
    await connection.close()


@pytest.mark.parametrize(
    "at", [datetime(1, 1, 1, tzinfo=UTC), datetime(2243, 7, 5, 1, 2, 3, 456_789, UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_microseconds_are_exact(at: datetime) -> None:
    assert instant(microseconds(at)) == at


def test_instants_beyond_the_calendar_become_its_ends() -> None:
    assert instant(-(1 << 62)) == datetime.min.replace(tzinfo=UTC)
    assert instant(1 << 62) == datetime.max.replace(tzinfo=UTC)
