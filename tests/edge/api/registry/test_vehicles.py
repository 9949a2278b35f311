"""Vehicles and who drives them: at most one driver each, and each driver at most one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    DRIVERS,
    GATEWAY,
    STRANGER,
    VEHICLES,
    change,
    fields,
    hub_with,
)
from tests.support.running import Edge


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "vehicles") as running:
        for driver_id in ("d", "e"):
            assert post(running, DRIVERS, {"driverId": driver_id}, ADMIN).status == 201
        assert post(running, DRIVERS, {"driverId": "theirs"}, STRANGER).status == 201
        yield running


@pytest.fixture(autouse=True)
def nobody_drives(hub: Edge) -> None:
    """Each test begins with two drivers who are free."""
    for vehicle in get(hub, VEHICLES, ADMIN).json["vehicles"]:
        assert change(hub, "DELETE", f"{VEHICLES}/{vehicle['vehicleId']}", etag="*").status == 204


def enter(hub: Edge, vehicle_id: str, **more: object) -> str:
    """The ETag of a new vehicle."""
    answer = post(hub, VEHICLES, {"vehicleId": vehicle_id, **more}, ADMIN)
    assert answer.status == 201, answer
    return answer.headers["etag"]


def test_a_vehicle_is_entered_read_changed_and_deleted(hub: Edge) -> None:
    made = post(hub, VEHICLES, {"vehicleId": "v", "name": "White van", "plate": "د ب ي 12345"}, ADMIN)
    assert (made.status, made.headers["location"], made.headers["etag"]) == (201, f"{VEHICLES}/v", '"1"')
    seen = made.json
    assert seen.pop("createdAt") == seen.pop("updatedAt")
    assert seen == {
        "vehicleId": "v",
        "name": "White van",
        "plate": "د ب ي 12345",
        "groups": [],
        "driverId": None,
        "version": 1,
    }
    assert post(hub, VEHICLES, {"vehicleId": "v"}, ADMIN).status == 409

    changed = change(hub, "PATCH", f"{VEHICLES}/v", {"plate": "X 1"}, etag='"1"')
    assert (changed.json["name"], changed.json["plate"], changed.headers["etag"]) == ("White van", "X 1", '"2"')
    assert get(hub, f"{VEHICLES}/v", DISPATCHER).json == changed.json
    stale = change(hub, "PATCH", f"{VEHICLES}/v", {"plate": "X 2"}, etag='"1"')
    assert (stale.status, stale.headers["etag"]) == (412, '"2"')
    assert change(hub, "PATCH", f"{VEHICLES}/v", {"plate": "X 2"}).status == 428
    assert change(hub, "DELETE", f"{VEHICLES}/v", etag='"1"').status == 412
    assert change(hub, "DELETE", f"{VEHICLES}/v", etag='"2"').status == 204
    assert get(hub, f"{VEHICLES}/v", ADMIN).status == 404


def test_a_driver_is_assigned_kept_and_taken_away(hub: Edge) -> None:
    enter(hub, "v", driverId="d")
    kept = change(hub, "PATCH", f"{VEHICLES}/v", {"name": "n"}, etag="*")
    assert kept.json["driverId"] == "d"
    other = change(hub, "PATCH", f"{VEHICLES}/v", {"driverId": "e"}, etag="*")
    assert other.json["driverId"] == "e"
    nobody = change(hub, "PATCH", f"{VEHICLES}/v", {"driverId": None}, etag="*")
    assert (nobody.json["driverId"], nobody.json["name"]) == (None, "n")
    # Nobody drives several.
    enter(hub, "w")


def test_only_registered_drivers_of_the_fleet_drive(hub: Edge) -> None:
    etag = enter(hub, "v")
    for driver_id in ("nobody", "theirs"):
        assigned = change(hub, "PATCH", f"{VEHICLES}/v", {"driverId": driver_id, "name": "x"}, etag=etag)
        entered = post(hub, VEHICLES, {"vehicleId": "w", "driverId": driver_id}, ADMIN)
        for answer in (assigned, entered):
            assert (answer.status, fields(answer)) == (422, ["driverId"])
            assert driver_id in answer.json["detail"]
    assert get(hub, f"{VEHICLES}/v", ADMIN).headers["etag"] == etag
    assert get(hub, f"{VEHICLES}/w", ADMIN).status == 404


def test_a_driver_drives_one_vehicle(hub: Edge) -> None:
    enter(hub, "v", driverId="d")
    etag = enter(hub, "w", driverId="e")
    assigned = change(hub, "PATCH", f"{VEHICLES}/w", {"driverId": "d"}, etag=etag)
    entered = post(hub, VEHICLES, {"vehicleId": "x", "driverId": "d"}, ADMIN)
    for answer in (assigned, entered):
        assert (answer.status, fields(answer)) == (409, ["driverId"])
        assert "the vehicle v" in answer.json["detail"]
    assert get(hub, f"{VEHICLES}/w", ADMIN).json["driverId"] == "e"


def test_of_two_assignments_at_once_one_wins(hub: Edge) -> None:
    names = [f"v-{number}" for number in range(4)]
    for name in names:
        enter(hub, name)
    with ThreadPoolExecutor(len(names)) as all_at_once:
        answers = list(
            all_at_once.map(lambda name: change(hub, "PATCH", f"{VEHICLES}/{name}", {"driverId": "d"}, etag="*"), names)
        )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    driven = [one for one in get(hub, VEHICLES, ADMIN).json["vehicles"] if one["driverId"] == "d"]
    assert len(driven) == 1


def test_pages_by_id_and_a_search_in_id_name_and_plate(hub: Edge) -> None:
    enter(hub, "v-1", name="Lorry", plate="A 10")
    enter(hub, "v-2", name="Van", plate="B 20")
    enter(hub, "w-3", name="van", plate="B 30")

    def found(query: str) -> list[str]:
        return [one["vehicleId"] for one in get(hub, f"{VEHICLES}?{query}", DISPATCHER).json["vehicles"]]

    assert found("q=V-") == ["v-1", "v-2"]
    assert found("q=vAN") == ["v-2", "w-3"]
    assert found("q=b%20") == ["v-2", "w-3"]
    first = get(hub, f"{VEHICLES}?limit=2", DISPATCHER).json
    assert [one["vehicleId"] for one in first["vehicles"]] == ["v-1", "v-2"]
    assert found(f"cursor={first['next']}") == ["w-3"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "vehicleId"),
        ({"vehicleId": "a/b"}, "vehicleId"),
        ({"vehicleId": "x", "plate": "1" * 41}, "plate"),
        ({"vehicleId": "x", "name": "\u0001"}, "name"),
        ({"vehicleId": "x", "driverId": "a b"}, "driverId"),
        ({"vehicleId": "x", "driver": "d"}, "driver"),
    ],
)
def test_a_wrong_body_changes_nothing(hub: Edge, body: object, field: str) -> None:
    answer = post(hub, VEHICLES, body, ADMIN)
    assert (answer.status, fields(answer)) == (422, [field])
    assert get(hub, VEHICLES, ADMIN).json == {"vehicles": []}


def test_roles_that_read_and_roles_that_change(hub: Edge) -> None:
    etag = enter(hub, "v")
    one = f"{VEHICLES}/v"
    asked: list[tuple[str, str, object]] = [
        ("GET", VEHICLES, None),
        ("GET", one, None),
        ("POST", VEHICLES, {"vehicleId": "by-role"}),
        ("PATCH", one, {"name": "changed"}),
        ("DELETE", one, None),
    ]
    for method, path, body in asked:
        for token in (DRIVER, GATEWAY, *([] if method == "GET" else [DISPATCHER])):
            assert change(hub, method, path, body, etag=etag, token=token).status == 403
        assert change(hub, method, path, body, etag=etag, token="").status == 401
    assert get(hub, one, DISPATCHER).headers["etag"] == etag


def test_another_fleet_has_none_of_these(hub: Edge) -> None:
    etag = enter(hub, "v", driverId="d")
    one = f"{VEHICLES}/v"
    assert get(hub, one, STRANGER).status == 404
    assert change(hub, "PATCH", one, {"driverId": "theirs"}, etag=etag, token=STRANGER).status == 404
    assert change(hub, "DELETE", one, etag=etag, token=STRANGER).status == 404
    assert get(hub, VEHICLES, STRANGER).json == {"vehicles": []}
    assert get(hub, one, ADMIN).headers["etag"] == etag
    assert post(hub, VEHICLES, {"vehicleId": "v"}, STRANGER).status == 201
    assert change(hub, "DELETE", one, etag="*", token=STRANGER).status == 204
    assert get(hub, one, ADMIN).headers["etag"] == etag
