"""Months of positions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from hub.stores.postgres import connection as postgres
from hub.stores.postgres.history import partitions as partitions_module
from hub.stores.postgres.history import positions, retentions
from hub.stores.postgres.history.partitions import Partitions, month_of
from hub.stores.postgres.history.positions import PositionRow

NOW = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions_module, "LOCK_TIMEOUT", "100ms")


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await postgres.connect(database_url, role="test", patience=30)
    await positions.prepare(connection)
    yield connection
    await connection.close()


async def store(connection: asyncpg.Connection, *instants: datetime, driver: str = "d") -> None:
    rows = [PositionRow(at, at, 0, 0, None, None, None, None, None, "f", driver, None) for at in instants]
    async with connection.transaction():
        assert await positions.insert(connection, rows) is None


async def rows_of(connection: asyncpg.Connection) -> dict[str, int]:
    """Rows by partition, the empty ones too."""
    names = await connection.fetch(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1", "positions"
    )
    return {name: await connection.fetchval(f"SELECT count(*) FROM ONLY {name}") for (name,) in names}


async def test_this_month_and_the_next_are_there_ahead(connection: asyncpg.Connection) -> None:
    await Partitions(connection, 0).maintain(NOW)
    assert await rows_of(connection) == {"positions_2026_11": 0, "positions_2026_12": 0, "positions_default": 0}
    # A month boundary is UTC's.
    await store(connection, NOW, NOW + timedelta(minutes=1))
    assert await rows_of(connection) == {"positions_2026_11": 1, "positions_2026_12": 1, "positions_default": 0}


async def test_months_long_past_are_created_on_demand(connection: asyncpg.Connection) -> None:
    partitions = Partitions(connection, 0)
    old = datetime(2008, 10, 23, 2, 53, tzinfo=UTC)
    await partitions.ensure({month_of(old)}, NOW)
    await store(connection, old)
    assert await rows_of(connection) == {"positions_2008_10": 1, "positions_default": 0}
    await partitions.ensure({month_of(old)}, NOW)
    await Partitions(connection, 0).maintain(NOW)
    assert (await rows_of(connection))["positions_2008_10"] == 1


async def test_a_partition_is_as_good_as_the_table(connection: asyncpg.Connection) -> None:
    await Partitions(connection, 0).maintain(NOW)
    indexes = "SELECT count(*), count(*) FILTER (WHERE indisunique) FROM pg_index WHERE indrelid = $1::regclass"
    partition, default = [
        await connection.fetchrow(indexes, name) for name in ("positions_2026_11", "positions_default")
    ]
    assert partition == default
    assert await connection.fetchval("SELECT bool_and(indisvalid) FROM pg_index")
    comment = "SELECT obj_description('positions_2026_11'::regclass), col_description('positions_2026_11'::regclass, 1)"
    assert tuple(await connection.fetchrow(comment)) == (
        "Positions recorded in November 2026, UTC.",
        "When the device took the fix, by its own clock.",
    )


@pytest.mark.parametrize(
    "wrong", [datetime(1989, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
)
async def test_a_clock_far_off_fills_the_default_partition_and_raises_an_alarm_once(
    connection: asyncpg.Connection, wrong: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    partitions = Partitions(connection, 0)
    await partitions.maintain(NOW)
    capsys.readouterr()
    for _ in range(3):
        await partitions.ensure({month_of(wrong)}, NOW)
    await store(connection, wrong)
    assert (await rows_of(connection))["positions_default"] == 1
    assert capsys.readouterr().out.count("default_partition_used") == 1


async def test_rows_move_out_of_the_default_partition_when_their_month_comes(connection: asyncpg.Connection) -> None:
    early = [NOW + timedelta(days=40), NOW + timedelta(days=40, hours=1)]  # January, when November has AHEAD = 1
    await store(connection, *early)
    assert await rows_of(connection) == {"positions_default": 2}
    await Partitions(connection, 0).maintain(NOW)
    assert (await rows_of(connection))["positions_default"] == 2
    await Partitions(connection, 0).maintain(NOW + timedelta(days=1))
    assert await rows_of(connection) == {
        "positions_2026_11": 0, "positions_2026_12": 0, "positions_2027_01": 2, "positions_default": 0,
    }  # fmt: skip


async def test_a_reader_that_holds_on_delays_the_partition_and_not_the_rows(
    connection: asyncpg.Connection, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """pg_dump, for one, holds a lock on every table for as long as it runs."""
    reader = await asyncpg.connect(database_url)
    partitions = Partitions(connection, 0)
    try:
        async with reader.transaction():
            await reader.execute("LOCK TABLE positions_default IN ACCESS SHARE MODE")
            await partitions.ensure({month_of(NOW)}, NOW)
            await asyncio.wait_for(store(connection, NOW), 30)
            assert await rows_of(connection) == {"positions_default": 1}
            assert "default_partition_used" in capsys.readouterr().out
    finally:
        await reader.close()
    await partitions.maintain(NOW)
    assert (await rows_of(connection))["positions_2026_11"] == 1


async def test_a_table_that_has_the_name_of_a_month_stops_nothing(connection: asyncpg.Connection) -> None:
    await connection.execute("CREATE TABLE positions_2026_11 ()")
    await Partitions(connection, 0).maintain(NOW)
    await store(connection, NOW)
    assert await rows_of(connection) == {"positions_2026_12": 0, "positions_default": 1}


async def test_retention_drops_whole_months(connection: asyncpg.Connection) -> None:
    keep = Partitions(connection, 0)
    months = [month_of(NOW) - n for n in range(4)]
    await keep.ensure(set(months), NOW)
    await store(connection, NOW - timedelta(days=31), NOW - timedelta(days=92), datetime(1980, 1, 6, tzinfo=UTC))
    await keep.maintain(NOW)
    assert set(await rows_of(connection)) > {"positions_2026_08", "positions_2026_09"}
    await Partitions(connection, 2).maintain(NOW)
    assert await rows_of(connection) == {
        "positions_2026_09": 0, "positions_2026_10": 1, "positions_2026_11": 0, "positions_2026_12": 0,
        "positions_default": 0,
    }  # fmt: skip


async def test_retention_leaves_a_month_that_somebody_reads_for_later(
    connection: asyncpg.Connection, database_url: str
) -> None:
    old = Partitions(connection, 0)
    await old.ensure({month_of(NOW) - 5}, NOW)
    reader = await asyncpg.connect(database_url)
    try:
        async with reader.transaction():
            await reader.fetch("SELECT * FROM positions")
            partitions = Partitions(connection, 2)
            await partitions.maintain(NOW)
            assert "positions_2026_06" in await rows_of(connection)
    finally:
        await reader.close()
    await partitions.maintain(NOW)
    assert "positions_2026_06" not in await rows_of(connection)


def month(year: int, number: int) -> datetime:
    return datetime(year, number, 15, tzinfo=UTC)


async def drivers_of(connection: asyncpg.Connection) -> dict[str, str]:
    """Month -> its drivers."""
    rows = await connection.fetch(
        "SELECT to_char(recorded_at, 'YYYY-MM') AS month, string_agg(DISTINCT driver_id, ' ' ORDER BY driver_id) "
        "FROM positions GROUP BY 1 ORDER BY 1"
    )
    return {row[0]: row[1] for row in rows}


async def test_a_month_is_kept_for_the_drivers_that_need_it(connection: asyncpg.Connection) -> None:
    """The fleet keeps 2 months before the current one; `long` 5, `ever` all, `short` none."""
    partitions = Partitions(connection, 2)
    instants = [month(2026, number) for number in range(3, 12)]
    await partitions.ensure({month_of(at) for at in instants}, NOW)
    for driver in ("d", "ever", "long", "short"):
        await store(connection, *instants, driver=driver)
    own = {("f", "long"): 5, ("f", "ever"): 0, ("f", "short"): 1}
    for _ in range(8):  # one month is copied in each call
        await partitions.maintain(NOW, own)
        await retentions.expire_own(connection, own, NOW)
    old = {f"2026-0{number}": "ever" for number in range(3, 6)}
    assert await drivers_of(connection) == {
        **old, "2026-06": "ever long", "2026-07": "ever long", "2026-08": "ever long",
        "2026-09": "d ever long", "2026-10": "d ever long short", "2026-11": "d ever long short",
    }  # fmt: skip
    # Another driver's row of that month comes late, and goes with the next call.
    await partitions.ensure({month_of(month(2026, 7))}, NOW)
    await store(connection, month(2026, 7), driver="d")
    await partitions.maintain(NOW, own)
    assert (await drivers_of(connection))["2026-07"] == "ever long"
    # Without drivers that need them, months are dropped as a whole.
    await partitions.maintain(NOW)
    assert list(await drivers_of(connection)) == ["2026-09", "2026-10", "2026-11"]


async def test_a_reduced_month_is_as_good_as_before(connection: asyncpg.Connection) -> None:
    partitions = Partitions(connection, 2)
    await partitions.ensure({month_of(month(2026, 7))}, NOW)
    for driver in ("d", "long"):
        await store(connection, month(2026, 7), driver=driver)
    await partitions.maintain(NOW, {("f", "long"): 0})
    assert (await rows_of(connection))["positions_2026_07"] == 1
    indexes = "SELECT count(*), count(*) FILTER (WHERE indisunique) FROM pg_index WHERE indrelid = $1::regclass"
    expected = await connection.fetchrow(indexes, "positions_default")
    assert await connection.fetchrow(indexes, "positions_2026_07") == expected
    # Its rows keep their identity.
    async with connection.transaction():
        again = [PositionRow(month(2026, 7), NOW, 0, 0, None, None, None, None, None, "f", "long", None)]
        assert await positions.insert(connection, again) == set()


async def test_a_month_that_is_locked_is_reduced_later(connection: asyncpg.Connection, database_url: str) -> None:
    partitions = Partitions(connection, 2)
    await partitions.ensure({month_of(month(2026, 7))}, NOW)
    for driver in ("d", "long"):
        await store(connection, month(2026, 7), driver=driver)
    reader = await asyncpg.connect(database_url)
    async with reader.transaction():
        await reader.execute("LOCK TABLE positions_2026_07 IN ACCESS SHARE MODE")
        await partitions.maintain(NOW, {("f", "long"): 0})
        assert await drivers_of(connection) == {"2026-07": "d long"}
    await reader.close()
    await partitions.maintain(NOW, {("f", "long"): 0})
    assert await drivers_of(connection) == {"2026-07": "long"}


async def test_a_shorter_retention_deletes_the_drivers_rows_a_few_at_a_time(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retentions, "ROWS_AT_ONCE", 3)
    old = [month(2026, 7) + timedelta(seconds=n) for n in range(5)]
    await Partitions(connection, 0).ensure({month_of(NOW), month_of(old[0])}, NOW)
    for driver in ("d", "short"):
        await store(connection, *old, NOW, driver=driver)
    wrong = datetime(1980, 1, 6, tzinfo=UTC)  # in the default partition, received now
    await connection.execute(
        "INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id) "
        "VALUES ($1, $2, 0, 0, 'f', 'short')", wrong, NOW,
    )  # fmt: skip
    count = "SELECT count(*) FROM positions WHERE driver_id = $1"
    left = []
    for _ in range(3):
        await retentions.expire_own(connection, {("f", "short"): 1, ("f", "ever"): 0}, NOW)
        left.append(await connection.fetchval(count, "short"))
    assert left == [4, 2, 2] and await connection.fetchval(count, "d") == 6


async def test_a_call_deletes_a_bounded_number_of_the_rows_of_many_drivers(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retentions, "ROWS_IN_ALL", 4)
    monkeypatch.setattr(retentions, "DRIVERS_AT_ONCE", 2)
    old = [month(2026, 7) + timedelta(seconds=n) for n in range(3)]
    await Partitions(connection, 0).ensure({month_of(old[0])}, NOW)
    own = {("f", f"d{n}"): 1 for n in range(5)}
    for _, driver in own:
        await store(connection, *old, driver=driver)
    left = []
    for _ in range(3):
        await retentions.expire_own(connection, own, NOW)
        left.append(await connection.fetchval("SELECT count(*) FROM positions"))
    assert left == [9, 3, 0]


async def test_rows_of_a_wrong_clock_follow_the_drivers_own_retention(connection: asyncpg.Connection) -> None:
    partitions = Partitions(connection, 2)
    for driver in ("d", "long"):
        await connection.execute(
            "INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id) "
            "VALUES ('1980-01-06Z', $1, 0, 0, 'f', $2)", month(2026, 7), driver,
        )  # fmt: skip
    await retentions.put_retention(connection, "f", "long", 5)
    own = await retentions.retentions(connection)
    await partitions.maintain(NOW, own)
    await retentions.expire_own(connection, own, NOW)
    assert await drivers_of(connection) == {"1980-01": "long"}
    await retentions.expire_own(connection, own, NOW + timedelta(days=100))
    assert await drivers_of(connection) == {}
