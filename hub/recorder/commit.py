"""One batch, one transaction: positions, dead letters, the offset, and the rows and events of all folds."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from hub.recorder.batch import Batch, traced_in
from hub.recorder.erasing import Eraser
from hub.recorder.folding import Folding
from hub.recorder.retention import Retention
from hub.recorder.store import store
from hub.stores.postgres import traces
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history import offsets
from hub.stores.postgres.history.offsets import Fenced


class Committed(NamedTuple):
    """How many positions were new, and how many events the folds wrote."""

    positions: int
    events: int


async def commit(
    connection: Connection,
    folding: Folding,
    eraser: Eraser,
    retention: Retention,
    batch: Batch,
    previous: str,
    now: datetime,
    log: str,
) -> Committed:
    """Commit the batch that begins after the entry ``previous`` of ``log``, without what is erased.

    Raises ``Fenced``, and errors of the database. Then either nothing is committed, or everything is and the answer was
    lost; the offset in the database tells which.
    """
    async with connection.transaction():
        await eraser.skip(batch)
        inserted = await store(connection, batch, previous, log)
        if traced := traced_in(inserted):
            batch.traces = dict.fromkeys(parent for parent, _ in traced)
            await traces.add(connection, [row for _, row in traced])
        events = await folding.apply(connection, retention.kept(inserted, now), retention.earliest(now))
    return Committed(sum(len(chunk.positions) for chunk in inserted), events)


async def idle(connection: Connection, folding: Folding, offset: str, log: str) -> int:
    """Let the folds go on with what is left to do while no positions arrive. Returns the number of events.

    Raises ``Fenced`` if the offset of ``log`` is not ``offset``, and errors of the database; then nothing is
    committed."""
    async with connection.transaction():
        if await offsets.hold(connection, log) != offset:
            raise Fenced(f"the offset is no longer {offset}")
        return await folding.idle(connection)
