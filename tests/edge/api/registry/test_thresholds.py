"""Thresholds of presence of registered drivers: stored with the driver, and effective within a second."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVERS, GATEWAY, change, execute, fields, hub_with
from tests.support.running import Edge, until


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "thresholds") as running:
        yield running


def patch(hub: Edge, driver_id: str, **body: object) -> int:
    return change(hub, "PATCH", f"{DRIVERS}/{driver_id}", body, etag="*").status


def status(hub: Edge, driver_id: str) -> str:
    found: str = get(hub, f"/api/v1/drivers/{driver_id}", DISPATCHER).json["status"]
    return found


def silent_for(hub: Edge, driver_id: str, seconds: float) -> None:
    """The driver was last heard so long ago."""

    def set_back() -> None:
        fleet = hub.node.hub.fleet("f")
        heard = fleet.heard_of(driver_id)
        heard.pop(driver_id)
        others = dict(heard)
        heard.clear()
        heard.update({driver_id: hub.node.clock.now() - timedelta(seconds=seconds), **others})  # oldest first

    hub.call(set_back)


def test_a_driver_is_stale_by_its_own_thresholds(hub: Edge) -> None:
    made = post(hub, DRIVERS, {"driverId": "d", "staleAfter": 1_800, "offlineAfter": 3_600}, ADMIN)
    assert (made.status, made.json["staleAfter"], made.json["offlineAfter"]) == (201, 1_800, 3_600)
    assert post(hub, DRIVERS, {"driverId": "e"}, ADMIN).json["staleAfter"] is None
    until(lambda: "d" in hub.node.hub.fleet("f").thresholds)
    fixes = [{"driverId": driver_id, "latitude": 1, "longitude": 2} for driver_id in "de"]
    assert post(hub, "/api/v1/location", fixes, GATEWAY).status == 200
    for driver_id in "de":
        silent_for(hub, driver_id, 600)
    until(lambda: status(hub, "e") == "offline")
    assert status(hub, "d") == "online"
    # The sweep is every second.
    assert patch(hub, "d", staleAfter=300) == 200
    until(lambda: status(hub, "d") == "stale")
    assert patch(hub, "d", offlineAfter=400) == 200
    until(lambda: status(hub, "d") == "offline")
    assert patch(hub, "d", staleAfter=900, offlineAfter=1_000) == 200
    until(lambda: status(hub, "d") == "online")
    assert patch(hub, "d", name="unchanged") == 200
    assert get(hub, f"{DRIVERS}/d", ADMIN).json["staleAfter"] == 900
    assert patch(hub, "d", staleAfter=None, offlineAfter=None) == 200
    until(lambda: status(hub, "d") == "offline")
    assert get(hub, f"{DRIVERS}/d", ADMIN).json["staleAfter"] is None


def test_what_is_in_the_database_counts(hub: Edge) -> None:
    assert post(hub, DRIVERS, {"driverId": "x"}, ADMIN).status == 201
    url = hub.settings.database_url
    fleet = hub.node.hub.fleet("f")
    asyncio.run(execute(url, "UPDATE drivers SET stale_after = 7.5 WHERE driver_id = 'x'"))
    until(lambda: fleet.thresholds.get("x") == (7.5, None))
    # The session that hears of changes ends, and meanwhile one is made.
    asyncio.run(
        execute(
            url,
            """DO $$ BEGIN
            PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'hub access' AND datname = current_database();
            PERFORM pg_sleep(0.2);
            UPDATE drivers SET stale_after = NULL WHERE driver_id = 'x';
            INSERT INTO drivers (fleet, driver_id, offline_after) VALUES ('f', 'y', 99); END $$""",
        )
    )
    until(lambda: fleet.thresholds.get("y") == (None, 99) and "x" not in fleet.thresholds)
    assert change(hub, "DELETE", f"{DRIVERS}/y", etag="*").status == 204
    until(lambda: "y" not in fleet.thresholds)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"staleAfter": 4.9}, "staleAfter", "at least 5"),
        ({"offlineAfter": 604_801}, "offlineAfter", "at most 604800"),
        ({"staleAfter": 600}, "staleAfter", "300 by default"),
        ({"offlineAfter": 30}, "offlineAfter", "60 by default"),
        ({"staleAfter": 100, "offlineAfter": 100}, "staleAfter", "which is 100"),
        ({"staleAfter": "soon"}, "staleAfter", "a number"),
    ],
)
def test_thresholds_that_make_no_sense_change_nothing(
    hub: Edge, body: dict[str, object], field: str, words: str
) -> None:
    post(hub, DRIVERS, {"driverId": "z"}, ADMIN)
    before = get(hub, f"{DRIVERS}/z", ADMIN).json
    for answer in (
        change(hub, "PATCH", f"{DRIVERS}/z", body, etag="*"),
        post(hub, DRIVERS, {"driverId": "new", **body}, ADMIN),
    ):
        assert (answer.status, fields(answer)) == (422, [field])
        assert words in answer.json["detail"]
    assert get(hub, f"{DRIVERS}/z", ADMIN).json == before
    assert get(hub, f"{DRIVERS}/new", ADMIN).status == 404
