"""Requests as phones send them, into a real hub: the position in SI units, the answer, and who is let in."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
import redis
import structlog
from structlog.testing import LogCapture

from hub.edge.api import phones
from hub.embedded.services import Services
from hub.embedded.services import running as services_of
from hub.settings import Settings
from hub.wire.layout import ONLY
from hub.wire.log import LOG_KEY, decode_entry
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import call, get, post
from tests.support.api.phone_requests import APPS, REQUESTS, TIME, PhoneRequest, send
from tests.support.running import PATIENCE, Edge, edge, served, until
from tests.wire.phones.test_background import MOVING
from tests.wire.phones.test_traccar import FORWARDED

LOCATION = {"_type": "location", "lat": 25.2, "lon": 55.3, "tst": 1764000000, "vel": 36, "tid": "V7"}


def positions(hub: Edge) -> list[dict[str, Any]]:
    """What has come into the log since the last time. The hub forgets what it acked: it would append that again."""
    hub.call(partial(hub.appender.stored, {hub.node.hub.epoch: 1_000_000}))
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


@pytest.mark.parametrize("sent", REQUESTS, ids=APPS)
def test_what_an_app_sends_is_the_right_position_in_si_units(hub: Edge, sent: PhoneRequest) -> None:
    positions(hub)
    for _ in range(2):
        answer = send(hub, sent.head, sent.body)
        # Exactly this, and above all nothing of what it sent: Traccar Client 9 executes answers.
        assert (answer.status, answer.body) == (200, sent.answered)
    first, second = positions(hub)
    for position in (first, second):
        del position["seq"], position["receivedAt"]
    assert first == second == {
        "fleet": "default", "type": "location", "driverId": sent.driver, "recordedAt": TIME, **sent.position,
    }  # fmt: skip


def test_what_traccar_client_10_sends_beside_points_is_none(hub: Edge) -> None:
    positions(hub)
    head = "POST {path} HTTP/1.1\nHost: localhost:8080\nContent-Type: application/x-www-form-urlencoded"
    for body in (b"id=77&timestamp=1764000001&batt=50", b"id=77&notificationToken=x"):
        answer = send(hub, head, body)
        assert (answer.status, answer.body) == (200, b"")
    assert positions(hub) == []


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


def test_a_queue_of_hundreds_is_emptied_at_once(hub: Edge) -> None:
    positions(hub)
    records = [
        {"latitude": 25.2, "longitude": 55.3, "time": 1764000000000 + 1000 * n, "device_id": "q"} for n in range(600)
    ]
    assert post(hub, "/osmand", records).status == 200
    assert len(positions(hub)) == 600


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/osmand?id=a&lat=91&lon=2", b"", "lat"),
        ("/osmand?id=a&lat=25.2123&lon=55.3123&timestamp=noon", b"", "timestamp"),
        ("/osmand?lat=1&lon=2", b"", "driverId"),
        ("/osmand?id=a&lat=1&lon=2&timestamp=-99999999999", b"", "timestamp"),
        ("/traccar", b'{"location":{"coords":{"latitude":25.2123}},"device_id":"a"}', "coords.longitude"),
        ("/traccar", b"{", None),
        ("/owntracks", b'{"_type":"encrypted","data":"x"}', "_type"),
        ("/owntracks", b'{"_type":"location","lat":25.2123,"tst":1764000000}', "lon"),
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


FLAT = {"latitude": 25.2, "longitude": 55.3, "time": 1764000000000, "device_id": "q"}
BAD = [
    ({**LOCATION, "lat": None}, LOCATION),
    ({**FLAT, "latitude": 91}, FLAT),
    ({"location": {"coords": {}}, "device_id": "q"}, {"location": MOVING, "device_id": "q"}),
    ({"position": {}, "device": FORWARDED["device"]}, FORWARDED),
]


@pytest.mark.parametrize(("bad", "good"), BAD, ids=["owntracks", "flat", "nested", "forwarded"])
@pytest.mark.parametrize("count", [1, 1_000])
def test_bad_points_never_block_the_good_ones_beside_them(hub: Edge, bad: object, good: object, count: int) -> None:
    positions(hub)
    assert post(hub, "/osmand", [good, *[bad] * count, good]).status == 200
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
def test_a_token_in_the_path_names_the_driver(guarded: Edge, query: str, body: bytes, answered: bytes) -> None:
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
    assert positions(guarded) == []


@pytest.mark.parametrize("sent", REQUESTS, ids=APPS)
def test_no_app_may_publish_with_a_bad_credential(guarded: Edge, sent: PhoneRequest) -> None:
    positions(guarded)
    fleet = f"of-{APPS.index(sent.app)}"
    refused = token(role="driver", driver="d", fleet=fleet)[:-3] + "AAA"
    for path, status in ((f"/t/{refused}", 401), ("/traccar", 401), (f"/t/{token(fleet=fleet)}", 403)):
        answer = send(guarded, sent.head, sent.body, path)
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert positions(guarded) == []
    assert guarded.call(lambda: guarded.node.hub.fleet(fleet).latest) == {}
    good = token(role="driver", driver="d", fleet=fleet)
    assert send(guarded, sent.head, sent.body, f"/t/{good}").status == 200
    assert stored(guarded, "fleet", "driverId", "recordedAt") == [(fleet, "d", TIME)]


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A Valkey of this module, that may be frozen."""
    settings = Settings(port=0, data_dir=tmp_path_factory.mktemp("valkey"), database_url="postgresql://unused")
    with asyncio.Runner() as runner:
        context = services_of(settings)
        started = runner.run(context.__aenter__())
        try:
            yield started
        finally:
            runner.run(context.__aexit__(None, None, None))


