"""Thresholds and retention of groups: the driver's own count first, then the strictest of its groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.edge.api.registry.test_thresholds import patch, silent_for, status
from tests.identity.test_tokens import token
from tests.support.api.calls import Answer, call, get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    DRIVERS,
    GATEWAY,
    STRANGER,
    VEHICLES,
    change,
    fetch,
    fields,
    hub_with,
)
from tests.support.running import Edge, until

GROUPS = "/api/v1/fleet/groups"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "group_settings", retention_months=12) as running:
        yield running


def put(hub: Edge, group: str, by: str = ADMIN, **body: object) -> Answer:
    return call(hub, "PUT", f"{GROUPS}/{group}", body, token=by)


def thresholds(hub: Edge, driver_id: str) -> Any:
    return hub.node.hub.fleet("f").thresholds.get(driver_id)


def months(hub: Edge, driver_id: str) -> tuple[int, bool]:
    found = get(hub, f"/api/v1/drivers/{driver_id}/retention", DISPATCHER).json
    return found["months"], found["own"]


def test_a_group_is_set_read_and_reset(hub: Edge) -> None:
    assert get(hub, f"{GROUPS}/vans", DISPATCHER).status == 404
    empty = {"name": "vans", "drivers": 0, "vehicles": 0}
    full = {**empty, "staleAfter": 30.0, "offlineAfter": 90.0, "retentionMonths": 6}
    assert put(hub, "vans", staleAfter=30, offlineAfter=90, retentionMonths=6).json == full
    assert get(hub, f"{GROUPS}/vans", DISPATCHER).json == full
    assert get(hub, GROUPS, DISPATCHER).json["groups"] == [full]
    assert put(hub, "vans", retentionMonths=0).json == {
        **empty, "staleAfter": None, "offlineAfter": None, "retentionMonths": 0,
    }  # fmt: skip
    assert call(hub, "DELETE", f"{GROUPS}/vans", token=ADMIN).status == 204
    assert call(hub, "DELETE", f"{GROUPS}/vans", token=ADMIN).status == 404
    assert get(hub, GROUPS, DISPATCHER).json["groups"] == []
    entries = fetch(hub, "SELECT details ->> 'months' FROM audit WHERE action = 'group.changed' ORDER BY id")
    assert [months for (months,) in entries] == ["6", "0", None]


def test_thresholds_follow_the_members_and_the_strictest_group(hub: Edge) -> None:
    for driver, groups in {"d": ["far"], "e": [], "own": ["far"]}.items():
        assert post(hub, DRIVERS, {"driverId": driver, "groups": groups}, ADMIN).status == 201
    assert patch(hub, "own", offlineAfter=7_200) == 200
    assert put(hub, "far", staleAfter=1_800, offlineAfter=3_600).status == 200
    until(lambda: thresholds(hub, "d") == (1_800, 3_600) and thresholds(hub, "own") == (1_800, 7_200))
    fixes = [{"driverId": driver_id, "latitude": 1, "longitude": 2} for driver_id in "de"]
    assert post(hub, "/api/v1/location", fixes, GATEWAY).status == 200
    for driver_id in "de":
        silent_for(hub, driver_id, 600)
    until(lambda: status(hub, "e") == "offline")
    assert status(hub, "d") == "online"
    # A member by its vehicle, and no longer.
    van = {"vehicleId": "van", "driverId": "e", "groups": ["far"]}
    assert post(hub, VEHICLES, van, ADMIN).status == 201
    until(lambda: status(hub, "e") == "online")
    assert change(hub, "PATCH", f"{VEHICLES}/van", {"driverId": None}, etag="*").status == 200
    until(lambda: status(hub, "e") == "offline" and thresholds(hub, "e") is None)
    # In two groups the least of each.
    assert put(hub, "near", staleAfter=20).status == 200
    assert patch(hub, "d", groups=["far", "near"]) == 200
    until(lambda: thresholds(hub, "d") == (20, 3_600) and status(hub, "d") == "stale")
    assert patch(hub, "d", staleAfter=900, offlineAfter=1_000) == 200
    until(lambda: thresholds(hub, "d") == (900, 1_000) and status(hub, "d") == "online")
    assert patch(hub, "d", staleAfter=None, offlineAfter=None, groups=["far"]) == 200
    until(lambda: thresholds(hub, "d") == (1_800, 3_600))
    for group in ("far", "near"):
        assert call(hub, "DELETE", f"{GROUPS}/{group}", token=ADMIN).status == 204
    until(lambda: thresholds(hub, "d") is None and thresholds(hub, "own") == (None, 7_200))


def test_retention_follows_the_members_and_the_shortest_group(hub: Edge) -> None:
    assert post(hub, DRIVERS, {"driverId": "r", "groups": ["law"]}, ADMIN).status == 201
    assert months(hub, "r") == (12, False)
    assert put(hub, "law", retentionMonths=0).status == 200
    assert months(hub, "r") == (0, False)
    assert put(hub, "short", retentionMonths=3).status == 200
    assert patch(hub, "r", groups=["law", "short"]) == 200
    assert months(hub, "r") == (3, False)
    assert call(hub, "PUT", "/api/v1/drivers/r/retention", {"months": 24}, token=ADMIN).status == 200
    assert months(hub, "r") == (24, True)
    assert fetch(hub, "SELECT months FROM driver_retentions WHERE driver_id = 'r'") == [(24,)]
    assert call(hub, "DELETE", "/api/v1/drivers/r/retention", token=ADMIN).status == 204
    assert patch(hub, "r", groups=[]) == 200
    assert months(hub, "r") == (12, False)
    assert fetch(hub, "SELECT months FROM driver_retentions WHERE driver_id = 'r'") == []


def test_refusals(hub: Edge) -> None:
    for body, field in (
        ({"staleAfter": 4}, "staleAfter"),
        ({"offlineAfter": 30}, "offlineAfter"),
        ({"staleAfter": 100, "offlineAfter": 100}, "staleAfter"),
        ({"retentionMonths": -1}, "retentionMonths"),
        ({"months": 1}, "months"),
    ):
        answer = put(hub, "g", **body)
        assert (answer.status, fields(answer)) == (422, [field]), body
    assert [put(hub, "g", role, staleAfter=9).status for role in (DISPATCHER, DRIVER, "")] == [403, 403, 401]
    assert put(hub, "a%20b", staleAfter=9).status == get(hub, f"{GROUPS}/g", ADMIN).status == 404
    assert put(hub, "g", staleAfter=9).status == 200
    assert get(hub, f"{GROUPS}/g", STRANGER).status == 404
    limited = token(role="dispatcher", fleet="f", groups=["north"])
    assert get(hub, f"{GROUPS}/g", limited).status == 404
