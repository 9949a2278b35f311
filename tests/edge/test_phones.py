"""Requests as phones send them, into a real hub: the position in SI units, the answer, and who is let in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import redis
import structlog
from structlog.testing import LogCapture

from hub.edge import phones
from hub.settings import Settings
from hub.wire.log import LOG_KEY, decode_entry, latest_key
from tests.edge.calls import Answer, call, get, post
from tests.edge.peers import Raw
from tests.edge.running import PATIENCE, Edge, edge, served, until
from tests.edge.test_auth import SECRET, token
from tests.wire.test_background import MOVING
from tests.wire.test_traccar import FORWARDED

LOCATION = {"_type": "location", "lat": 25.2, "lon": 55.3, "tst": 1764000000, "vel": 36, "tid": "V7"}


def send(hub: Edge, head: str, body: bytes = b"") -> Answer:
    """The answer to a request as it is written, with the lengths filled in."""
    lines = head.strip().splitlines()
    if body:
        lines.append(f"Content-Length: {len(body)}")
    with Raw(hub.address) as raw:
        raw.send("\r\n".join(line.strip() for line in lines).encode() + b"\r\n\r\n" + body)
        answer = raw.response()
        return Answer(*answer)


def positions(hub: Edge) -> list[dict[str, Any]]:
    """What has come into the log since the last time."""
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        entries: Any = client.xrange(LOG_KEY)
        client.delete(LOG_KEY)
    found = []
    for _, fields in entries:
        for fleet, list_ in decode_entry(fields)[1].items():
            for position in list_:
                said = json.loads(msgspec.json.encode(position))
                if "speed" in said:
                    said["speed"] = round(said["speed"], 6)
                found.append({"fleet": fleet, **said})
    return found


def stored(hub: Edge, *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(position.get(field) for field in fields) for position in positions(hub)]


def test_traccar_client_8(hub: Edge) -> None:
    positions(hub)
    answer = send(
        hub,
        """
        POST /osmand/?id=123456&timestamp=1764000000&lat=25.2&lon=55.3&speed=9.71922246&bearing=73.5&altitude=10.5&accuracy=4.2&batt=87.0&charge=true HTTP/1.1
        User-Agent: Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7 Build/AP1A.240405.002)
        Host: localhost:8080
        Connection: Keep-Alive
        Content-Type: application/x-www-form-urlencoded
        Content-Length: 0
        """,  # noqa: E501
    )
    assert (answer.status, answer.body) == (200, b"")
    (position,) = positions(hub)
    del position["seq"], position["receivedAt"]
    assert position == {
        "fleet": "default", "type": "location", "driverId": "123456", "latitude": 25.2, "longitude": 55.3,
        "recordedAt": "2025-11-24T16:00:00Z", "speed": 5.0, "heading": 73.5, "altitude": 10.5, "accuracy": 4.2,
        "battery": 0.87, "attributes": {"charge": "true"},
    }  # fmt: skip


def test_traccar_client_9(hub: Edge) -> None:
    positions(hub)
    answer = send(
        hub,
        """
        POST /traccar HTTP/1.1
        Host: localhost:8080
        Content-Type: application/json; charset=utf-8
        User-Agent: okhttp/4.12.0
        Accept-Encoding: gzip
        """,
        json.dumps({"location": MOVING, "device_id": "48241179"}).encode(),
    )
    # Empty, and above all nothing of what it sent: the app executes answers.
    assert (answer.status, answer.body) == (200, b"")
    assert stored(hub, "driverId", "latitude", "speed", "heading", "battery", "recordedAt") == [
        ("48241179", 37.4, 18.67, 63.0, 0.79, "2025-06-15T13:45:12.862000Z")
    ]


def test_traccar_client_10(hub: Edge) -> None:
    positions(hub)
    head = "POST /osmand HTTP/1.1\nHost: localhost:8080\nContent-Type: application/x-www-form-urlencoded"
    body = b"id=77&timestamp=1764000000&lat=25.2&lon=55.3&speed=19.438444924&bearing=180&batt=50&charge=false&alarm=sos"
    for some, count in ((body, 1), (b"id=77&timestamp=1764000001&batt=50", 0), (b"id=77&notificationToken=x", 0)):
        answer = send(hub, head, some)
        assert (answer.status, answer.body) == (200, b"")
        expected = [("77", 10.0, 0.5, {"charge": "false", "alarm": "sos"})]
        assert stored(hub, "driverId", "speed", "battery", "attributes") == expected[:count]


def test_owntracks(hub: Edge) -> None:
    positions(hub)
    basic = base64.b64encode(b"van7:x").decode()
    for headers, query, name in (
        ({"authorization": f"Basic {basic}", "x-limit-u": "other"}, "", "van7"),
        ({"x-limit-u": "van8", "x-limit-d": "phone"}, "?u=other", "van8:phone"),
        ({}, "?u=jim&d=tablet", "jim:tablet"),
        ({}, "", "V7"),
    ):
        answer = call(hub, "POST", "/owntracks" + query, LOCATION, headers)
        assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"[]", "application/json")
        assert stored(hub, "driverId", "speed", "recordedAt") == [(name, 10.0, "2025-11-24T16:00:00Z")]
    for body in (b"", {"_type": "transition", "lat": 1, "lon": 2}, {"_type": "lwt", "tst": 1}):
        answer = post(hub, "/owntracks", body)
        assert (answer.status, answer.body) == (200, b"[]")
    assert positions(hub) == []


def test_a_traccar_server_forwards(hub: Edge) -> None:
    positions(hub)
    assert post(hub, "/traccar", FORWARDED).status == 200
    assert stored(hub, "driverId", "speed") == [("352093080000001", 10.0)]


def test_a_queue_of_hundreds_is_emptied_at_once(hub: Edge) -> None:
    positions(hub)
    records = [
        {"latitude": 25.2, "longitude": 55.3, "time": 1764000000000 + 1000 * n, "device_id": "q"} for n in range(600)
    ]
    assert post(hub, "/osmand", records).status == 200
    assert len(positions(hub)) == 600


def test_resent_it_is_the_same_position(hub: Edge) -> None:
    positions(hub)
    for _ in range(2):
        assert post(hub, "/owntracks", LOCATION).status == 200
    first, second = positions(hub)
    identity = ("fleet", "driverId", "recordedAt", "latitude", "longitude")
    assert [first[field] for field in identity] == [second[field] for field in identity]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/osmand?id=a&lat=91&lon=2", b"", "lat"),
        ("/osmand?id=a&lat=25.2123&lon=55.3123&timestamp=noon", b"", "timestamp"),
        ("/osmand?lat=1&lon=2", b"", "driverId"),
        ("/osmand?id=no+id&lat=1&lon=2", b"", "driverId"),
        ("/osmand?id=a&lat=1&lon=2&timestamp=-99999999999", b"", "recordedAt"),
        ("/traccar", b'{"location":{"coords":{"latitude":25.2123}},"device_id":"a"}', "coords.longitude"),
        ("/traccar", b"{", None),
        ("/owntracks", b'{"_type":"encrypted","data":"x"}', "_type"),
        ("/owntracks", b'{"_type":"location","lat":25.2123,"tst":1}', "lon"),
    ],
)
def test_a_bad_point_is_quarantined_and_never_blocks_the_queue(
    hub: Edge, path: str, body: bytes, field: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    positions(hub)
    lines = LogCapture()
    monkeypatch.setattr(phones, "log", structlog.wrap_logger(None, processors=[lines]))
    answer = post(hub, path, body)
    assert (answer.status, answer.body) == (200, b"[]" if path == "/owntracks" else b"")
    assert positions(hub) == []
    (line,) = lines.entries
    assert (line["event"], line["log_level"]) == ("point_quarantined", "warning")
    assert (line["field"], line["count"], line["fleet"]) == (field, 1, "default")
    assert ".2123" not in str(line)


def test_a_bad_point_among_good_ones(hub: Edge) -> None:
    positions(hub)
    assert post(hub, "/owntracks", [LOCATION, {**LOCATION, "lat": None}, {**LOCATION, "tst": 1764000001}]).status == 200
    assert len(positions(hub)) == 2


def test_pages_of_other_sites_publish_nothing(hub: Edge) -> None:
    positions(hub)
    for header in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"host": "evil.example"}):
        assert call(hub, "GET", "/osmand?id=a&lat=1&lon=2", None, header).status == 403
    assert positions(hub) == []


def test_an_open_hub_has_no_tokens_and_its_root_is_a_page(hub: Edge) -> None:
    assert get(hub, "/t/x?id=a&lat=1&lon=2").status == 404
    assert "text/html" in get(hub, "/?id=a&lat=1&lon=2").headers["content-type"]
    assert post(hub, "/?id=a&lat=1&lon=2", {}).status == 405
    assert positions(hub) == []


@pytest.fixture(scope="module")
def guarded(hub: Edge) -> Iterator[Edge]:
    with edge(msgspec.structs.replace(hub.settings, jwt_secret=SECRET)) as running:
        yield running


@pytest.mark.parametrize(
    ("query", "body", "answered"),
    [
        ("?id=123456&lat=25.2&lon=55.3", b"", b""),
        ("", b"id=123456&lat=25.2&lon=55.3", b""),
        ("/?id=123456&lat=25.2&lon=55.3", b"", b""),
        ("", json.dumps({"location": MOVING, "device_id": "1"}).encode(), b""),
        ("", json.dumps([MOVING]).encode(), b""),
        ("?u=van7&d=phone", json.dumps(LOCATION).encode(), b"[]"),
    ],
)
def test_a_token_in_the_path_says_who_it_is(guarded: Edge, query: str, body: bytes, answered: bytes) -> None:
    positions(guarded)
    answer = post(guarded, f"/t/{token(role='driver', driver='d', fleet='red')}{query}", body)
    assert (answer.status, answer.body) == (200, answered)
    assert stored(guarded, "fleet", "driverId") == [("red", "d")]


def test_a_gateway_says_whose_each_point_is(guarded: Edge) -> None:
    positions(guarded)
    gateway = token(role="gateway", fleet="blue")
    basic = base64.b64encode(f"van7:{gateway}".encode()).decode()
    assert post(guarded, f"/t/{gateway}", FORWARDED).status == 200
    assert post(guarded, "/traccar", FORWARDED, gateway).status == 200
    assert call(guarded, "POST", "/owntracks", LOCATION, {"authorization": f"Basic {basic}"}).status == 200
    tracker = FORWARDED["device"]["uniqueId"]
    assert stored(guarded, "fleet", "driverId") == [("blue", tracker), ("blue", tracker), ("blue", "van7")]


def test_a_bad_credential_changes_nothing(guarded: Edge) -> None:
    positions(guarded)
    good = token(role="driver", driver="d")
    query = "?id=a&lat=1&lon=2"
    for path in ("/t/x", "/t/" + good[:-3] + "AAA", "/t/" + token(role="driver", driver="d", exp=1), "/osmand"):
        assert post(guarded, path + query, b"").status == 401
    for credential in ("Basic !", "Basic " + base64.b64encode(b"d:password").decode(), "Bearer x", "Digest x"):
        assert call(guarded, "POST", "/osmand" + query, None, {"authorization": credential}).status == 401
    assert post(guarded, f"/t/{token(role='dispatcher')}{query}", b"").status == 403
    assert positions(guarded) == []


def test_while_the_log_is_away_the_phone_keeps_its_point(hub: Edge) -> None:
    positions(hub)
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        client.config_set("maxmemory", 1)
        try:
            with edge(msgspec.structs.replace(hub.settings, post_timeout=0.3)) as full:
                for path, body in (("/osmand?id=a&lat=1&lon=2", b""), ("/owntracks", LOCATION), ("/osmand?lat=x", b"")):
                    answer = post(full, path, body)
                    # What can never be stored may go, also now.
                    assert answer.status == (200 if "lat=x" in path else 503)
                    assert "x" in path[-1] or answer.headers["retry-after"] == "2"
                client.config_set("maxmemory", 0)
                until(lambda: not full.appender.problem)
                assert post(full, "/owntracks", LOCATION).status == 200
        finally:
            client.config_set("maxmemory", 0)
    assert {name for (name,) in stored(hub, "driverId")} == {"a", "V7"}


def test_no_token_and_no_place_is_in_the_log_of_a_real_hub(settings: Settings) -> None:
    good = token(role="driver", driver="d", fleet="red")
    with served(msgspec.structs.replace(settings, jwt_secret=SECRET, log_format="json", log_level="debug")) as process:
        for path in ("", "?lat=25.2123&lon=x", "?lat=25.2123&lon=55.3123", "/nothing", "//", "?id=%zz"):
            for credential in (good, good + "x"):
                get(process, f"/t/{credential}{path}")  # type: ignore[arg-type]
        with redis.Redis.from_url(settings.redis_url) as client:
            assert client.hexists(latest_key("red"), "d")
        process.process.terminate()
        process.process.wait(PATIENCE)
        said = process.log.read_text()
    assert "point_quarantined" in said
    assert good not in said and good[-20:] not in said and ".2123" not in said


def test_what_a_phone_sends_twice_is_in_the_history_once(settings: Settings) -> None:
    """The whole way: app, log, recorder, PostgreSQL, API."""
    driver, dispatcher = token(role="driver", driver="d", fleet="red"), token(fleet="red")
    with served(msgspec.structs.replace(settings, jwt_secret=SECRET)) as process:
        for body in (LOCATION, LOCATION, [LOCATION, {**LOCATION, "tst": 1764000010}]):
            assert post(process, f"/t/{driver}", body).status == 200  # type: ignore[arg-type]
        span = "from=2025-11-24T00:00:00Z&to=2025-11-25T00:00:00Z"

        def track() -> list[dict[str, Any]]:
            found = get(process, f"/api/v1/drivers/d/track?{span}", dispatcher).json  # type: ignore[arg-type]
            return list(found.get("positions", []))

        until(lambda: len(track()) == 2)
        assert [position["recordedAt"] for position in track()] == ["2025-11-24T16:00:00Z", "2025-11-24T16:00:10Z"]
        assert [(position["latitude"], position["speed"]) for position in track()] == [(25.2, 10.0)] * 2
        live = get(process, "/api/v1/drivers/d", dispatcher).json["position"]  # type: ignore[arg-type]
        assert live["recordedAt"] == "2025-11-24T16:00:10Z"
