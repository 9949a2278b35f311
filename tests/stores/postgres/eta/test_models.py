from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from hub.core.eta.model import DEFAULT, learn, learn_by_kind, travel
from hub.stores.postgres.eta import models
from tests.support.eta import FILL, SPEEDS

NOW = datetime.now(UTC)
SINCE = NOW - timedelta(days=28)
DAY = timedelta(days=1)


async def test_trips_are_read_as_samples_with_the_type_of_the_vehicle(connection: asyncpg.Connection) -> None:
    await connection.execute(FILL)
    found = await models.trips(connection, "red", SINCE)
    assert len(found) == 80
    assert [trip.ended_at for trip in found] == sorted(trip.ended_at for trip in found)
    assert [(trip.kind, len(trip.samples)) for trip in found[:2]] == [("van", 19), ("", 19)]
    for trip in found:
        speed = SPEEDS["a" if trip.kind else "b"]
        for one in trip.samples:
            assert one.distance / one.seconds == pytest.approx(speed, rel=0.01)
            assert one.speed == pytest.approx(speed, rel=0.01)
    newest = await models.trips(connection, "red", SINCE, 3)
    assert newest == found[-3:]
    assert await models.trips(connection, "blue", SINCE) == []


async def test_each_type_of_vehicle_has_its_model(connection: asyncpg.Connection) -> None:
    await connection.execute(FILL)
    assert await models.model_for(connection, "red", "a") is DEFAULT
    trips = await models.trips(connection, "red", SINCE)
    found = learn_by_kind(trips)
    assert sorted(found) == ["", "van"]
    await models.put(connection, "red", {"": found["van"]}, NOW)  # replaced by the next ones
    await models.put(connection, "red", found, NOW)
    assert await models.model_for(connection, "red", "a") == learn([trip for trip in trips if trip.kind])
    assert await models.model_for(connection, "red", "b") == await models.model_for(connection, "red", "x") == found[""]
    assert await models.model_for(connection, "blue", "a") is DEFAULT
    assert travel(await models.model_for(connection, "red", "a"), 5_000).seconds == pytest.approx(500, rel=0.02)


async def test_a_fleet_is_due_once_in_a_while(connection: asyncpg.Connection) -> None:
    assert await models.due(connection, NOW, DAY) == []
    await connection.execute(FILL)
    assert await models.due(connection, NOW, DAY) == ["red"]
    await models.put(connection, "red", {"": DEFAULT}, NOW)
    assert await models.due(connection, NOW + timedelta(hours=23), DAY) == []
    assert await models.due(connection, NOW + timedelta(hours=25), DAY) == ["red"]
    assert await models.due(connection, NOW + timedelta(days=90), DAY) == []
