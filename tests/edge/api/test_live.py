"""Where drivers are now: pages, one, the nearest; each fleet by itself."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from hub.core.geo.geodesy import haversine
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import get, post
from tests.support.running import Edge

SETTINGS = {"jwt_secret": SECRET, "database_url": "postgresql://nobody@127.0.0.1:1/nothing"}
"""These answers need no PostgreSQL."""

ROLES = {"red": token(fleet="red"), "blue": token(fleet="blue")}


@pytest.fixture(scope="module")
def places(hub: Edge) -> Iterator[dict[str, tuple[float, float]]]:
    """A hundred drivers of the fleet red around Dubai and one on each side of the date line; one in the fleet blue."""
    some = random.Random(7)
    places = {f"d{n:03}": (25 + some.random(), 55 + some.random()) for n in range(100)}
    places |= {"west": (0.0, 179.99), "east": (0.0, -179.99)}
    fixes = [{"driverId": name, "latitude": lat, "longitude": lon} for name, (lat, lon) in places.items()]
    assert post(hub, "/api/v1/location", fixes, token(role="gateway", fleet="red")).status == 200
    blue = {"driverId": "d000", "latitude": 25.5, "longitude": 55.5}
    assert post(hub, "/api/v1/location", blue, token(role="gateway", fleet="blue")).status == 200
    yield places


def test_the_fleet_comes_in_pages_without_gap_or_repeat(hub: Edge, places: dict[str, tuple[float, float]]) -> None:
    path, seen = "/api/v1/drivers?limit=30", []
    while path:
        answer = get(hub, path, ROLES["red"])
        assert answer.status == 200
        seen += answer.json["drivers"]
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
        assert ("next" in answer.json) == bool(path)
    assert [driver["driverId"] for driver in seen] == list(places)
    first = seen[0]
    assert (first["status"], first["position"]["type"], first["position"]["driverId"]) == ("online", "location", "d000")
    assert (first["position"]["latitude"], first["position"]["longitude"]) == places["d000"]
    assert len(get(hub, "/api/v1/drivers", ROLES["red"]).json["drivers"]) == 102


def test_a_driver_that_is_silent_says_so(hub: Edge, places: dict[str, tuple[float, float]]) -> None:
    away = hub.node.hub.fleet("red").away
    hub.call(lambda: away.__setitem__("d001", "stale"))
    try:
        assert get(hub, "/api/v1/drivers/d001", ROLES["red"]).json["status"] == "stale"
    finally:
        hub.call(lambda: away.pop("d001", None))


def test_nearby_is_nearest_first(hub: Edge, places: dict[str, tuple[float, float]]) -> None:
    answer = get(hub, "/api/v1/nearby?latitude=25.5&longitude=55.5&radius=20000&limit=7", ROLES["red"])
    distances = sorted((haversine(25.5, 55.5, *place), name) for name, place in places.items())
    expected = [(name, round(distance, 1)) for distance, name in distances if distance <= 20_000][:7]
    assert len(expected) == 7
    assert [(driver["driverId"], driver["distance"]) for driver in answer.json["drivers"]] == expected
    around = get(hub, "/api/v1/nearby?latitude=0&longitude=180&radius=5000", ROLES["red"]).json["drivers"]
    assert {driver["driverId"] for driver in around} == {"west", "east"}
    assert get(hub, "/api/v1/nearby?latitude=-80&longitude=0", ROLES["red"]).json == {"drivers": []}
    whole = get(hub, "/api/v1/nearby?latitude=90&longitude=0&radius=20037508&limit=100", ROLES["red"]).json["drivers"]
    assert len(whole) == 100


def test_nearby_with_a_status(hub: Edge, places: dict[str, tuple[float, float]]) -> None:
    away = hub.node.hub.fleet("red").away
    distances = sorted((haversine(25.5, 55.5, *place), name) for name, place in places.items())
    names = [name for _, name in distances]
    gone = {names[0]: "offline", names[1]: "stale", names[3]: "offline"}
    hub.call(lambda: away.update(gone))
    try:
        for status, expected in (
            ("online", [name for name in names if name not in gone][:3]),
            ("stale", [names[1]]),
            ("offline,stale", [names[0], names[1], names[3]]),
            ("online,stale,offline", names[:3]),
        ):
            path = f"/api/v1/nearby?latitude=25.5&longitude=55.5&radius=100000&limit=3&status={status}"
            found = get(hub, path, ROLES["red"]).json["drivers"]
            assert [driver["driverId"] for driver in found] == expected
            assert {driver["status"] for driver in found} <= set(status.split(","))
    finally:
        hub.call(lambda: [away.pop(name, None) for name in gone])
    for wrong in ("gone", "online,", "", "Online", "online;stale"):
        answer = get(hub, f"/api/v1/nearby?latitude=1&longitude=1&status={wrong}", ROLES["red"])
        (error,) = answer.json["errors"]
        assert (answer.status, error["field"], error["code"]) == (422, "status", "not_allowed")
        assert error["allowed"] == ["online", "stale", "offline"]


def test_nearby_in_a_fleet_of_several_turns(hub: Edge) -> None:
    some = random.Random(3)
    places = {f"n{n}": (some.uniform(-80, 80), some.uniform(-180, 180)) for n in range(2_500)}
    fixes = [{"driverId": name, "latitude": lat, "longitude": lon} for name, (lat, lon) in places.items()]
    gateway, dispatcher = token(role="gateway", fleet="many"), token(fleet="many")
    for start in range(0, len(fixes), 500):
        assert post(hub, "/api/v1/location", fixes[start : start + 500], gateway).status == 200
    for _ in range(20):
        lat, lon = some.uniform(-90, 90), some.uniform(-180, 180)
        answer = get(hub, f"/api/v1/nearby?latitude={lat}&longitude={lon}&radius=9000000&limit=3", dispatcher)
        expected = sorted((haversine(lat, lon, *place), name) for name, place in places.items())[:3]
        assert [driver["driverId"] for driver in answer.json["drivers"]] == [name for _, name in expected]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("nearby?longitude=1", "latitude"),
        ("nearby?latitude=91&longitude=1", "latitude"),
        ("nearby?latitude=nan&longitude=1", "latitude"),
        ("nearby?latitude=1&longitude=1&radius=0", "radius"),
        ("nearby?latitude=1&longitude=1&limit=1.5", "limit"),
        ("nearby?latitude=1&longitude=1&limit=101", "limit"),
        ("nearby?latitude=1&latitude=2&longitude=1", "latitude"),
        ("nearby?latitude=1&longitude=1&raduis=5", "raduis"),
        ("drivers?limit=0", "limit"),
        ("drivers?limit=1001", "limit"),
        ("drivers?cursor=x", "cursor"),
        ("drivers?cursor=%C3%A9", "cursor"),
        ("drivers?cursor=kqFhoWI", "cursor"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(hub: Edge, path: str, field: str) -> None:
    answer = get(hub, f"/api/v1/{path}", ROLES["red"])
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_cursor_of_an_earlier_run_says_so(hub: Edge, places: dict[str, tuple[float, float]]) -> None:
    cursor = get(hub, "/api/v1/drivers?limit=30", ROLES["red"]).json["next"]
    epoch = hub.node.hub.epoch
    hub.call(lambda: setattr(hub.node.hub, "epoch", "another"))
    try:
        answer = get(hub, f"/api/v1/drivers?cursor={cursor}", ROLES["red"])
    finally:
        hub.call(lambda: setattr(hub.node.hub, "epoch", epoch))
    assert (answer.status, "earlier run" in answer.json["detail"]) == (422, True)


def test_fleets_do_not_see_each_other(hub: Edge, places: dict[str, tuple[float, float]]) -> None:
    (only,) = get(hub, "/api/v1/drivers", ROLES["blue"]).json["drivers"]
    assert (only["driverId"], only["position"]["latitude"]) == ("d000", 25.5)
    assert get(hub, "/api/v1/drivers/d001", ROLES["blue"]).status == 404
    assert len(get(hub, "/api/v1/nearby?latitude=25.5&longitude=55.5&radius=99999", ROLES["blue"]).json["drivers"]) == 1
    cursor = get(hub, "/api/v1/drivers?limit=30", ROLES["red"]).json["next"]
    assert get(hub, f"/api/v1/drivers?cursor={cursor}", ROLES["blue"]).json == {"drivers": []}


def test_a_driver_reads_itself_only(hub: Edge, places: dict[str, tuple[float, float]]) -> None:
    driver = token(role="driver", driver="d001", fleet="red")
    assert get(hub, "/api/v1/drivers/d001", driver).status == 200
    for path in ("drivers/d002", "drivers", "nearby?latitude=1&longitude=1"):
        assert get(hub, f"/api/v1/{path}", driver).status == 403
    assert get(hub, "/api/v1/drivers/d001", token(role="gateway", fleet="red")).status == 403
    assert get(hub, "/api/v1/drivers").status == 401


def test_the_past_is_503_while_postgresql_is_away(hub: Edge) -> None:
    for path in ("drivers/d001/track", "drivers/d001/trips", "analytics/daily", "positions?bbox=1,1,2,2"):
        answer = get(hub, f"/api/v1/{path}", ROLES["red"])
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert answer.json["detail"].startswith("the history does not answer")
