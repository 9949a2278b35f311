"""Positions by HTTP: 200 when they are durable, and what is said to each other request."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
import redis

from hub.wire.log import LOG_KEY, decode_entry
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import Answer, call, post
from tests.support.live.transcripts import silent
from tests.support.peers import Peer, Raw
from tests.support.running import Edge, edge, until

PATH = "/api/v1/location"
FIX = {"latitude": 25.2, "longitude": 55.3, "driverId": "d"}


def logged(hub: Edge) -> list[tuple[str, str, float]]:
    """(fleet, driver, latitude) of every position in the log."""
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        entries: Any = client.xrange(LOG_KEY)
    return [
        (fleet, position.driver_id, position.latitude)
        for _, fields in entries
        for fleet, positions in decode_entry(fields)[1].items()
        for position in positions
    ]


def emptied(hub: Edge) -> None:
    """Empty the log, and have the hub forget what it acked: it would append that again, as after a loss."""
    hub.call(partial(hub.appender.stored, {hub.node.hub.epoch: 1_000_000}))
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        client.delete(LOG_KEY)


@pytest.mark.parametrize("path", [PATH, "/api/location"])
def test_one_fix_is_seen_by_subscribers_and_in_the_log_when_it_is_answered(hub: Edge, path: str) -> None:
    emptied(hub)
    with Peer(hub.address) as screen:
        silent(hub, screen)
        answer = post(hub, path, FIX)
        assert (answer.status, answer.json) == (200, {"accepted": 1, "rejected": []})
        assert answer.headers["content-type"] == "application/json"
        assert logged(hub) == [("default", "d", 25.2)]
        heard = screen.hear()
        assert (heard["type"], heard["driverId"], heard["latitude"]) == ("location", "d", 25.2)


def test_the_content_type_says_nothing(hub: Edge) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"):
        assert call(hub, "POST", PATH, FIX, {"content-type": kind}).status == 200


def test_second_60_is_read_as_from_phones(hub: Edge) -> None:
    with Peer(hub.address) as screen:
        silent(hub, screen)
        bad = {**FIX, "recordedAt": "2016-12-31T23:59:61Z"}
        fixes = [{**FIX, "driverId": "leap", "recordedAt": "2016-12-31T23:59:60Z"}, bad]
        answer = post(hub, PATH, fixes).json
        assert (answer["accepted"], answer["rejected"][0]["field"]) == (1, "recordedAt")
        assert screen.hear()["recordedAt"] == "2017-01-01T00:00:00Z"


def test_a_type_that_is_not_a_fix_is_refused_with_what_is_allowed(hub: Edge) -> None:
    answer = post(hub, PATH, {"type": "ping"})
    assert (answer.status, answer.json["detail"]) == (422, "type: must be one of: location; or absent")
    assert answer.json["errors"][0]["allowed"] == ["location"]


def test_a_bad_fix_rejects_itself_and_not_its_neighbours(hub: Edge) -> None:
    emptied(hub)
    fixes: list[object] = [
        FIX, {**FIX, "latitude": 91}, {**FIX, "driverId": "no id!"}, "x", {**FIX, "driverId": "e", "latitude": 26.5},
    ]  # fmt: skip
    answer = post(hub, PATH, fixes)
    assert answer.status == 200
    assert answer.json["accepted"] == 2
    assert [(bad["index"], bad["code"], bad.get("field")) for bad in answer.json["rejected"]] == [
        (1, "invalid", "latitude"), (2, "invalid", "driverId"), (3, "malformed", None),
    ]  # fmt: skip
    assert logged(hub) == [("default", "d", 25.2), ("default", "e", 26.5)]
    assert post(hub, PATH, []).json == {"accepted": 0, "rejected": []}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("", 400, None),
        ("{", 400, None),
        ("12", 400, None),
        ("[" * 100_000, 400, None),
        ({}, 422, "latitude"),
        ({**FIX, "latitude": "25"}, 422, "latitude"),
        ({**FIX, "speed": -1}, 422, "speed"),
        ({**FIX, "recordedAt": "2026-01-01T00:00:00"}, 422, "recordedAt"),
        ({**FIX, "recordedAt": 1e300}, 422, "recordedAt"),
        ({**FIX, "attributes": {"a": "b" * 1100}}, 422, "attributes"),
        ({"latitude": 1, "longitude": 2}, 422, "driverId"),
        ([{**FIX, "latitude": 91}], 422, "latitude"),
        ({"type": "subscribe", "id": "s", "all": True}, 422, "type"),
        ({"type": "nonsense"}, 422, "type"),
        ([FIX] * 501, 413, None),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_field(hub: Edge, body: object, status: int, field: str) -> None:
    emptied(hub)
    answer = post(hub, PATH, body)
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert (problem["status"], problem["type"]) == (status, "about:blank")
    assert problem["errors"][0].get("field") == field
    assert logged(hub) == []


def test_text_that_is_not_utf_8_does_not_pass_through_in_attributes(hub: Edge) -> None:
    emptied(hub)
    body = b'{"latitude":1,"longitude":2,"driverId":"d","attributes":{"a":"\xff"}}'
    answer = post(hub, PATH, body)
    assert (answer.status, answer.json["detail"]) == (400, "the body is not UTF-8")
    assert logged(hub) == []


def test_a_body_that_is_too_large_is_refused_while_it_comes(hub: Edge) -> None:
    limit = hub.settings.max_body_bytes
    padded = json.dumps(FIX).ljust(limit)
    assert post(hub, PATH, padded).status == 200
    assert post(hub, PATH, padded + " ").status == 413
    with Raw(hub.address) as raw:  # announced, and never sent
        raw.send(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10**30}\r\n\r\n".encode())
        assert raw.response().status in (400, 413)
    with Raw(hub.address) as raw:  # not announced, and never ending
        raw.send(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
        for _ in range(limit // 65_536 + 1):
            raw.send(chunk)
        assert raw.response().status == 413


def test_a_client_that_disconnects_does_not_affect_others(hub: Edge) -> None:
    with Raw(hub.address) as raw:
        raw.send(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n".encode() + b'{"lat')
        raw.reset()
    assert post(hub, PATH, FIX).status == 200


def test_other_methods_and_paths_are_problems_too(hub: Edge) -> None:
    answer = call(hub, "GET", PATH)
    assert (answer.status, answer.headers["allow"], answer.json["title"]) == (405, "POST", "Method Not Allowed")
    assert call(hub, "POST", "/api/v1/nothing", FIX).json["status"] == 404


def test_pages_of_other_sites_publish_nothing(hub: Edge) -> None:
    assert call(hub, "POST", PATH, FIX, {"origin": "https://evil.example"}).status == 403
    assert call(hub, "POST", PATH, FIX, {"origin": "http://localhost:3000"}).status == 200


def test_an_open_hub_answers_to_localhost_only(hub: Edge) -> None:
    answer = call(hub, "POST", PATH, FIX, {"host": "evil.example:8080"})
    assert (answer.status, answer.headers["content-type"]) == (403, "application/problem+json")
    with Raw(hub.address) as raw:
        raw.send(f"GET {PATH} HTTP/1.0\r\n\r\n".encode())
        assert raw.response().status == 405


@pytest.fixture(scope="module")
def guarded(hub: Edge) -> Iterator[Edge]:
    with edge(msgspec.structs.replace(hub.settings, jwt_secret=SECRET)) as running:
        yield running


def test_the_token_says_whose_fix_it_is(guarded: Edge) -> None:
    emptied(guarded)
    driver = token(role="driver", driver="d", fleet="red")
    assert post(guarded, PATH, {"latitude": 1, "longitude": 2}, driver).status == 200
    assert post(guarded, PATH, FIX, driver).status == 200
    answer = post(guarded, PATH, {**FIX, "driverId": "e"}, driver)
    assert (answer.status, answer.json["errors"][0]["field"]) == (403, "driverId")
    assert post(guarded, PATH, {**FIX, "driverId": "e"}, token(role="gateway", fleet="blue")).status == 200
    assert logged(guarded) == [("red", "d", 1.0), ("red", "d", 25.2), ("blue", "e", 25.2)]


def test_a_role_that_does_not_publish_is_refused(guarded: Edge) -> None:
    emptied(guarded)
    answer = post(guarded, PATH, FIX)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert post(guarded, PATH, FIX, "x.y.z").status == 401
    assert post(guarded, PATH, FIX, token(exp=1)).status == 401
    assert post(guarded, PATH, FIX, token(role="dispatcher")).status == 403
    assert logged(guarded) == []


@pytest.fixture
def full(hub: Edge) -> Iterator[Edge]:
    """A hub whose Valkey takes nothing, with the Valkey emptied."""
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        client.flushdb()
        before = client.config_get("maxmemory")["maxmemory"]
        client.config_set("maxmemory", 1)
        try:
            with edge(msgspec.structs.replace(hub.settings, post_timeout=0.5, max_unlogged=10)) as running:
                yield running
                client.config_set("maxmemory", before)
        finally:
            client.config_set("maxmemory", before)


def assert_unavailable(answer: Answer, why: str) -> None:
    assert (answer.status, answer.headers["retry-after"], answer.json["detail"]) == (503, "2", why)


def test_while_the_log_is_away_nothing_is_promised_and_live_goes_on(full: Edge) -> None:
    fix = {**FIX, "recordedAt": "2026-01-01T00:00:00Z"}
    with Peer(full.address) as screen:
        assert_unavailable(post(full, PATH, fix), "the log does not answer")  # it was tried for a while
        assert screen.hear()["recordedAt"] == "2026-01-01T00:00:00Z"
        until(lambda: full.appender.problem)
        assert full.node.unlogged.size == 1
        for second in range(1, 6):  # now it is known, and nothing waits in memory
            later = {**FIX, "recordedAt": f"2026-01-01T00:00:0{second}Z"}
            assert_unavailable(post(full, PATH, later), "the log does not answer")
            assert screen.hear()["recordedAt"] == f"2026-01-01T00:00:0{second}Z"
        assert full.node.unlogged.size == 1
    with redis.Redis.from_url(full.settings.redis_url) as client:
        client.config_set("maxmemory", "1gb")
    until(lambda: not full.appender.problem)
    assert (
        post(full, PATH, [{**FIX, "recordedAt": f"2026-01-01T00:00:0{second}Z"} for second in range(6)]).status == 200
    )
    assert len(logged(full)) == 7  # the first one twice: it is the same position, and the recorder keeps one


def test_what_there_is_no_room_for_is_not_promised(full: Edge) -> None:
    """Ten positions wait in memory, and an eleventh has no room."""
    assert_unavailable(post(full, PATH, [FIX] * 11), "the log has no room")
    assert full.node.unlogged.size == 10


def test_a_hub_that_goes_down_takes_no_more(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.node.publisher, "draining", True)
    assert_unavailable(post(hub, PATH, FIX), "the hub is shutting down")


def test_posts_share_a_commit(hub: Edge) -> None:
    """Group commit: forty posts at a time cost far fewer than forty transactions each."""
    emptied(hub)
    before = hub.appender.entries
    statuses: list[int] = []

    def publish(number: int) -> None:
        statuses.extend(post(hub, PATH, {**FIX, "driverId": f"d{number}"}).status for _ in range(5))

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 200
    assert len(logged(hub)) == 200
    assert hub.appender.entries - before < 200
