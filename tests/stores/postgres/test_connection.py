"""Connections that cannot hang, and named statements."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import asyncpg
import pytest

from hub.stores.postgres import connection as postgres
from hub.stores.postgres.connection import PIECE, collect, statements
from hub.stores.postgres.history import reads
from hub.stores.postgres.registry import drivers as of_drivers
from hub.stores.postgres.registry import vehicles as of_vehicles
from hub.stores.postgres.registry.drivers import Driver, add_driver, drivers
from hub.stores.postgres.registry.vehicles import Vehicle, add_vehicle, vehicles
from hub.wire.stored import StoredPosition, Trip
from tests.support.repository import ROOT

OF_DRIVERS = ("list_drivers", "driver", "add_driver", "change_driver")
OF_VEHICLES = ("list_vehicles", "vehicle", "add_vehicle", "change_vehicle")


def test_statements_are_found_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.sql"
    path.write_text("-- A file.\n\n-- name: one\n-- The first.\nSELECT 1;\n\n-- name: two_b\nSELECT\n  2;\n")
    sql = statements(path)
    assert sql.one == "-- The first.\nSELECT 1;"
    assert sql.two_b == "SELECT\n  2;"


def test_a_name_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.sql"
    path.write_text("-- name: one\nSELECT 1;\n-- name: one\nSELECT 2;\n")
    with pytest.raises(ValueError, match=r"x\.sql: two statements have the same name"):
        statements(path)


@pytest.mark.parametrize("path", sorted((ROOT / "hub").rglob("*.sql")), ids=lambda path: path.name)
def test_every_statement_says_what_it_is_for(path: Path) -> None:
    if path.name == "schema.sql" or path.name.startswith("step_"):
        pytest.skip("a script, not statements")
    for name, text in vars(statements(path)).items():
        assert text.startswith("-- "), name
        assert text.endswith(";"), name


async def test_a_statement_that_hangs_is_ended_by_the_server(database_url: str) -> None:
    connection = await postgres.connect(database_url, role="test", patience=0.5)
    try:
        with pytest.raises(asyncpg.QueryCanceledError):
            await connection.execute("SELECT pg_sleep(60)")
        assert await connection.fetchval("SELECT current_setting('application_name')") == "hub test"
    finally:
        await connection.close()


async def test_the_session_of_a_frozen_owner_is_ended(database_url: str) -> None:
    connection = await postgres.connect(database_url, role="test", patience=0.5)
    watcher = await asyncpg.connect(database_url)
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        await watcher.execute("SET statement_timeout = '30s'; SELECT pg_advisory_lock(1)")  # returns once it is free
        with pytest.raises(postgres.AWAY):
            await connection.execute("SELECT 1")
    finally:
        await watcher.close()
        connection.terminate()


async def test_a_turn_of_the_loop_makes_one_piece_of_the_rows(database_url: str) -> None:
    made: list[int] = []
    connection = await asyncpg.connect(database_url)
    try:
        reading = asyncio.create_task(
            collect(connection, lambda row: made.append(row[0]), "SELECT generate_series(1, $1)", 5 * PIECE + 1)
        )
        most = 0
        while not reading.done():
            before = len(made)
            await asyncio.sleep(0)
            most = max(most, len(made) - before)
        await reading
    finally:
        await connection.close()
    assert made == list(range(1, 5 * PIECE + 2))
    assert most == PIECE == 50


async def test_listed_rows_are_nothing_for_the_garbage_collector(database_url: str) -> None:
    """Twenty answers of a thousand rows each would make its passes two milliseconds long."""
    connection = await asyncpg.connect(database_url)
    try:
        await add_driver(connection, "f", "d", "Ada", groups=["north"])
        await add_vehicle(connection, "f", "v", "Van", groups=["north"])
        rows = [*await drivers(connection, "f", 1), *await vehicles(connection, "f", 1)]
    finally:
        await connection.close()
    assert [row.groups for row in rows] == [("north",), ("north",)]
    gc.collect()  # a tuple of texts is untracked by the first pass
    assert not [row for row in rows if gc.is_tracked(row) or any(map(gc.is_tracked, (row.groups, row.name)))]


async def test_columns_are_in_the_order_of_the_fields(database_url: str) -> None:
    """Of the structs that are made from the values of a row without their names."""
    past, registered, cars = reads.SQL, of_drivers.SQL, of_vehicles.SQL
    # The places after the path are not stored with the trip.
    path = Trip.__struct_fields__.index("path")
    statements = [
        *((statement, StoredPosition.__struct_fields__) for statement in (past.track, past.positions_inside)),
        *((statement, Trip.__struct_fields__[:path]) for statement in (past.trips, past.fleet_trips)),
        (past.trip, Trip.__struct_fields__[: path + 1]),
        *((getattr(registered, name), Driver.__struct_fields__) for name in OF_DRIVERS),
        *((getattr(cars, name), Vehicle.__struct_fields__) for name in OF_VEHICLES),
    ]
    connection = await asyncpg.connect(database_url)
    try:
        for statement, fields in statements:
            prepared = await connection.prepare(statement)
            assert tuple(column.name for column in prepared.get_attributes()) == fields, statement
    finally:
        await connection.close()
