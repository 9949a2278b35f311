"""Vehicles over time: fixes by vehicle, status, and the history of their drivers while they had them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import websockets.sync.client

from hub.embedded.services import Services
from tests.support.api.calls import Answer, get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    DRIVERS,
    GATEWAY,
    STRANGER,
    VEHICLES,
    change,
    execute,
    fetch,
    fields,
    hub_with,
)
from tests.support.running import PATIENCE, Edge, until

LIVE = "/api/v1/vehicles"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "driven") as running:
        for driver_id in ("d", "e", "f"):
            assert post(running, DRIVERS, {"driverId": driver_id}, ADMIN).status == 201
        until(lambda: running.node.vehicle_copy.vehicles.loaded)
        yield running


@pytest.fixture(autouse=True)
def no_vehicles(hub: Edge) -> None:
    for vehicle in get(hub, VEHICLES, ADMIN).json["vehicles"]:
        assert change(hub, "DELETE", f"{VEHICLES}/{vehicle['vehicleId']}", etag="*").status == 204


def at(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


def enter(hub: Edge, vehicle_id: str, **more: object) -> dict[str, Any]:
    answer = post(hub, VEHICLES, {"vehicleId": vehicle_id, **more}, ADMIN)
    assert answer.status == 201, answer
    return dict(answer.json)


def assign(hub: Edge, vehicle_id: str, driver_id: str | None, **more: object) -> Answer:
    return change(hub, "PATCH", f"{VEHICLES}/{vehicle_id}", {"driverId": driver_id, **more}, etag="*")


def fix(vehicle_id: str, latitude: float = 25.0, **more: object) -> dict[str, object]:
    return {"vehicleId": vehicle_id, "latitude": latitude, "longitude": 55.0, **more}


def spans(hub: Edge, vehicle_id: str) -> list[tuple[str, str, str | None]]:
    answer = get(hub, f"{LIVE}/{vehicle_id}/assignments?{DAY}", DISPATCHER)
    assert answer.status == 200, answer
    return [(one["driverId"], one["since"][11:16], (one["until"] or "")[11:16]) for one in answer.json["assignments"]]


# Fixes by vehicle ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/location", "/api/vehicle/ingest"])
def test_a_fix_of_a_vehicle_is_that_of_its_driver(hub: Edge, path: str) -> None:
    enter(hub, "van-1", driverId="d")
    assert post(hub, path, fix("van-1", 21.5), GATEWAY).json == {"accepted": 1, "rejected": []}
    now = get(hub, "/api/v1/drivers/d", DISPATCHER).json
    assert (now["position"]["latitude"], now["vehicleId"]) == (21.5, "van-1")
    assert assign(hub, "van-1", "e").status == 200
    assert post(hub, path, fix("van-1", 22.5), GATEWAY).status == 200
    assert get(hub, "/api/v1/drivers/e", DISPATCHER).json["position"]["latitude"] == 22.5
    before = get(hub, "/api/v1/drivers/d", DISPATCHER).json
    assert before["position"]["latitude"] == 21.5 and "vehicleId" not in before


def test_a_vehicle_without_a_driver_publishes_nothing(hub: Edge) -> None:
    enter(hub, "van-2")
    for name, words in (("van-2", "has no driver"), ("other", "no such vehicle")):
        answer = post(hub, "/api/v1/location", fix(name), GATEWAY)
        assert (answer.status, fields(answer)) == (422, ["vehicleId"])
        assert words in answer.json["detail"]
    mixed = post(hub, "/api/v1/location", [fix("van-2"), fix("van-2", driverId="e")], GATEWAY)
    assert (mixed.status, mixed.json["accepted"]) == (200, 1)
    assert [(bad["index"], bad["field"]) for bad in mixed.json["rejected"]] == [(0, "vehicleId")]


def test_a_vehicle_of_another_fleet_is_unknown(hub: Edge) -> None:
    assert post(hub, DRIVERS, {"driverId": "theirs"}, STRANGER).status in (201, 409)
    assert post(hub, VEHICLES, {"vehicleId": "foreign", "driverId": "theirs"}, STRANGER).status == 201
    assert post(hub, "/api/v1/location", fix("foreign"), GATEWAY).status == 422
    assert get(hub, f"{LIVE}/foreign", DISPATCHER).status == 404
    assert get(hub, f"{LIVE}/foreign/track", DISPATCHER).status == 404
    assert change(hub, "DELETE", f"{VEHICLES}/foreign", etag="*", token=STRANGER).status == 204


def test_a_late_fix_goes_to_the_driver_of_its_time(hub: Edge) -> None:
    """A tracker that was offline while the drivers changed sends what it kept."""
    now = datetime.now(UTC)
    early, change_at = now - timedelta(hours=3), now - timedelta(hours=2)
    enter(hub, "van-3", driverId="d", assignedAt=early.isoformat())
    assert assign(hub, "van-3", "f", assignedAt=change_at.isoformat()).status == 200
    kept = [
        fix("van-3", 11.0, recordedAt=(change_at - timedelta(minutes=1)).isoformat()),
        fix("van-3", 12.0, recordedAt=(change_at + timedelta(minutes=1)).isoformat()),
        fix("van-3", 13.0, recordedAt=(early - timedelta(minutes=1)).isoformat()),
    ]
    assert post(hub, "/api/v1/location", kept, GATEWAY).json == {"accepted": 3, "rejected": []}
    vehicle = hub.call(lambda: hub.node.vehicle_copy.vehicles.find("f", "van-3"))
    assert vehicle is not None
    drivers = [vehicle.driver_at(datetime.fromisoformat(str(one["recordedAt"]))) for one in kept]
    assert drivers == ["d", "f", "f"]
    latest = get(hub, "/api/v1/drivers/f", DISPATCHER).json
    assert latest["position"]["latitude"] == 12.0


def test_the_token_and_driver_id_come_before_the_vehicle(hub: Edge) -> None:
    enter(hub, "van-4", driverId="e")
    assert post(hub, "/api/v1/location", fix("van-4", 31.0), DRIVER).status == 200
    assert post(hub, "/api/v1/location", fix("van-4", 32.0, driverId="f"), GATEWAY).status == 200
    assert get(hub, "/api/v1/drivers/d", DISPATCHER).json["position"]["latitude"] == 31.0
    assert get(hub, "/api/v1/drivers/f", DISPATCHER).json["position"]["latitude"] == 32.0


def test_the_socket_of_a_tracker_keeps_the_driver_of_its_vehicle_online(hub: Edge) -> None:
    enter(hub, "van-5", driverId="d")
    headers = {"authorization": f"Bearer {GATEWAY}"}
    with websockets.sync.client.connect(f"{hub.url}?subscribe=none", additional_headers=headers) as tracker:
        tracker.send(json.dumps(fix("van-5", msgNo=1)))
        assert json.loads(tracker.recv(PATIENCE)) == {"type": "ack", "msgNo": 1}
        (client,) = hub.call(lambda: list(hub.node.hub.clients.values()))
        assert client.driver == "d"


# Where they are ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/drivers", "/vehicle/status", "/api/vehicle/status"])
def test_the_status_of_a_vehicle(hub: Edge, path: str) -> None:
    enter(hub, "van-1", driverId="d")
    enter(hub, "van-2")
    assert post(hub, "/api/v1/location", fix("van-1", 41.0), GATEWAY).status == 200
    (driver,) = get(hub, f"{path}?vehicleId=van-1", DISPATCHER).json["drivers"]
    assert (driver["driverId"], driver["vehicleId"], driver["status"]) == ("d", "van-1", "online")
    assert driver["position"]["latitude"] == 41.0
    assert get(hub, f"{path}?vehicleId=van-2", DISPATCHER).json == {"drivers": []}
    assert get(hub, f"{path}?vehicleId=unknown", DISPATCHER).status == 404
    assert get(hub, f"{path}?vehicleId=a%20b", DISPATCHER).status == 422
    assert get(hub, f"{path}?vehicleId=van-1", GATEWAY).status == 403


def test_vehicles_with_their_places(hub: Edge) -> None:
    enter(hub, "van-1", driverId="d", name="White", type="van")
    enter(hub, "van-2", plate="B 2")
    assert post(hub, "/api/v1/location", fix("van-1", 42.0), GATEWAY).status == 200
    first, second = get(hub, LIVE, DISPATCHER).json["vehicles"]
    assert (first["vehicleId"], first["name"], first["type"], first["driverId"]) == ("van-1", "White", "van", "d")
    assert first["driver"]["position"]["latitude"] == 42.0
    assert (second["vehicleId"], second["plate"]) == ("van-2", "B 2")
    assert not {"driver", "driverId", "type"} & second.keys()
    assert get(hub, f"{LIVE}/van-1", DISPATCHER).json == first
    pages = get(hub, f"{LIVE}?limit=1", DISPATCHER).json
    assert [one["vehicleId"] for one in pages["vehicles"]] == ["van-1"]
    assert get(hub, f"{LIVE}?limit=1&cursor={pages['next']}", DISPATCHER).json["vehicles"] == [second]
    for path in (LIVE, f"{LIVE}/van-1", f"{LIVE}/van-1/track", f"{LIVE}/van-1/trips", f"{LIVE}/van-1/assignments"):
        assert get(hub, path, DRIVER).status == 403
        assert get(hub, path).status == 401
    assert get(hub, f"{LIVE}/unknown", DISPATCHER).status == 404


def test_a_change_in_the_database_is_noticed(hub: Edge) -> None:
    enter(hub, "van-1", driverId="d")
    url = hub.settings.database_url
    asyncio.run(execute(url, "UPDATE vehicles SET driver_id = 'e', name = 'N' WHERE vehicle_id = 'van-1'"))
    until(lambda: get(hub, f"{LIVE}/van-1", DISPATCHER).json.get("driverId") == "e")
    rows = fetch(hub, "SELECT driver_id FROM vehicle_assignments WHERE vehicle_id = 'van-1' AND until IS NULL")
    assert rows == [("e",)]


# Who drove them ------------------------------------------------------------------------------------------------------


def history(hub: Edge, vehicle_id: str) -> None:
    """d from noon, e from 12:30, no driver from 13:00, d again from 13:30."""
    enter(hub, vehicle_id, driverId="d", assignedAt=at(0))
    for driver_id, minutes in (("e", 30), (None, 60), ("d", 90)):
        assert assign(hub, vehicle_id, driver_id, assignedAt=at(minutes)).status == 200


def test_assignments_over_time(hub: Edge) -> None:
    history(hub, "over-time")
    expected = [("d", "12:00", "12:30"), ("e", "12:30", "13:00"), ("d", "13:30", "")]
    assert spans(hub, "over-time") == expected
    path, seen = f"{LIVE}/over-time/assignments?{DAY}&limit=2", []
    while path:
        answer = get(hub, path, DISPATCHER)
        seen += answer.json["assignments"]
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
    assert [(one["driverId"], one["since"][11:16]) for one in seen] == [span[:2] for span in expected]
    short = get(hub, f"{LIVE}/over-time/assignments?from={at(30)[:-6]}Z&to={at(60)[:-6]}Z", DISPATCHER)
    assert [one["driverId"] for one in short.json["assignments"]] == ["e"]


def test_a_deleted_vehicle_keeps_its_history(hub: Edge) -> None:
    history(hub, "gone")
    assert change(hub, "DELETE", f"{VEHICLES}/gone", etag="*").status == 204
    assert get(hub, f"{LIVE}/gone", DISPATCHER).status == 404
    assert [driver_id for driver_id, _, _ in spans(hub, "gone")] == ["d", "e", "d"]
    early = post(hub, VEHICLES, {"vehicleId": "gone", "driverId": "f", "assignedAt": at(100)}, ADMIN)
    assert (early.status, fields(early)) == (422, ["assignedAt"])
    enter(hub, "gone", driverId="f")
    assert [driver_id for driver_id, _, _ in spans(hub, "gone")] == ["d", "e", "d"]


def test_the_begin_of_an_assignment_is_corrected(hub: Edge) -> None:
    history(hub, "corrected")
    answer = change(hub, "PATCH", f"{VEHICLES}/corrected", {"assignedAt": at(75)}, etag="*")
    assert (answer.status, answer.json["driverId"]) == (200, "d")
    assert spans(hub, "corrected")[-1] == ("d", "13:15", "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"driverId": "f", "assignedAt": at(60 * 24 * 365 * 30)}, "future"),
        ({"driverId": "f", "assignedAt": at(89)}, "driver changed last"),
        ({"driverId": "f", "assignedAt": at(90)}, "driver changed last"),
        ({"assignedAt": at(59)}, "driver changed last"),
        ({"driverId": "f", "assignedAt": "9999-12-31T23:59:59-10:00"}, "out of range"),
    ],
)
def test_an_impossible_instant_changes_nothing(hub: Edge, body: dict[str, object], words: str) -> None:
    name = f"impossible-{uuid4()}"
    history(hub, name)
    before = get(hub, f"{VEHICLES}/{name}", ADMIN).json, fetch(hub, "SELECT * FROM vehicle_assignments ORDER BY id")
    answer = change(hub, "PATCH", f"{VEHICLES}/{name}", body, etag="*")
    assert (answer.status, fields(answer)) == (422, ["assignedAt"])
    assert words in answer.json["detail"]
    assert before == (
        get(hub, f"{VEHICLES}/{name}", ADMIN).json,
        fetch(hub, "SELECT * FROM vehicle_assignments ORDER BY id"),
    )


def test_an_instant_needs_a_driver(hub: Edge) -> None:
    answer = post(hub, VEHICLES, {"vehicleId": "bare", "assignedAt": at(0)}, ADMIN)
    assert (answer.status, fields(answer)) == (422, ["assignedAt"])
    enter(hub, "bare")
    answer = change(hub, "PATCH", f"{VEHICLES}/bare", {"assignedAt": at(0)}, etag="*")
    assert (answer.status, fields(answer)) == (422, ["assignedAt"])


# What they recorded --------------------------------------------------------------------------------------------------

FILL = """
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
SELECT timestamptz '2026-03-01 12:00Z' + k * interval '10 min', now(), 250000000 + k, 550000000, 'f', driver
FROM generate_series(-1, 12) AS k, (VALUES ('d'), ('e')) AS v (driver);
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id, path)
SELECT gen_random_uuid(), started, started + interval '9 min', started + interval '9 min', 25, 55, 25, 55, 6000, 540,
    20, 60, 'f', driver, ''
