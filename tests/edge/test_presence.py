"""Signs of life without a position, by phones and sockets; what the API says of a wrong clock and of late fixes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import call, get, post
from tests.support.peers import PONG, Peer, frame
from tests.support.running import Edge, edge, until

OSMAND = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}

HEARTBEATS: dict[str, tuple[str, bytes, dict[str, str]]] = {
    "osmand": ("/osmand?id=%s&timestamp=1&batt=40", b"", {}),
    "traccar 10": ("/osmand", b"id=%s&notificationToken=secret", OSMAND),
    "without coords": ("/traccar", b'{"location":{"timestamp":"2026-01-01T00:00:00Z"},"device_id":"%s"}', JSON),
    "lwt": ("/owntracks", b'{"_type":"lwt","tst":1,"topic":"owntracks/x/y","tid":"%s"}', {**JSON, "x-limit-u": "%s"}),
    "status": ("/owntracks", b'{"_type":"status","tid":"%s"}', JSON),
    "transition": ("/owntracks?u=%s", b'{"_type":"transition","event":"enter"}', JSON),
    "waypoints": ("/owntracks?u=%s", b'[{"_type":"waypoints","waypoints":[]}]', JSON),
    "a tracker without a first fix": (
        "/traccar",
        b'{"position":{"valid":false,"latitude":0,"longitude":0},"device":{"uniqueId":"%s"}}',
        JSON,
    ),
    "a point that cannot be read": ("/osmand?id=%s&lat=95&lon=3", b"", {}),
}


def silent_for(hub: Edge, fleet: str, driver_id: str, seconds: float) -> None:
    """The driver was last heard so long ago."""

    def set_back() -> None:
        live, now = hub.node.hub, hub.node.clock.now()
        known = live.fleet(fleet)
        others = {other: heard for other, heard in known.heard.items() if other != driver_id}
        known.heard = {driver_id: now - timedelta(seconds=seconds), **others}  # oldest first
        live.sweep_presence(now, timedelta(seconds=60), timedelta(seconds=300))

    hub.call(set_back)


def driver(hub: Edge, driver_id: str, authorization: str = "") -> dict[str, Any]:
    answer = get(hub, f"/api/v1/drivers/{driver_id}", authorization)
    assert answer.status == 200
    return dict(answer.json)


def ago(text: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(text)).total_seconds()


@pytest.mark.parametrize("kind", HEARTBEATS)
def test_a_phone_is_heard_without_a_position(hub: Edge, kind: str) -> None:
    name = "heard-" + "".join(filter(str.isalnum, kind))
    assert post(hub, f"/osmand?id={name}&lat=1&lon=2&timestamp={time.time() - 400}", b"").status == 200
    silent_for(hub, "default", name, 200)
    assert driver(hub, name)["status"] == "stale"
    path, body, headers = HEARTBEATS[kind]
    headers = {key: value.replace("%s", name) for key, value in headers.items()}
    assert call(hub, "POST", path.replace("%s", name), body.replace(b"%s", name.encode()), headers).status == 200
    found = driver(hub, name)
    assert found["status"] == "online"
    assert ago(found["heardAt"]) < 60 and ago(found["position"]["recordedAt"]) > 390


def test_a_heartbeat_of_an_unknown_driver_changes_nothing(hub: Edge) -> None:
    assert post(hub, "/osmand?id=nobody-knows&batt=40", b"").status == 200
    assert get(hub, "/api/v1/drivers/nobody-knows").status == 404


def test_a_socket_that_pings_keeps_its_driver_online(hub: Edge) -> None:
    """On an open hub the driver of a socket is the one whose fixes it sends."""
    with Peer(hub.address, "/ws?subscribe=none") as one, Peer(hub.address, "/ws?subscribe=none") as many:
        one.say({"driverId": "pinging", "latitude": 1, "longitude": 2, "msgNo": 1})
        many.say([{"driverId": name, "latitude": 1, "longitude": 2, "msgNo": 1} for name in ("of-many", "another")])
        assert one.hear()["type"] == many.hear()["type"] == "ack"
        time.sleep(2.5)  # these frames are signs of life for two seconds
        for name in ("pinging", "of-many"):
            silent_for(hub, "default", name, 200)
        one.say({"type": "ping"})
        many.say({"type": "ping"})
        assert one.hear() == many.hear() == {"type": "pong"}
        until(lambda: driver(hub, "pinging")["status"] == "online")
        assert driver(hub, "of-many")["status"] == "stale"


@pytest.fixture(scope="module")
def guarded(hub: Edge) -> Iterator[Edge]:
    with edge(msgspec.structs.replace(hub.settings, jwt_secret=SECRET)) as running:
        yield running


def test_a_token_names_the_driver_of_a_heartbeat_and_of_a_socket(guarded: Edge) -> None:
    mine, admin = token(role="driver", fleet="f", driver="mine"), token(fleet="f")
    assert post(guarded, "/api/v1/location", {"latitude": 1, "longitude": 2}, mine).status == 200
    silent_for(guarded, "f", "mine", 200)
    assert post(guarded, f"/t/{mine}", b"id=another&batt=40").status == 200
    assert driver(guarded, "mine", admin)["status"] == "online"
    silent_for(guarded, "f", "mine", 200)
    with Peer(guarded.address, "/ws", [f"Authorization: Bearer {mine}"]) as socket:
        socket.send(frame(b"", PONG))
        until(lambda: driver(guarded, "mine", admin)["status"] == "online")


def test_the_offset_of_a_clock_and_late_fixes_are_in_the_api_and_the_metrics(hub: Edge) -> None:
    def send(name: str, off: float) -> None:
        at = (datetime.now(UTC) + timedelta(seconds=off)).isoformat()
        assert (
            post(hub, "/api/v1/location", {"driverId": name, "latitude": 1, "longitude": 2, "recordedAt": at}).status
            == 200
        )

    send("fast", 180)
    found = driver(hub, "fast")
    assert (found["status"], "late" in found) == ("online", False)
    assert found["position"]["clockOffset"] == pytest.approx(180, abs=5)
    assert ago(found["position"]["recordedAt"]) < -170  # as the device sent it
    send("tardy", 0)
    for off in (-30, -50, -40):
        send("tardy", off)
    late = driver(hub, "tardy")["late"]
    assert late["count"] == 3
    assert (late["last"], late["most"]) == (pytest.approx(40, abs=5), pytest.approx(50, abs=5))
    lines = get(hub, "/metrics").body.decode().splitlines()
    figures = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    assert figures["hub_late_positions_total"] == 3
    assert figures["hub_future_positions_total"] == 0
    assert figures['hub_driver_clocks_wrong{direction="ahead"}'] == 0  # one fix proves nothing
    listed = get(hub, "/api/v1/drivers?limit=1000").json["drivers"]
    assert all("heardAt" in one and "late" not in one for one in listed)
