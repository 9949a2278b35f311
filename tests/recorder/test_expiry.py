"""What is deleted for its age, and what has to stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.recorder import expiry
from hub.recorder.announce import Announcer
from hub.recorder.expiry import EVENTS_KEPT_FOR, expire
from hub.recorder.folds.trip_rows import instant
from tests.recorder.folds.test_trips import Books, books, week

__all__ = ["books"]  # a fixture

NOW = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
NEVER = datetime.min.replace(tzinfo=UTC)

PUT_EVENT = "INSERT INTO events (created_at, fleet, driver_id, payload) VALUES ($1, 'f', $2, '{}')"


async def drivers(books: Books) -> list[str]:
    return [row["driver_id"] for row in await books.connection.fetch("SELECT driver_id FROM events ORDER BY id")]


async def test_events_go_when_they_are_old_and_published(
    books: Books, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timedelta(days=1)
    old = NOW - EVENTS_KEPT_FOR - day
    for at, driver in ((old, "a"), (old, "b"), (old, "c"), (old + 2 * day, "young")):
        await books.connection.execute(PUT_EVENT, at, driver)
    await expire(books.connection, NOW, NEVER)
    assert await drivers(books) == ["a", "b", "c", "young"]  # nothing was published
    announcer = Announcer(books.connection, redis_url, 5)
    await announcer.begin()
    await announcer.close()
    await books.connection.execute(PUT_EVENT, old, "waits")
    monkeypatch.setattr(expiry, "AT_ONCE", 2)
    await expire(books.connection, NOW, NEVER)
    assert await drivers(books) == ["c", "young", "waits"]
    monkeypatch.undo()
    await expire(books.connection, NOW, NEVER)
    assert await drivers(books) == ["young", "waits"]


async def test_a_late_point_needs_no_checkpoint_that_went(books: Books) -> None:
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


async def test_checkpoints_go_a_few_at_a_time(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    await books.arrive(week())
    count = "SELECT count(*) FROM trip_checkpoints"
    before = await books.connection.fetchval(count)
    monkeypatch.setattr(expiry, "AT_ONCE", 2)
    await expire(books.connection, NOW, NOW)
    assert await books.connection.fetchval(count) == before - 2
