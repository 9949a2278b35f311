"""The live fleet as others poll it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from google.transit import gtfs_realtime_pb2 as gtfs

from hub.edge.api import feeds
from hub.embedded.services import Services
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import get, post
from tests.support.api.fleets import change, hub_with
from tests.support.running import Edge

SETTINGS = {"jwt_secret": SECRET}


@pytest.fixture(scope="module")
def now(hub: Edge) -> datetime:
    """When the fleet red was filled: one driver that says all, one that says nothing else, one of two minutes ago; and
    three hundred others of the fleet green."""
    now = datetime.now(UTC).replace(microsecond=0)
    fixes = [
        {"driverId": "full", "latitude": 25.25, "longitude": -55.5, "recordedAt": now.isoformat(), "speed": 12.5,
         "heading": 90, "altitude": 3},
        {"driverId": "bare", "latitude": 1, "longitude": 2, "recordedAt": now.isoformat()},
        {"driverId": "old", "latitude": 3, "longitude": 4, "recordedAt": (now - timedelta(seconds=120)).isoformat()},
    ]  # fmt: skip
    assert post(hub, "/api/v1/location", fixes, token(role="gateway", fleet="red")).status == 200
    many = [{"driverId": f"d{n}", "latitude": n / 10, "longitude": 1} for n in range(300)]
    assert post(hub, "/api/v1/location", many, token(role="gateway", fleet="green")).status == 200
    return now


def test_geojson(hub: Edge, now: datetime) -> None:
    answer = get(hub, "/api/v1/feeds/drivers.geojson", token(fleet="red"))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/geo+json")
    features = answer.json["features"]
    assert [feature["id"] for feature in features] == ["full", "bare", "old"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [-55.5, 25.25, 3.0]}
    properties = features[0]["properties"]
    assert properties.pop("receivedAt")
    assert properties == {
        "driverId": "full", "recordedAt": now.isoformat().replace("+00:00", "Z"), "speed": 12.5, "heading": 90.0,
        "status": "online",
    }  # fmt: skip


def test_gtfs_realtime(hub: Edge, now: datetime) -> None:
    answer = get(hub, "/api/v1/feeds/vehicle-positions.pb", token(fleet="red"))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/x-protobuf")
    feed = gtfs.FeedMessage.FromString(answer.body)
    assert feed.header.gtfs_realtime_version == "2.0"
    assert feed.header.incrementality == gtfs.FeedHeader.FULL_DATASET
    assert 0 <= feed.header.timestamp - now.timestamp() < 600
    assert [entity.id for entity in feed.entity] == ["full", "bare"]  # the third is too old
    full, bare = (entity.vehicle for entity in feed.entity)
    assert (full.vehicle.id, full.timestamp) == ("full", int(now.timestamp()))
    assert (full.position.latitude, full.position.longitude) == (25.25, -55.5)
    assert (full.position.speed, full.position.bearing) == (12.5, 90.0)
    assert not bare.position.HasField("speed") and not bare.position.HasField("bearing")


def test_gtfs_realtime_names_the_vehicle_of_a_driver(services: Services, template: str) -> None:
    with hub_with(services, template, "feeds") as hub:
        check_vehicles(hub)


def check_vehicles(hub: Edge) -> None:
    admin = token(role="admin", fleet="buses")
    vehicles = {
        "a": {"vehicleId": "bus-1", "name": "Line 7", "plate": "B-HU 71"},
        "b": {"vehicleId": "bus-2", "plate": "B-HU 72"},
        "c": {"vehicleId": "bus-3"},
    }
    for driver_id, vehicle in vehicles.items():
        assert post(hub, "/api/v1/fleet/drivers", {"driverId": driver_id}, admin).status == 201
        assert post(hub, "/api/v1/fleet/vehicles", {**vehicle, "driverId": driver_id}, admin).status == 201
    fixes = [{"driverId": driver_id, "latitude": 1, "longitude": 2} for driver_id in "abcd"]
    assert post(hub, "/api/v1/location", fixes, token(role="gateway", fleet="buses")).status == 200

    def named() -> dict[str, tuple[str, str, str]]:
        body = get(hub, "/api/v1/feeds/vehicle-positions.pb", token(fleet="buses")).body
        found = {entity.id: entity.vehicle.vehicle for entity in gtfs.FeedMessage.FromString(body).entity}
        return {driver_id: (one.id, one.label, one.license_plate) for driver_id, one in found.items()}

    assert named() == {
        "a": ("bus-1", "Line 7", "B-HU 71"), "b": ("bus-2", "B-HU 72", "B-HU 72"), "c": ("bus-3", "", ""),
        "d": ("d", "", ""),
    }  # fmt: skip
    changed = change(hub, "PATCH", "/api/v1/fleet/vehicles/bus-1", {"driverId": None}, etag="*", token=admin)
    assert changed.status == 200
    assert named()["a"] == ("a", "", "")


def test_a_large_fleet_is_whole_and_by_itself(hub: Edge, now: datetime) -> None:
    green = token(fleet="green")
    assert len(get(hub, "/api/v1/feeds/drivers.geojson", green).json["features"]) == 300
    body = get(hub, "/api/v1/feeds/vehicle-positions.pb", green).body
    assert {entity.id for entity in gtfs.FeedMessage.FromString(body).entity} == {f"d{n}" for n in range(300)}


def test_a_role_that_does_not_subscribe_may_not_poll(hub: Edge, now: datetime) -> None:
    for path in ("drivers.geojson", "vehicle-positions.pb"):
        assert get(hub, f"/api/v1/feeds/{path}").status == 401
        assert get(hub, f"/api/v1/feeds/{path}", token(role="driver", driver="full", fleet="red")).status == 403


def test_without_the_library_it_says_what_is_missing(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "gtfs", None)
    answer = get(hub, "/api/v1/feeds/vehicle-positions.pb", token(fleet="red"))
    assert (answer.status, "pip install '.[gtfs]'" in answer.json["detail"]) == (501, True)
