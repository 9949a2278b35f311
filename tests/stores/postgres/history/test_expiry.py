"""Expiry of events and checkpoints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.recorder.folds.base import instant
from hub.stores.postgres.history import events, expiry
from hub.stores.postgres.history.expiry import EVENTS_KEPT_FOR, expire
from hub.stores.postgres.history.retentions import expire_own, retentions
from tests.recorder.folds.test_trips import Books, books, week

__all__ = ["books"]  # a fixture

NOW = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
NEVER = datetime.min.replace(tzinfo=UTC)

PUT_EVENT = "INSERT INTO events (created_at, fleet, driver_id, payload) VALUES ($1, 'f', $2, '{}')"


async def drivers(books: Books) -> list[str]:
    return [row["driver_id"] for row in await books.connection.fetch("SELECT driver_id FROM events ORDER BY id")]


async def test_old_events_that_every_consumer_has_taken_are_deleted(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timedelta(days=1)
    old = NOW - EVENTS_KEPT_FOR - day
    for at, driver in ((old, "a"), (old, "b"), (old, "c"), (old + 2 * day, "young")):
        await books.connection.execute(PUT_EVENT, at, driver)
    await expire(books.connection, NOW, NEVER)
    assert await drivers(books) == ["a", "b", "c", "young"]  # no consumer has taken them
    for consumer in ("stream", "slow"):
        await events.register(books.connection, consumer)
    await events.advance(books.connection, "stream", 4)
    await expire(books.connection, NOW, NEVER)
    assert await drivers(books) == ["a", "b", "c", "young"]  # one consumer has not taken them
    await events.advance(books.connection, "slow", 4)
    await books.connection.execute(PUT_EVENT, old, "waits")
    monkeypatch.setattr(expiry, "ROWS_AT_ONCE", 2)
    await expire(books.connection, NOW, NEVER)
    assert await drivers(books) == ["c", "young", "waits"]
    monkeypatch.undo()
    await expire(books.connection, NOW, NEVER)
    assert await drivers(books) == ["young", "waits"]


async def test_a_late_point_needs_only_the_newest_checkpoint_before_the_horizon(books: Books) -> None:
    """A point just after the horizon goes on from the newest checkpoint before it, as it did when there were more."""
    points = week()
    horizon = instant(points[len(points) // 2][1][0])
    after = [point for point in points if instant(point[1][0]) >= horizon]
    late = after[: len(after) // 8 : 3]
    early = [point for point in points if point not in late]
    count = "SELECT count(*) FROM trip_checkpoints WHERE recorded_at < $1 GROUP BY driver_id"
    outcome = []
    for expires in (NEVER, horizon):
        await books.forget_everything()
        await books.arrive(early)
        await books.connection.execute("DELETE FROM positions WHERE recorded_at < $1", horizon)
        assert min(row[0] for row in await books.connection.fetch(count, horizon)) > 1
        await expire(books.connection, NOW, expires)
        books.restart()
        await books.arrive(late, horizon=horizon)
        tables = await books.tables()
        outcome.append([tables[name] for name in ("trips", "stops", "daily")])
    assert [row[0] for row in await books.connection.fetch(count, horizon)] == [1, 1, 1]
    assert outcome[0] == outcome[1]


async def test_one_call_deletes_a_limited_number_of_checkpoints(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    await books.arrive(week())
    count = "SELECT count(*) FROM trip_checkpoints"
    before = await books.connection.fetchval(count)
    monkeypatch.setattr(expiry, "ROWS_AT_ONCE", 2)
    await expire(books.connection, NOW, NOW)
    assert await books.connection.fetchval(count) == before - 2


@pytest.mark.parametrize("table", ["trip_checkpoints", "fence_checkpoints"])
async def test_a_driver_with_a_retention_of_its_own_has_its_own_checkpoints(books: Books, table: str) -> None:
    """Of the fleet two months are kept, of one driver all, of another one; each keeps the newest before."""
    for driver in ("usual", "ever", "short"):
        for month in range(6, 12):
            at = datetime(2026, month, 15, tzinfo=UTC)
            await books.connection.execute(f"INSERT INTO {table} VALUES ($1, 'f', $2, '\\x00')", at, driver)
    await books.connection.execute("INSERT INTO retentions VALUES ('f', 'ever', 0), ('f', 'short', 1)")
    await expire(books.connection, NOW, datetime(2026, 9, 1, tzinfo=UTC))
    await expire_own(books.connection, await retentions(books.connection), NOW)
    rows = await books.connection.fetch(
        f"SELECT driver_id, min(extract(month FROM recorded_at))::int AS first, count(*) FROM {table}"
        " GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row) for row in rows] == [("ever", 6, 6), ("short", 9, 3), ("usual", 8, 4)]
