"""Older paths are ours by another name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import call, get, post
from tests.support.running import Edge

SETTINGS = {"jwt_secret": SECRET}

DISPATCHER, GATEWAY = token(), token(role="gateway")


@pytest.mark.parametrize("path", ["/api/location", "/api/vehicle/ingest"])
def test_a_position_is_taken_on_an_older_path(hub: Edge, path: str) -> None:
    driver_id = path.rpartition("/")[2]
    fix: dict[str, Any] = {"latitude": 25.2, "longitude": 55.3, "driverId": driver_id}
    taken = post(hub, path, fix, GATEWAY)
    assert (taken.status, taken.json) == (200, {"accepted": 1, "rejected": []})
    assert get(hub, f"/api/v1/drivers/{driver_id}", DISPATCHER).json["position"]["latitude"] == 25.2
    assert post(hub, path, fix).status == 401
    assert post(hub, path, fix, DISPATCHER).status == 403
    assert post(hub, path, {**fix, "latitude": 91}, GATEWAY).json["errors"][0]["field"] == "latitude"
    assert call(hub, "GET", path, token=GATEWAY).status == 405


@pytest.mark.parametrize("path", ["/vehicle/status", "/api/vehicle/status"])
def test_the_fleet_is_read_on_an_older_path(hub: Edge, path: str) -> None:
    fixes = [{"latitude": 1.0, "longitude": 2.0, "driverId": f"d-{number}"} for number in range(3)]
    assert post(hub, "/api/v1/location", fixes, GATEWAY).status == 200
    assert get(hub, path, DISPATCHER).json == get(hub, "/api/v1/drivers", DISPATCHER).json
    first = get(hub, f"{path}?limit=2", DISPATCHER)
    following = first.headers["link"].split(">")[0].removeprefix("<")
    assert following.startswith(f"{path}?")
    assert get(hub, following, DISPATCHER).json["drivers"]
    assert get(hub, path, GATEWAY).status == 403
