"""Links to cars nearby: which cars a rider sees, and that their ids lead back to no driver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import Answer, get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    GATEWAY,
    SHARES,
    STRANGER,
    change,
    fetch,
    fields,
    hub_with,
)
from tests.support.running import Edge, until

PLACE = (25.2, 55.3)
METRE = 1 / 111_195
"""Degrees of latitude."""

CARS = {"at-0": 0, "at-300": 300, "at-900": 900, "at-1500": 1_500, "at-2500": 2_500}
"""Driver -> metres to the north of the rider."""


def set_state(hub: Edge, driver_id: str, state: str) -> None:
    path = f"/api/v1/drivers/{driver_id}/state"
    assert change(hub, "PUT", path, {"state": state}, etag="*", token=DISPATCHER).status == 200


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "cars", nearby_id_lifetime=1e9) as running:
        places = CARS | {"busy": 100, "off": 100, "unset": 100}
        fixes = [
            {"driverId": name, "latitude": PLACE[0] + metres * METRE, "longitude": PLACE[1], "speed": 9, "battery": 0.5}
            for name, metres in places.items()
        ]
        assert post(running, "/api/v1/location", fixes, GATEWAY).status == 200
        for name in CARS:
            set_state(running, name, "free")
        set_state(running, "busy", "busy")
        set_state(running, "off", "off_duty")
        yield running


def link(hub: Edge, **more: Any) -> dict[str, Any]:
    answer = post(hub, SHARES, {"kind": "nearby", "hours": 1, **more}, DISPATCHER)
    assert answer.status == 201, answer
    return dict(answer.json)


def look(hub: Edge, made: dict[str, Any], latitude: float = PLACE[0], longitude: float = PLACE[1]) -> Answer:
    return get(hub, f"/api/v1/share/{made['token']}/nearby?latitude={latitude}&longitude={longitude}")


def metres(answer: Answer) -> list[int]:
    return [round((car["latitude"] - PLACE[0]) / METRE) for car in answer.json["cars"]]


def test_a_rider_sees_free_cars_and_their_places_only(hub: Edge) -> None:
    made = link(hub, label="City Cabs")
    assert (made["kind"], made["radius"], made["limit"], "driverId" in made) == ("nearby", 2_000, 8, False)
    host, port = hub.address
    assert made["url"] == f"http://{host}:{port}/api/v1/share/{made['token']}/nearby"
    seen = look(hub, made)
    assert (seen.status, seen.headers["cache-control"], seen.headers["referrer-policy"]) == (
        200,
        "no-store",
        "no-referrer",
    )
    assert metres(seen) == [0, 300, 900, 1_500]
    assert seen.json.keys() == {"label", "expiresAt", "validUntil", "cars"}
    assert all(car.keys() == {"id", "latitude", "longitude"} for car in seen.json["cars"])
    assert not [name for name in CARS if name in seen.body.decode()]
    assert look(hub, made, 0, 0).json["cars"] == []


def test_the_nearest_within_the_radius(hub: Edge) -> None:
    assert metres(look(hub, link(hub, limit=2))) == [0, 300]
    assert metres(look(hub, link(hub, radius=1_000))) == [0, 300, 900]


def test_a_car_that_is_taken_or_silent_is_not_shown(hub: Edge) -> None:
    made = link(hub)
    set_state(hub, "at-300", "busy")
    try:
        assert metres(look(hub, made)) == [0, 900, 1_500]
    finally:
        set_state(hub, "at-300", "free")
    away = hub.node.hub.fleet("f").away
    hub.call(lambda: away.__setitem__("at-0", "stale"))
    try:
        assert metres(look(hub, made)) == [300, 900, 1_500]
    finally:
        hub.call(lambda: away.pop("at-0"))


def test_ids_last_for_a_while_in_one_link_only(hub: Edge) -> None:
    one, other = link(hub), link(hub)
    ids = [car["id"] for car in look(hub, one).json["cars"]]
    assert [car["id"] for car in look(hub, one).json["cars"]] == ids
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {car["id"] for car in look(hub, other).json["cars"]}
    secrets = fetch(hub, "SELECT secret FROM shares WHERE kind = 'nearby'")
    assert len(set(secrets)) == len(secrets)
    listed = get(hub, SHARES, DISPATCHER)
    assert "secret" not in listed.body.decode()


def test_ids_change_with_time(services: Services, template: str) -> None:
    with hub_with(services, template, "cars_in_time", nearby_id_lifetime=2.0) as hub:
        fix = {"driverId": "d", "latitude": PLACE[0], "longitude": PLACE[1]}
        assert post(hub, "/api/v1/location", fix, GATEWAY).status == 200
        set_state(hub, "d", "free")
        made = link(hub)
        first = look(hub, made).json
        until(lambda: look(hub, made).json["cars"][0]["id"] != first["cars"][0]["id"])
        second = look(hub, made).json
        assert datetime.fromisoformat(second["validUntil"]) > datetime.fromisoformat(first["validUntil"])


def test_the_two_kinds_of_links_are_not_mixed_up(hub: Edge) -> None:
    made = link(hub)
    answer = get(hub, f"/api/v1/share/{made['token']}")
    assert (answer.status, "nearby" in answer.json["detail"]) == (404, True)
    driver = post(hub, SHARES, {"driverId": "at-0", "hours": 1}, DISPATCHER).json
    assert driver["kind"] == "driver" and not {"radius", "limit"} & driver.keys()
    assert look(hub, driver).status == 404
    kinds = {share["id"]: share["kind"] for share in get(hub, f"{SHARES}?limit=1000", DISPATCHER).json["shares"]}
    assert (kinds[made["id"]], kinds[driver["id"]]) == ("nearby", "driver")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"hours": 1}, "driverId"),
        ({"hours": 1, "kind": "nearby", "driverId": "at-0"}, "driverId"),
        ({"hours": 1, "kind": "all"}, "kind"),
        ({"hours": 1, "kind": "nearby", "radius": 99}, "radius"),
        ({"hours": 1, "kind": "nearby", "radius": 20_001}, "radius"),
        ({"hours": 1, "kind": "nearby", "limit": 0}, "limit"),
        ({"hours": 1, "kind": "nearby", "limit": 21}, "limit"),
        ({"hours": 1, "driverId": "at-0", "radius": 500}, "radius"),
        ({"hours": 1, "driverId": "at-0", "limit": 5}, "limit"),
        ({"kind": "nearby"}, "expiresAt"),
    ],
)
def test_a_wrong_link_is_not_made(hub: Edge, body: object, field: str) -> None:
    before = fetch(hub, "SELECT count(*) FROM shares")
    answer = post(hub, SHARES, body, DISPATCHER)
    assert (answer.status, fields(answer)) == (422, [field])
    assert fetch(hub, "SELECT count(*) FROM shares") == before


@pytest.mark.parametrize("query", ["", "latitude=25", "latitude=91&longitude=1", "latitude=1&longitude=1&radius=9"])
def test_a_wrong_place_is_refused(hub: Edge, query: str) -> None:
    assert get(hub, f"/api/v1/share/{link(hub)['token']}/nearby?{query}").status == 422


def test_access_and_end(hub: Edge) -> None:
    for token, status in ((DRIVER, 403), (GATEWAY, 403), ("", 401)):
        assert post(hub, SHARES, {"kind": "nearby", "hours": 1}, token).status == status
    theirs = post(hub, SHARES, {"kind": "nearby", "hours": 1}, STRANGER).json
    assert look(hub, theirs).json["cars"] == []
    made = link(hub)
    assert look(hub, made).status == 200
    assert change(hub, "DELETE", f"{SHARES}/{made['id']}", token=ADMIN).status == 204
    until(lambda: look(hub, made).status == 404)
    assert look(hub, {"token": "x"}).status == 404
