"""Folds that fail: positions are stored, other drivers have their rows, and a retry completes the rows of a driver."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import asyncpg
import pytest
import structlog

from hub.core.trips.state import Point
from hub.recorder import folding as module
from hub.recorder.batch import Chunk
from hub.recorder.folding import Folding
from hub.recorder.folds import FOLDS
from hub.recorder.folds.base import Mine
from hub.recorder.folds.trips import Trips
from hub.settings import Settings
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history.positions import Driver
from tests.recorder.folds.test_trips import Books, books, week
from tests.support.tracks import Walker

__all__ = ["books"]  # a fixture


class Failing(Trips):
    """Trips that raise ``error`` after they have folded a batch with one of the drivers ``bad``."""

    bad: ClassVar[set[str]] = set()
    error: ClassVar[Exception] = ZeroDivisionError("float division by zero")
    calls: ClassVar[int] = 0

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        type(self).calls += 1
        events = await super().apply(connection, inserted, horizon)
        if self.bad & {position.driver_id for chunk in inserted for position in chunk.positions}:
            raise type(self.error)(*self.error.args)
        return events


@pytest.fixture(autouse=True)
def well(monkeypatch: pytest.MonkeyPatch) -> None:
    # By default structlog renders all local variables of a traceback, which takes seconds.
    structlog.configure([structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
    for name in ("bad", "error", "calls"):
        monkeypatch.setattr(Failing, name, getattr(Failing, name))
    Failing.bad = set()


def folding(*folds: type) -> Folding:
    return Folding(folds or [Failing], Settings())


async def arrive(books: Books, points: Sequence[tuple[str, Point]], size: int = 100) -> None:
    for i in range(0, len(points), size):
        await books.arrive(points[i : i + size])


def only(points: Iterable[tuple[str, Point]], *drivers: str) -> list[tuple[str, Point]]:
    return [point for point in points if point[0] in drivers]


async def undisturbed(books: Books, points: Sequence[tuple[str, Point]]) -> dict[str, list[tuple[object, ...]]]:
    await books.forget_everything()
    await arrive(books, points)
    tables = await books.tables()
    await books.forget_everything()
    return tables


async def test_the_rows_of_other_drivers_are_written(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    points = week()[:2_000]
    expected = await undisturbed(books, only(points, "a", "c"))
    books.trips = guarded = folding()  # type: ignore[assignment]
    Failing.bad = {"b"}
    await arrive(books, points)
    assert await books.tables() == expected
    assert await books.connection.fetchval("SELECT count(DISTINCT driver_id) FROM positions") == 3
    assert guarded.failing() == "trips of 1 driver"
    output = capsys.readouterr().out
    assert output.count("fold_failed") == 1
    assert "ZeroDivisionError" in output


async def test_a_retry_makes_up_for_what_was_left_out(books: Books) -> None:
    points = week()[:2_000]
    expected = await undisturbed(books, points)
    books.trips = guarded = folding()  # type: ignore[assignment]
    third = len(points) // 3
    await arrive(books, points[:third])
    Failing.bad = {"b", "c"}
    await arrive(books, points[third : 2 * third])
    assert guarded.failing() == "trips of 2 drivers"
    assert await books.tables() != expected
    Failing.bad = set()
    guarded.retry()
    await arrive(books, points[2 * third :])
    assert guarded.failing() == ""
    assert await books.tables() == expected


@pytest.mark.parametrize("seed", [5, 6])
async def test_failures_at_any_moment_and_late_points(books: Books, seed: int) -> None:
    """Whatever fails and whenever: when nothing fails any more, the next position of each driver completes its rows."""
    points, chance = week()[:1_500], random.Random(seed)
    late = chance.sample(points[:-300], 60)
    order = [point for point in points[:-300] if point not in late]
    for point in late:
        order.insert(chance.randrange(len(order)), point)
    last = points[-300:] + [(name, Walker(at=points[-1][1][0] + 60_000_000).report().points[0]) for name in "abc"]
    expected = await undisturbed(books, points + last[-3:])
    books.trips = guarded = folding()  # type: ignore[assignment]
    for i in range(0, len(order), 100):
        Failing.bad = {name for name in "abc" if chance.random() < 0.25}
        if chance.random() < 0.3:
            guarded.retry()
        await books.arrive(order[i : i + 100])
    Failing.bad = set()
    guarded.retry()
    await arrive(books, last)
    assert await books.tables() == expected


async def test_a_row_that_violates_a_constraint_is_the_folds_own_error(
    books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    books.trips = guarded = folding()  # type: ignore[assignment]
    Failing.bad, Failing.error = {"b"}, asyncpg.CheckViolationError("new row violates check constraint")
    await arrive(books, week()[:300], 300)
    assert guarded.failing() == "trips of 1 driver"
    assert "Traceback" not in capsys.readouterr().out  # it could quote the row


async def test_an_error_of_the_database_is_raised(books: Books) -> None:
    books.trips = guarded = folding()  # type: ignore[assignment]
    Failing.bad, Failing.error = {"b"}, asyncpg.QueryCanceledError("canceling statement due to statement timeout")
    with pytest.raises(asyncpg.QueryCanceledError):
        await arrive(books, week()[:300], 300)
    assert guarded.failing() == ""
    assert await books.connection.fetchval("SELECT count(*) FROM positions") == 0


async def test_a_fold_that_always_fails_is_called_a_limited_number_of_times(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FAILURES_PER_BATCH", 8)
    books.trips = guarded = folding()  # type: ignore[assignment]
    names = [f"d{n}" for n in range(100)]
    Failing.bad = set(names)
    points = [(name, Walker().report().points[0]) for name in names]
    await books.arrive(points)
    assert guarded.failing() == "trips of 100 drivers"
    assert Failing.calls < 20
    calls = Failing.calls
    await books.arrive([(name, Walker(at=points[0][1][0] + 1_000_000).report().points[0]) for name in names])
    assert Failing.calls == calls


class Counts:
    """A fold that only notes what it is given."""

    name: ClassVar[str] = "counts"
    seen: ClassVar[list[int]] = []

    def __init__(self, settings: Settings, mine: Mine = None) -> None:
        self.seen.clear()

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        self.seen.append(sum(len(chunk.positions) for chunk in inserted))
        return 0

    async def idle(self, connection: Connection) -> int:
        return 0

    async def forget(self, connection: Connection, since: Mapping[Driver, datetime]) -> None:
        raise AssertionError("it has not failed")

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None: ...


async def test_the_failure_of_one_fold_leaves_the_others_alone(books: Books) -> None:
    books.trips = guarded = folding(Failing, Counts)  # type: ignore[assignment]
    Failing.bad = {"a", "b", "c"}
    await arrive(books, week()[:300], 100)
    assert guarded.failing() == "trips of 3 drivers"
    assert Counts.seen == [100, 100, 100]


def test_the_list_of_folds() -> None:
    names = [fold.name for fold in FOLDS]
    assert names[0] == "trips" and len(set(names)) == len(names)
