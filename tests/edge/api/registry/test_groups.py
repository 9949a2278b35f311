"""Groups of drivers and vehicles: filters, and dispatchers that see only some drivers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.identity.test_tokens import token
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVERS, GATEWAY, VEHICLES, change, execute, fetch, hub_with
from tests.support.peers import Peer
from tests.support.running import Edge, until

NORTH = token(role="dispatcher", fleet="f", groups=["north"])
DAY = "from=2026-10-05T00:00:00Z&to=2026-10-06T00:00:00Z"

FILL = """
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
SELECT timestamptz '2026-10-05 08:00Z' + n * interval '1 min', now(), 250000000, 550000000, 'f', driver
FROM generate_series(0, 9) AS n, (VALUES ('n'), ('s'), ('v'), ('alone')) AS v (driver);
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, distance, moving_time, max_speed, points,
    fleet, driver_id)
SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, timestamptz '2026-10-05 08:00Z',
    timestamptz '2026-10-05 08:10Z', timestamptz '2026-10-05 08:10Z', 25, 55, 1000, 600, 20, 10, 'f', driver
FROM (VALUES (1, 'n'), (2, 's')) AS v (n, driver);
INSERT INTO daily (fleet, driver_id, day, trips, distance, duration, moving_time, max_speed)
VALUES ('f', 'n', '2026-10-05', 1, 1000, 600, 600, 20), ('f', 's', '2026-10-05', 1, 1000, 600, 600, 20);
INSERT INTO visits (id, entered_at, last_inside_at, distance, points, fence_version, fence_id, fleet, driver_id, cause)
SELECT gen_random_uuid(), timestamptz '2026-10-05 08:00Z', timestamptz '2026-10-05 08:05Z', 0, 1, 1,
    '00000000-0000-0000-0000-000000000009', 'f', driver, 'crossed' FROM (VALUES ('n'), ('s')) AS v (driver);
INSERT INTO fences (id, fleet, name, shape, radius, watch)
SELECT gen_random_uuid(), 'f', name, '{"type": "Point", "coordinates": [55, 25]}', 100, watch::json
FROM (VALUES ('both', '{"drivers": ["n", "s"]}'), ('other', '{"drivers": ["s"]}'), ('all', '{}'),
    ('vans', '{"drivers": ["s"], "groups": ["vans"]}')) AS v (name, watch);
INSERT INTO rules (fleet, name, kind, params, watch, channels, severity, cooldown, digest, max_age, tell_resolved,
    enabled)
