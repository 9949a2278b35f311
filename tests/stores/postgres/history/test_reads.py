"""Questions about the past: right answers, and plans that use the indexes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from hub.stores.postgres.history.partitions import Partitions, month_of
from hub.stores.postgres.history.reads import PLACE_BEFORE_ALL, SQL, track, who_was_inside
from hub.wire.stored import Inside

DAY = datetime(2026, 10, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHORT = timedelta(milliseconds=250)

# Fifty drivers on a ring road each, a position every minute for two days; another fleet on one of the roads.
FILL = """
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
SELECT
    at, at, 1e7 * (25 + d / 100.0 + 0.05 * sin(k / 60.0 + d)), 1e7 * (55 + d / 100.0 + 0.05 * cos(k / 60.0 + d)),
    fleet, 'd' || d
FROM generate_series(0, 2999) AS k, generate_series(1, 50) AS d, (VALUES ('red'), ('blue')) AS f (fleet),
    LATERAL (SELECT $1::timestamptz + k * interval '1 minute') AS t (at)
WHERE fleet = 'red' OR d = 1
"""


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def place(connection: asyncpg.Connection, driver: str, at: datetime, longitude: float, latitude: float) -> None:
    await connection.execute(
        "INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id) "
        "VALUES ($1, $1, $2, $3, 'red', $4)",
        at, round(latitude * 1e7), round(longitude * 1e7), driver,
    )  # fmt: skip


async def test_a_track_is_in_degrees_and_in_order(connection: asyncpg.Connection) -> None:
    for n in (2, 0, 3, 1):
        await place(connection, "a", DAY + n * HOUR, 55.1234567, -25.0000001 * n)
    await place(connection, "b", DAY, 1, 1)
    rows = await track(connection, "red", "a", DAY, DAY + 3 * HOUR, 10)
    assert [(row.recorded_at, row.latitude, row.longitude) for row in rows] == [
        (DAY, 0.0, 55.1234567),
        (DAY + HOUR, -25.0000001, 55.1234567),
        (DAY + 2 * HOUR, -50.0000002, 55.1234567),
    ]
    assert len(await track(connection, "red", "a", DAY, DAY + 3 * HOUR, 2)) == 2
    assert await track(connection, "blue", "a", DAY, DAY + 3 * HOUR, 2) == []


@pytest.mark.parametrize(
    ("bbox", "inside"),
    [
        ((10.0, 50.0, 10.02, 50.02), {"in", "corner"}),
        ((10.0, 50.0, 10.0, 50.0), {"corner"}),
        ((-0.01, -0.01, 0.01, 0.01), {"null island"}),
        ((-0.03, -0.03, -0.01, -0.01), {"south-west of it"}),
        ((179.9, -17.0, -179.9, -16.0), {"fiji west", "fiji east", "date line"}),
        ((-180.0, -90.0, 180.0, 90.0), {"in", "corner", "beside", "null island", "south-west of it", "fiji west",
                                        "fiji east", "date line", "south pole"}),
        ((170.0, -90.0, -170.0, 90.0), {"fiji west", "fiji east", "date line", "south pole"}),
        ((-180.0, -90.0, 180.0, -90.0), {"south pole"}),
    ],
)  # fmt: skip
async def test_who_was_inside(
    connection: asyncpg.Connection, bbox: tuple[float, float, float, float], inside: set[str]
) -> None:
    for driver, longitude, latitude in [
        ("in", 10.01, 50.01), ("corner", 10.0, 50.0), ("beside", 10.0200001, 50.01), ("null island", 0.001, -0.001),
        ("south-west of it", -0.02, -0.02), ("fiji west", 179.95, -16.5), ("fiji east", -179.95, -16.5),
        ("date line", -180.0, -16.5), ("south pole", 180.0, -90.0),
    ]:  # fmt: skip
        await place(connection, driver, DAY, longitude, latitude)
    found = decoded(await who_was_inside(connection, "red", bbox, DAY, DAY + HOUR))
    assert {row.driver_id for row in found} == inside
    assert await who_was_inside(connection, "red", bbox, DAY + HOUR, DAY + 2 * HOUR) == []
    assert await who_was_inside(connection, "red", bbox, DAY - HOUR, DAY) == []
    assert await who_was_inside(connection, "blue", bbox, DAY, DAY + HOUR) == []


async def test_it_tells_since_when_and_until_when(connection: asyncpg.Connection) -> None:
    for driver, hour in (("late", 5), ("a", 1), ("a", 3), ("a", 2), ("left", 1)):
        await place(connection, driver, DAY + hour * HOUR, 10.01, 50.01)
    await place(connection, "left", DAY + 2 * HOUR, 11, 50)
    rows = decoded(await who_was_inside(connection, "red", (10.0, 50.0, 10.1, 50.1), DAY, DAY + 24 * HOUR))
    assert [msgspec.structs.astuple(row) for row in rows] == [
        ("a", DAY + HOUR, DAY + 3 * HOUR, 3), ("left", DAY + HOUR, DAY + HOUR, 1),
        ("late", DAY + 5 * HOUR, DAY + 5 * HOUR, 1),
    ]  # fmt: skip


def decoded(pieces: list[bytes]) -> list[Inside]:
    return msgspec.json.decode(b"[" + b",".join(pieces) + b"]", type=list[Inside])


async def test_the_pieces_are_what_msgspec_writes(connection: asyncpg.Connection) -> None:
    expected = [Inside(f"d:{n:04}", DAY + n * SHORT, DAY + (n + 4) * SHORT, 2) for n in range(1_001)]
    await connection.executemany(
        "INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id) "
        "VALUES ($2, $2, 1, 1, 'red', $1), ($3, $3, 1, 1, 'red', $1)",
        [(row.driver_id, row.first_at, row.last_at) for row in expected],
    )
    for bbox in ((0.0, 0.0, 0.1, 0.1), (-170.0, -80.0, 170.0, 80.0)):  # by tiles, by tracks
        pieces = await who_was_inside(connection, "red", bbox, DAY, DAY + HOUR)
        assert pieces == [msgspec.json.encode(expected[n : n + 500])[1:-1] for n in (0, 500, 1_000)]


@pytest.fixture
async def filled(connection: asyncpg.Connection) -> asyncpg.Connection:
    """Three months, of which October has rows."""
    await Partitions(connection, 0).ensure({month_of(DAY) + n for n in (-1, 0, 1)}, DAY)
    await connection.execute(FILL.replace("$1", f"'{DAY}'"))
    await connection.execute("ANALYZE")
    return connection


async def indexes(connection: asyncpg.Connection, statement: str, *args: Any) -> set[str]:
    """The indexes that a statement's plan uses; nothing is read without one."""
    explained = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *args))
    nodes, used = [explained[0]["Plan"]], set()
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        assert node["Node Type"] != "Seq Scan", node
        if "Index Name" in node:
            used.add(node["Index Name"])
    return used


async def test_a_track_comes_from_the_index_of_its_month(filled: asyncpg.Connection) -> None:
    assert await indexes(filled, SQL.track, "red", "d7", DAY, DAY + 24 * HOUR, 10_000, *PLACE_BEFORE_ALL) == {
        "positions_2026_10_fleet_driver_id_recorded_at_latitude_e7_l_key"
    }


@pytest.mark.parametrize("hours", [1, 24])
async def test_a_box_comes_from_the_tiles_of_its_month(filled: asyncpg.Connection, hours: int) -> None:
    box = (551000000, 251000000, 551200000, 251200000)
    assert await indexes(filled, SQL.who_was_inside, "red", *box, DAY, DAY + hours * HOUR, None) == {
        "positions_2026_10_fleet_expr_recorded_at_idx"
    }
