"""A bug in a fold: recording goes on, /health names the fold, and upkeep tries again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import pytest
import redis.asyncio
import structlog

from hub.core.live.unlogged import Unlogged
from hub.edge.log.safety import LogSafety
from hub.edge.log.watch import LogWatch
from hub.recorder import loop
from hub.recorder.batch import Chunk
from hub.recorder.folds.trips import Trips
from hub.settings import Settings
from hub.stores.postgres.connection import Connection
from hub.stores.redis.log.state import read
from hub.wire.layout import ONE
from tests.support.logbook import append, entry, fetch, position, recorded, recording, until, value


class Failing(Trips):
    """Trips with a bug that shows at one driver."""

    bug: ClassVar[bool] = True

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        events = await super().apply(connection, inserted, horizon)
        if self.bug and any(position.driver_id == "bad" for chunk in inserted for position in chunk.positions):
            raise KeyError("bug")
        return events


async def test_a_fold_that_fails_does_not_stop_history(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    structlog.configure([structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
    monkeypatch.setattr(Failing, "bug", True)
    trips = "SELECT driver_id, distance FROM trips ORDER BY driver_id"
    driving = [
        entry(*(position(name, n * 10, latitude=25.2 + n * 0.002) for n in range(first, first + 20)))
        for first in range(0, 120, 20)
        for name in ("bad", "good")
    ]
    async with recording(settings, folds=[Failing]) as recorder, redis.asyncio.from_url(settings.redis_url) as client:
        await recorded(settings, await append(settings, *driving[:10]))
        assert recorder.progress.retries == 0
        assert await value(settings, "SELECT count(*) FROM positions") == 200
        assert [row["driver_id"] for row in await fetch(settings, trips)] == ["good"]

        async def degraded() -> bool:
            return (await read(client, ONE)).failing == "trips of 1 driver"

        await until(degraded)
        watch = LogWatch(client, Unlogged(1, 1), LogSafety(client, "everysec", lambda: None), 0.9, 30)
        watch.state = await read(client, ONE)
        assert watch.degraded() == ["the recorder cannot compute trips of 1 driver: see fold_failed in its log"]

        # The bug does not show any more. The next upkeep, whose interval is shortened here, tries the driver again.
        monkeypatch.setattr(Failing, "bug", False)
        monkeypatch.setattr(loop, "MAINTAIN_EVERY", 0.0)
        await recorded(settings, await append(settings, driving[11]))
        await recorded(settings, await append(settings, driving[10]))

        async def well() -> bool:
            return (await read(client, ONE)).failing == ""

        await until(well)
    bad, good = await fetch(settings, trips)
    assert (bad["driver_id"], bad["distance"]) == ("bad", good["distance"])
