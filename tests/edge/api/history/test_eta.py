"""When a driver would arrive at a place."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from hub.core.eta.model import learn_by_kind
from hub.embedded.services import Services
from hub.stores.postgres.eta import models
from tests.identity.test_tokens import token
from tests.support.api.calls import get, post
from tests.support.api.fleets import execute, hub_with
from tests.support.eta import FILL, METRES
from tests.support.running import Edge

RED, GATEWAY = token(fleet="red"), token(role="gateway", fleet="red")


@pytest.fixture(scope="module")
def past(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "test_eta") as running:
        asyncio.run(execute(running.settings.database_url, FILL))
        yield running


async def learn(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        now = datetime.now(UTC)
        found = learn_by_kind(await models.trips(connection, "red", now - timedelta(days=28)))
        await models.put(connection, "red", found, now)
    finally:
        await connection.close()


def put(hub: Edge, driver_id: str, latitude: float, ago: float = 0.0) -> None:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    fix = {"driverId": driver_id, "latitude": latitude, "longitude": 55, "recordedAt": at.isoformat()}
    assert post(hub, "/api/v1/location", fix, GATEWAY).status == 200


def ask(hub: Edge, driver_id: str, latitude: float, who: str = RED) -> dict[str, Any]:
    answer = get(hub, f"/api/v1/drivers/{driver_id}/eta?latitude={latitude}&longitude=55", who)
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.json
    return found


def seconds(answer: dict[str, Any], name: str = "arrivesAt") -> float:
    """Seconds from the position to an instant of the answer."""
    return (datetime.fromisoformat(answer[name]) - datetime.fromisoformat(answer["asOf"])).total_seconds()


def test_the_estimate_is_of_the_default_and_then_learned(past: Edge) -> None:
    put(past, "a", 0)
    put(past, "b", 0)
    place = 6_000 / METRES
    before = ask(past, "a", place)
    assert (before["basis"], before["certainty"]) == ("default", "estimated")
    assert seconds(before) == pytest.approx(6_000 * 1.35 / 8, abs=2)
    assert before["distance"] == pytest.approx(6_000, abs=1)
    asyncio.run(learn(past.settings.database_url))
    after, other = ask(past, "a", place), ask(past, "b", place)
    assert (after["basis"], other["basis"]) == ("learned", "learned")
    # A van takes 600 s; the model of all is between those of both drivers.
    assert seconds(after) == pytest.approx(600, rel=0.02)
    assert 700 < seconds(other) < 1_500
    assert seconds(other, "earliest") < seconds(other) < seconds(other, "latest")


def test_a_driver_at_the_place_is_arriving(past: Edge) -> None:
    put(past, "near", 0, ago=60)
    answer = ask(past, "near", 10 / METRES)
    assert answer["certainty"] == "arriving"
    assert seconds(answer) >= 60


def test_an_old_position_is_stale(past: Edge) -> None:
    put(past, "old", 0, ago=700)
    assert ask(past, "old", 1)["certainty"] == "stale"


@pytest.mark.parametrize(
    ("query", "field"), [("latitude=91&longitude=0", "latitude"), ("latitude=1", "longitude"), ("", "latitude")]
)
def test_a_place_is_needed(past: Edge, query: str, field: str) -> None:
    put(past, "a", 0)
    answer = get(past, f"/api/v1/drivers/a/eta?{query}", RED)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, field)


def test_a_driver_of_another_fleet_is_not_known(past: Edge) -> None:
    put(past, "a", 0)
    assert get(past, "/api/v1/drivers/a/eta?latitude=1&longitude=1", token(fleet="blue")).status == 404
    assert (
        get(past, "/api/v1/drivers/a/eta?latitude=1&longitude=1", token(role="driver", driver="a", fleet="red")).status
        == 200
    )
    assert (
        get(past, "/api/v1/drivers/a/eta?latitude=1&longitude=1", token(role="driver", driver="b", fleet="red")).status
        == 403
    )