FROM (SELECT timestamptz '2026-03-01 12:00Z' + k * interval '10 min' AS started, driver
    FROM generate_series(-1, 12) AS k, (VALUES ('d'), ('e')) AS v (driver)) AS w;
"""


@pytest.fixture(scope="module")
def recorded(hub: Edge) -> Edge:
    asyncio.run(execute(hub.settings.database_url, FILL))
    return hub


EXPECTED = [("d", minutes) for minutes in (0, 10, 20)] + [("e", minutes) for minutes in (30, 40, 50)]
EXPECTED += [("d", minutes) for minutes in (90, 100, 110, 120)]


def walk(hub: Edge, path: str, name: str) -> list[dict[str, Any]]:
    seen = []
    while path:
        answer = get(hub, path, DISPATCHER)
        assert answer.status == 200, answer
        seen += answer.json[name]
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
    return seen


def minutes_of(rows: list[dict[str, Any]], field: str) -> list[tuple[str, int]]:
    return [
        (row["driverId"], round((datetime.fromisoformat(row[field]) - NOON) / timedelta(minutes=1))) for row in rows
    ]


@pytest.mark.parametrize("limit", [1, 3, 4, 100])
def test_the_track_of_a_vehicle(recorded: Edge, limit: int) -> None:
    history(recorded, f"tracked-{limit}")
    positions = walk(recorded, f"{LIVE}/tracked-{limit}/track?{DAY}&limit={limit}", "positions")
    assert minutes_of(positions, "recordedAt") == EXPECTED
    trips = walk(recorded, f"{LIVE}/tracked-{limit}/trips?{DAY}&limit={limit}", "trips")
    assert minutes_of(trips, "startedAt") == EXPECTED


def test_the_track_of_a_vehicle_as_a_file(recorded: Edge) -> None:
    history(recorded, "filed")
    answer = get(recorded, f"{LIVE}/filed/track?{DAY}&format=csv", DISPATCHER)
    assert (answer.status, answer.headers["content-disposition"]) == (200, 'attachment; filename="filed.csv"')
    assert len(answer.body.decode().splitlines()) == 1 + len(EXPECTED)
    thinned = get(recorded, f"{LIVE}/filed/track?{DAY}&maxPoints=4", DISPATCHER)
    assert len(thinned.json["positions"]) <= 4


def test_a_vehicle_without_history(recorded: Edge) -> None:
    enter(recorded, "new")
    for path, name in (("track", "positions"), ("trips", "trips"), ("assignments", "assignments")):
        assert get(recorded, f"{LIVE}/new/{path}?{DAY}", DISPATCHER).json == {name: []}
        assert get(recorded, f"{LIVE}/unknown/{path}?{DAY}", DISPATCHER).status == 404