SELECT fleet, name, 'alarm', '{}', watch, '{}', 'warning', 0, 0, 900, true, true FROM fences;
"""


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    import asyncio

    with hub_with(services, template, "groups") as running:
        for driver, groups in {"n": ["north"], "s": ["south", "vans"], "v": [], "alone": []}.items():
            assert post(running, DRIVERS, {"driverId": driver, "groups": groups}, ADMIN).status == 201
        van = {"vehicleId": "van", "driverId": "v", "groups": ["north", "vans"]}
        assert post(running, VEHICLES, van, ADMIN).status == 201
        assert post(running, VEHICLES, {"vehicleId": "idle"}, ADMIN).status == 201
        fixes = [{"latitude": 25, "longitude": 55, "driverId": driver} for driver in ("n", "s", "v", "alone")]
        assert post(running, "/api/v1/location", fixes, GATEWAY).status == 200
        asyncio.run(execute(running.settings.database_url, FILL))
        until(lambda: len(running.node.hub.fleet("f").groups) == 3)
        # A change of a vehicle is answered after a second even if the hub's copy of the vehicles does not have it yet.
        until(lambda: ids(get(running, "/api/v1/vehicles", DISPATCHER), "vehicles", "vehicleId") == ["idle", "van"])
        until(lambda: ids(get(running, "/api/v1/drivers", NORTH)) == ["n", "v"])
        yield running


def ids(answer: Any, name: str = "drivers", field: str = "driverId") -> list[str]:
    assert answer.status == 200, answer.body
    return sorted(item[field] for item in answer.json[name])


LISTS = [
    ("/api/v1/drivers", "drivers"),
    ("/api/v1/nearby?latitude=25&longitude=55", "drivers"),
    (DRIVERS, "drivers"),
    (f"/api/v1/positions/drivers?bbox=54,24,56,26&{DAY}", "drivers"),
]


@pytest.mark.parametrize(("path", "name"), LISTS)
def test_lists_have_a_filter_and_a_limit(hub: Edge, path: str, name: str) -> None:
    more = "&" if "?" in path else "?"
    assert ids(get(hub, path, DISPATCHER), name) == ["alone", "n", "s", "v"]
    # A driver is in the groups of its vehicle.
    assert ids(get(hub, f"{path}{more}group=vans", DISPATCHER), name) == ["s", "v"]
    assert ids(get(hub, f"{path}{more}group=vans,north", DISPATCHER), name) == ["n", "s", "v"]
    assert ids(get(hub, path, NORTH), name) == ["n", "v"]
    assert ids(get(hub, f"{path}{more}group=vans", NORTH), name) == ["v"]
    assert get(hub, f"{path}{more}group=a%20b", DISPATCHER).status == 422


def test_what_a_limited_dispatcher_sees(hub: Edge) -> None:
    assert ids(get(hub, VEHICLES, NORTH), "vehicles", "vehicleId") == ["van"]
    assert get(hub, f"{VEHICLES}/idle", NORTH).status == 404
    feed = get(hub, "/api/v1/feeds/drivers.geojson", NORTH)
    assert sorted(one["id"] for one in feed.json["features"]) == ["n", "v"]
    positions = get(hub, f"/api/v1/positions?bbox=54,24,56,26&{DAY}", NORTH).json["positions"]
    assert {position["driverId"] for position in positions} == {"n", "v"}
    assert ids(get(hub, f"/api/v1/visits?{DAY}", NORTH), "visits") == ["n"]
    days = "/api/v1/analytics/daily?from=2026-10-05&to=2026-10-05"
    assert ids(get(hub, days, NORTH), "days") == ["n"]
    assert get(hub, f"{days}&by=fleet", DISPATCHER).json["days"][0]["distance"] == 2000
    assert get(hub, f"{days}&by=fleet", NORTH).json["days"][0]["distance"] == 1000
    groups = get(hub, "/api/v1/fleet/groups", DISPATCHER).json["groups"]
    assert [(group["name"], group["drivers"], group["vehicles"]) for group in groups] == [
        ("north", 1, 1), ("south", 1, 0), ("vans", 1, 1)
    ]  # fmt: skip
    assert [group["name"] for group in get(hub, "/api/v1/fleet/groups", NORTH).json["groups"]] == ["north"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/drivers/s",
        f"/api/v1/drivers/s/track?{DAY}",
        f"/api/v1/drivers/s/trips?{DAY}",
        "/api/v1/drivers/s/fences",
        f"{DRIVERS}/s",
        f"{DRIVERS}/s/tokens",
        "/api/v1/trips/00000000-0000-0000-0000-000000000002",
        f"/api/v1/visits?driverId=s&{DAY}",
        "/api/v1/analytics/daily?driverId=s",
    ],
)
def test_other_drivers_are_not_there(hub: Edge, path: str) -> None:
    assert get(hub, path, NORTH).status == 404
    assert get(hub, path, DISPATCHER).status == 200
    own = path.replace("/s", "/n").replace("=s", "=n").replace("0002", "0001")
    assert get(hub, own, NORTH).status == 200


def test_vehicles_of_other_drivers(hub: Edge) -> None:
    live = "/api/v1/vehicles"
    assert ids(get(hub, live, NORTH), "vehicles", "vehicleId") == ["van"]
    assert ids(get(hub, live, DISPATCHER), "vehicles", "vehicleId") == ["idle", "van"]
    for path in (f"{live}/idle", f"{live}/idle/assignments", f"{live}/idle/trips?{DAY}", f"{live}/idle/track?{DAY}"):
        assert get(hub, path, NORTH).status == 404, path
        assert get(hub, path, DISPATCHER).status == 200, path
    assert get(hub, "/api/v1/drivers?vehicleId=idle", NORTH).status == 404
    assert ids(get(hub, f"{live}/van/assignments", NORTH), "assignments") == ["v"]


def test_alerts_about_other_drivers(hub: Edge) -> None:
    told = '{"kind": "overspeed", "title": "Fast", "text": "", "severity": "warning", "details": {}}'
    fetch(
        hub,
        "INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data) "
        f"SELECT gen_random_uuid(), 'f', gen_random_uuid(), driver, '', 'open', now(), now(), '{told}' "
        "FROM (VALUES ('n'), ('s')) AS v (driver)",
    )
    of = {one["driverId"]: one["alertId"] for one in get(hub, "/api/v1/alerts", DISPATCHER).json["alerts"]}
    assert of.keys() == {"n", "s"}
    assert ids(get(hub, "/api/v1/alerts", NORTH), "alerts") == ["n"]
    assert get(hub, f"/api/v1/alerts/{of['s']}", NORTH).status == 404
    assert post(hub, f"/api/v1/alerts/{of['s']}/acknowledge", None, NORTH).status == 404
    assert "acknowledgedAt" not in get(hub, f"/api/v1/alerts/{of['s']}", DISPATCHER).json
    assert post(hub, f"/api/v1/alerts/{of['n']}/acknowledge", None, NORTH).status == 200


def test_links_of_other_drivers(hub: Edge) -> None:
    shares = "/api/v1/shares"
    assert post(hub, shares, {"driverId": "s", "hours": 1}, NORTH).status == 422
    theirs = post(hub, shares, {"driverId": "s", "hours": 1}, DISPATCHER).json
    own = post(hub, shares, {"driverId": "n", "hours": 1}, NORTH).json
    assert ids(get(hub, shares, NORTH), "shares", "id") == [own["id"]]
    assert change(hub, "DELETE", f"{shares}/{theirs['id']}", token=NORTH).status == 404
    assert change(hub, "DELETE", f"{shares}/{own['id']}", token=NORTH).status == 204


@pytest.mark.parametrize(("path", "id"), [("rules", "id"), ("fences", "fenceId")])
def test_what_is_watched_names_no_other_driver(hub: Edge, path: str, id: str) -> None:
    def watched(token: str) -> dict[str, Any]:
        return {one["name"]: one["watch"] for one in get(hub, f"/api/v1/{path}", token).json[path]}

    assert watched(DISPATCHER)["both"] == {"drivers": ["n", "s"]}
    assert watched(NORTH) == {"both": {"drivers": ["n"]}, "vans": {"groups": ["vans"]}, "all": {}}
    ids = {one["name"]: one[id] for one in get(hub, f"/api/v1/{path}", DISPATCHER).json[path]}
    assert get(hub, f"/api/v1/{path}/{ids['both']}", NORTH).json["watch"] == {"drivers": ["n"]}
    assert get(hub, f"/api/v1/{path}/{ids['other']}", NORTH).status == 404


def test_no_list_of_the_document_shows_another_driver(hub: Edge) -> None:
    """Whatever operation is added: a driver outside the groups is in no answer to a limited dispatcher."""
    from tests.support.api.document import operations

    named = 0
    for method, path, operation in operations():
        if method != "GET" or "{" in path or "security" not in operation or "phones" in operation["tags"]:
            continue
        if path == "/api/v1/reports":  # the columns of the reports, whose unit of time is "s"
            continue
        needs = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["required"]}
        query = {"bbox": "bbox=54,24,56,26", "latitude": "latitude=25", "longitude": "longitude=55"}
        asked = [query[name] for name in needs if name in query]
        names = {parameter["name"] for parameter in operation.get("parameters", ())}
        if "from" in names:
            asked.append(DAY if "analytics" not in path else "from=2026-10-05&to=2026-10-05")
        answers = [get(hub, f"{path}?{'&'.join(asked)}", token) for token in (DISPATCHER, NORTH)]
        if answers[0].status == 200:
            assert answers[1].status == 200
            assert b'"s"' not in answers[1].body and b'"alone"' not in answers[1].body, path
            named += b'"s"' in answers[0].body
    assert named >= 8


def test_subscriptions(hub: Edge) -> None:
    def subscribe(peer: Peer, more: str) -> list[str]:
        peer.say('{"type":"subscribe","id":"s",' + more + "}")
        found = []
        while (message := peer.hear())["type"] != "synced":
            if message["type"] == "location":
                found.append(message["driverId"])
        return sorted(found)

    with (
        Peer(hub.address, "/ws", [f"Authorization: Bearer {DISPATCHER}"]) as screen,
        Peer(hub.address, "/ws", [f"Authorization: Bearer {NORTH}"]) as north,
    ):
        assert subscribe(screen, '"groups":["vans"]') == ["s", "v"]
        assert subscribe(north, '"all":true') == ["n", "v"]
        changed = change(hub, "PATCH", f"{DRIVERS}/n", {"groups": ["vans"]}, etag="*")
        assert changed.json["groups"] == ["vans"]
        assert [(m["type"], m["driverId"]) for m in (screen.hear(), north.hear())] == [
            ("location", "n"), ("left", "n")
        ]  # fmt: skip
        fix = {"latitude": 25.001, "longitude": 55, "driverId": "s"}
        assert post(hub, "/api/v1/location", [fix, fix | {"driverId": "v"}], GATEWAY).status == 200
        assert north.hear()["driverId"] == "v"
        change(hub, "PATCH", f"{DRIVERS}/n", {"groups": ["north"]}, etag="*")
        until(lambda: "north" in hub.node.hub.fleet("f").groups["n"])


def test_a_user_is_limited_and_the_limit_is_changed(hub: Edge) -> None:
    users = "/api/v1/users"
    made = post(hub, users, {"username": "desk-n", "role": "dispatcher", "groups": ["north", "north"]}, ADMIN).json
    user = made["user"]
    assert user["groups"] == ["north"]
    session = token(role="dispatcher", fleet="f", sub=user["userId"])
    until(lambda: user["userId"] in hub.node.identity.directory.limits)
    assert ids(get(hub, "/api/v1/drivers", session)) == ["n", "v"]
    with Peer(hub.address, "/ws", [f"Authorization: Bearer {session}"]) as peer:
        assert change(hub, "PATCH", f"{users}/{user['userId']}", {"groups": None}, etag="*").json["groups"] is None
        assert peer.closed()[0] == 4002
    assert ids(get(hub, "/api/v1/drivers", session)) == ["alone", "n", "s", "v"]
