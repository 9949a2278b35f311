"""Which positions the folds get, where drivers have a retention of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec

from hub.recorder.batch import Chunk
from hub.recorder.retention import Retention
from hub.settings import Settings
from tests.recorder.test_erasing import drive
from tests.support.logbook import append, entry, fetch, position, recorded, recording

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def kept(retention: Retention) -> list[str]:
    names = ["d", "short", "ever"]
    old = [position(name, recorded_at=datetime(2026, 7, 1, tzinfo=UTC)) for name in names]
    new = [position(name, recorded_at=NOW) for name in names]
    chunks = retention.kept([Chunk("1-0", "f", old), Chunk("1-0", "f", new), Chunk("1-0", "g", old)], NOW)
    return [f"{chunk.fleet} {p.driver_id} {p.recorded_at:%m}" for chunk in chunks for p in chunk.positions]


def test_positions_beyond_the_retention_of_their_driver_are_left_out() -> None:
    retention = Retention(2)
    assert len(kept(retention)) == 9  # the folds do it by the horizon of all
    retention.own = {("f", "short"): 1, ("f", "ever"): 0}
    assert kept(retention) == ["f ever 07", "f d 11", "f short 11", "f ever 11"]
    assert retention.horizon(NOW) == datetime(2026, 9, 1, tzinfo=UTC)
    assert retention.horizon(NOW, ("f", "short")) == datetime(2026, 10, 1, tzinfo=UTC)
    assert retention.earliest(NOW) == datetime.min.replace(tzinfo=UTC)
    retention = Retention(0)
    retention.own = {("f", "short"): 1}
    assert kept(retention) == [
        "f d 07",
        "f ever 07",
        "f d 11",
        "f short 11",
        "f ever 11",
        "g d 07",
        "g short 07",
        "g ever 07",
    ]


async def test_trips_of_before_a_drivers_retention_are_not_made(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("INSERT INTO retentions VALUES ('default', 'short', 1), ('default', 'ever', 0)")
    await connection.close()
    settings = msgspec.structs.replace(settings, retention_months=1)
    now = datetime.now(UTC) - timedelta(hours=12)
    async with recording(settings):
        for driver in ("short", "ever"):
            recent = [
                msgspec.structs.replace(p, recorded_at=now + (p.recorded_at - drive(driver, 0)[0].recorded_at))
                for p in drive(driver, 0)
            ]
            await recorded(settings, await append(settings, entry(*recent)))
            await recorded(settings, await append(settings, entry(*drive(driver, 0))))  # late
        rows = await fetch(settings, "SELECT driver_id, extract(year FROM started_at)::int FROM trips ORDER BY 1, 2")
    assert [tuple(row) for row in rows] == [("ever", 2024), ("ever", now.year), ("short", now.year)]
