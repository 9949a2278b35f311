"""PostgreSQL ends all sessions and refuses new ones: the hub goes on with the vehicles, states and thresholds that it
knows, refuses changes, and catches up afterwards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import websockets.sync.client

from hub.embedded.services import Services
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, DRIVERS, GATEWAY, VEHICLES, change, execute, hub_with
from tests.support.running import PATIENCE, Edge, until

NAME = "registry_gone"
STATE = "/api/v1/drivers/d/state"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, NAME, history_timeout=1.0) as running:
        for driver_id in "de":
            assert post(running, DRIVERS, {"driverId": driver_id, "staleAfter": 200}, ADMIN).status == 201
        assert post(running, VEHICLES, {"vehicleId": "v", "driverId": "d"}, ADMIN).status == 201
        until(lambda: running.node.vehicle_copy.vehicles.loaded)
        yield running


@contextmanager
def gone(services: Services) -> Iterator[None]:
    server = services.settings.database_url

    def allow(connections: bool) -> None:
        asyncio.run(execute(server, f"ALTER DATABASE {NAME} WITH ALLOW_CONNECTIONS {str(connections).lower()}"))

    allow(False)
    try:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
        asyncio.run(execute(server, ended, NAME))
        yield
    finally:
        allow(True)


def drivers(hub: Edge) -> dict[str, Any]:
    found = get(hub, "/api/v1/drivers", DISPATCHER)
    assert found.status == 200
    return {driver["driverId"]: driver for driver in found.json["drivers"]}


def test_what_is_known_stays_and_changes_come_later(hub: Edge, services: Services) -> None:
    def put(state: str) -> int:
        return change(hub, "PUT", STATE, {"state": state}, etag="*", token=DISPATCHER).status

    fix = {"vehicleId": "v", "latitude": 25.0, "longitude": 55.0}
    assert post(hub, "/api/v1/location", fix, GATEWAY).status == 200
    assert put("free") == 200
    headers = {"authorization": f"Bearer {DRIVER}"}
    with websockets.sync.client.connect(f"{hub.url}?subscribe=none", additional_headers=headers) as driver:
        with gone(services):
            assert put("busy") == 503
            driver.send('{"type":"state","state":"busy"}')
            error = json.loads(driver.recv(PATIENCE))
            assert (error["code"], error["field"], error["retryMs"]) == ("unavailable", "state", 2_000)
            # Fixes by vehicle, and everything that is read from memory.
            assert post(hub, "/api/v1/location", {**fix, "latitude": 26.0}, GATEWAY).status == 200
            now = drivers(hub)["d"]
            assert (now["position"]["latitude"], now["state"], now["vehicleId"]) == (26.0, "free", "v")
            assert get(hub, "/api/v1/vehicles/v", DISPATCHER).json["driver"]["state"] == "free"
            assert hub.node.hub.fleet("f").thresholds["d"] == (200, None)
            assert get(hub, "/api/v1/vehicles/v/assignments", DISPATCHER).status == 503
        until(lambda: put("busy") == 200)
        driver.send('{"type":"state","state":"off_duty"}')
        assert json.loads(driver.recv(PATIENCE))["state"] == "off_duty"
    # What another node or a person changed meanwhile is read again.
    assert change(hub, "PATCH", f"{VEHICLES}/v", {"driverId": "e"}, etag="*").status == 200
    until(lambda: get(hub, "/api/v1/vehicles/v", DISPATCHER).json["driverId"] == "e")
    url = hub.settings.database_url
    asyncio.run(execute(url, "UPDATE driver_states SET state = 'free', version = version + 1 WHERE driver_id = 'd'"))
    until(lambda: drivers(hub)["d"]["state"] == "free")