def test_while_redis_is_away_every_app_keeps_its_point(valkey: Services) -> None:
    child = valkey.parts["valkey"].child
    assert child is not None and child.pid is not None
    with edge(msgspec.structs.replace(valkey.settings, post_timeout=0.3, redis_timeout=0.5)) as hub:
        assert post(hub, "/owntracks", LOCATION).status == 200
        assert len(positions(hub)) == 1
        os.kill(child.pid, signal.SIGSTOP)
        try:
            for request in REQUESTS:
                answer = send(hub, request.head, request.body)
                assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
                assert answer.headers["retry-after"] == "2"
            # What can never be stored may go, also now.
            assert post(hub, "/osmand?id=a&lat=x", b"").status == 200
        finally:
            os.kill(child.pid, signal.SIGCONT)
        until(lambda: send(hub, REQUESTS[0].head, REQUESTS[0].body).status == 200)
        for request in REQUESTS[1:]:
            assert send(hub, request.head, request.body).status == 200
        assert set(stored(hub, "driverId", "recordedAt")) == {(each.driver, TIME) for each in REQUESTS}


def test_while_the_log_is_full_the_phone_keeps_its_point(hub: Edge) -> None:
    positions(hub)
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        before = client.config_get("maxmemory")["maxmemory"]
        client.config_set("maxmemory", 1)
        try:
            with edge(msgspec.structs.replace(hub.settings, post_timeout=0.3)) as full:
                for path, body in (("/osmand?id=a&lat=1&lon=2", b""), ("/owntracks", LOCATION)):
                    answer = post(full, path, body)
                    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
                client.config_set("maxmemory", before)
                until(lambda: not full.appender.problem)
                assert post(full, "/owntracks", LOCATION).status == 200
        finally:
            client.config_set("maxmemory", before)
    assert {name for (name,) in stored(hub, "driverId")} == {"a", "V7"}


def test_no_token_and_no_place_is_in_the_log_of_a_real_hub(settings: Settings) -> None:
    good = token(role="driver", driver="d", fleet="red")
    with served(msgspec.structs.replace(settings, jwt_secret=SECRET, log_format="json", log_level="debug")) as process:
        for path in ("", "?lat=25.2123&lon=x", "?lat=25.2123&lon=55.3123", "/nothing", "//", "?id=%zz"):
            for credential in (good, good + "x"):
                get(process, f"/t/{credential}{path}")
        with redis.Redis.from_url(settings.redis_url) as client:
            assert client.hexists(ONLY.latest("red"), "d")
        process.process.terminate()
        process.process.wait(PATIENCE)
        said = process.log.read_text()
    assert "point_quarantined" in said
    assert good not in said and good[-20:] not in said and ".2123" not in said


def test_what_a_phone_sends_twice_is_in_the_history_once(settings: Settings) -> None:
    """The whole way of every app: log, recorder, PostgreSQL, API."""
    drivers = [f"d{number}" for number in range(len(REQUESTS))]
    dispatcher = token(fleet="red")
    span = "from=2025-11-24T00:00:00Z&to=2025-11-25T00:00:00Z"
    with served(msgspec.structs.replace(settings, jwt_secret=SECRET)) as process:
        for _ in range(2):
            for driver, request in zip(drivers, REQUESTS, strict=True):
                path = "/t/" + token(role="driver", driver=driver, fleet="red")
                assert send(process, request.head, request.body, path).status == 200
        # Behind everything that was sent twice: the recorder writes in the order of the log.
        last = token(role="driver", driver="last", fleet="red")
        assert post(process, f"/t/{last}", LOCATION).status == 200

        def track(driver: str) -> list[dict[str, Any]]:
            found = get(process, f"/api/v1/drivers/{driver}/track?{span}", dispatcher).json
            return list(found.get("positions", []))

        until(lambda: len(track("last")) == 1)
        for driver, request in zip(drivers, REQUESTS, strict=True):
            (position,) = track(driver)
            assert position["recordedAt"] == TIME
            assert {name: position.get(name) for name in request.position} == {
                name: pytest.approx(value, rel=1e-6) if name == "speed" else value
                for name, value in request.position.items()
            }
            live = get(process, f"/api/v1/drivers/{driver}", dispatcher).json["position"]
            assert (live["recordedAt"], live["latitude"]) == (TIME, request.position["latitude"])
