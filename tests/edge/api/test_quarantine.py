"""Refused payloads of phones: kept without credentials, shown to admins, and sent again."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from hub.edge import quarantine
from hub.embedded.services import Services
from tests.support.api.calls import Answer, call, get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, GATEWAY, STRANGER, fetch, hub_with
from tests.support.running import Edge, until

PATH = "/api/v1/quarantine"
TIME = 1_795_000_000
GOOD = {"latitude": 47.5, "longitude": 19.05, "time": TIME, "device_id": "bus"}


@pytest.fixture(scope="module")
def guarded(services: Services, template: str) -> Iterator[Edge]:
    with pytest.MonkeyPatch.context() as patch, hub_with(services, template, "quarantine") as running:
        patch.setattr(quarantine, "PAUSE", 0.02)
        yield running


def kept(hub: Edge, count: int = 1, token: str = ADMIN) -> list[dict[str, Any]]:
    """The list, as soon as it has this many payloads."""
    until(lambda: len(get(hub, PATH, token).json["payloads"]) >= count)
    found: list[dict[str, Any]] = get(hub, PATH, token).json["payloads"]
    return found


@pytest.fixture(autouse=True)
def empty(guarded: Edge) -> None:
    """Each test begins with an empty quarantine; the payloads of the one before are written when it has read them."""
    fetch(guarded, "DELETE FROM quarantine")


def send(hub: Edge, id: str, token: str = ADMIN) -> Answer:
    return call(hub, "POST", f"{PATH}/{id}/send", None, None, token)


def test_a_payload_with_a_refused_point_is_kept_without_credentials(guarded: Edge) -> None:
    body = [GOOD, {**GOOD, "latitude": "north", "password": "hush-1"}]
    assert post(guarded, "/traccar?token=hush-2&x=1", body, GATEWAY).status == 200
    (one,) = kept(guarded)
    assert (one["driverId"], one["dialect"], one["field"], one["points"]) == (None, "background", "latitude", 1)
    found = get(guarded, f"{PATH}/{one['id']}", ADMIN).json
    assert '"north"' in found["text"] and found["query"] == "token=***&x=1" and found["path"] == "/traccar"
    assert fetch(guarded, "SELECT FROM quarantine WHERE body::text || query LIKE '%hush%'") == []


def test_the_token_in_a_path_is_not_kept_and_its_driver_is(guarded: Edge) -> None:
    assert post(guarded, f"/t/{DRIVER}?lat=x&lon=1", b"").status == 200
    (one,) = kept(guarded)
    assert one["driverId"] == "d"
    found = get(guarded, f"{PATH}/{one['id']}", ADMIN)
    assert found.json["path"] == "/t" and DRIVER not in found.body.decode()


def test_admins_of_the_fleet_see_it_and_only_they(guarded: Edge) -> None:
    assert post(guarded, "/osmand?lat=x&lon=1&id=a", b"", GATEWAY).status == 200
    (one,) = kept(guarded)
    for path in (PATH, f"{PATH}/{one['id']}"):
        assert [get(guarded, path, token).status for token in (DISPATCHER, GATEWAY, DRIVER, "")] == [403, 403, 403, 401]
    assert get(guarded, PATH, STRANGER).json["payloads"] == []
    assert get(guarded, f"{PATH}/{one['id']}", STRANGER).status == 404
    assert send(guarded, one["id"], STRANGER).status == 404
    assert send(guarded, one["id"], DISPATCHER).status == 403


def test_pages(guarded: Edge) -> None:
    for n in range(5):
        assert post(guarded, f"/osmand?lat=x&lon={n}&id=a", b"", GATEWAY).status == 200
    kept(guarded, 5)
    first = get(guarded, f"{PATH}?limit=3", ADMIN).json
    second = get(guarded, f"{PATH}?limit=3&cursor={first['next']}", ADMIN).json
    ids = [one["id"] for one in first["payloads"] + second["payloads"]]
    assert len(set(ids)) == 5 and "next" not in second
    assert get(guarded, f"{PATH}?cursor=x", ADMIN).status == 422


def test_sent_again_after_a_fix_it_is_published_and_leaves(guarded: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.wire.phones import fields

    with monkeypatch.context() as before:  # The code of before the fix knows no `latitude`.
        now = fields.meaning
        before.setattr(fields, "meaning", lambda name: None if name == "latitude" else now(name))
        assert post(guarded, f"/t/{DRIVER}", {"latitude": 47.5, "longitude": 19.05, "time": TIME}).status == 200
    (one,) = kept(guarded)
    with redis.Redis.from_url(guarded.settings.redis_url) as client:
        client.flushall()
    answer = send(guarded, one["id"])
    assert (answer.status, answer.json) == (200, {"accepted": 1, "refused": 0})
    assert get(guarded, PATH, ADMIN).json["payloads"] == []
    position = get(guarded, "/api/v1/drivers/d", DISPATCHER).json["position"]
    assert (position["latitude"], position["recordedAt"]) == (47.5, "2026-11-18T11:06:40Z")


def test_sent_again_without_a_fix_it_stays_and_says_why(guarded: Edge) -> None:
    assert post(guarded, "/traccar", [GOOD, {**GOOD, "time": "noon"}], GATEWAY).status == 200
    (one,) = kept(guarded)
    answer = send(guarded, one["id"]).json
    assert (answer["accepted"], answer["refused"], answer["field"]) == (1, 1, "time")
    assert len(kept(guarded)) == 1


def test_a_point_without_a_time_gets_the_time_of_its_first_receipt(guarded: Edge) -> None:
    good, bad = {"latitude": 1.5, "longitude": 2.5, "device_id": "late"}, {"latitude": "x", "longitude": 2}
    body = [good, {**bad, "device_id": "a"}]
    assert post(guarded, "/traccar", body, GATEWAY).status == 200
    (one,) = kept(guarded)
    before = get(guarded, "/api/v1/drivers/late", DISPATCHER).json["position"]
    send(guarded, one["id"])
    after = get(guarded, "/api/v1/drivers/late", DISPATCHER).json["position"]
    assert before["recordedAt"] <= after["recordedAt"] <= one["receivedAt"]


PLACE = b'{"device_id": "packed", "latitude": 1.5, "longitude": 2.5}'


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(PLACE), "gzip"),
        (zlib.compress(PLACE), "deflate"),
        (gzip.compress(PLACE), ""),  # compressed without a header
        (PLACE, "gzip"),  # unpacked by a proxy that leaves the header
        (PLACE, "br"),
    ],
)
def test_compressed_bodies_are_read(guarded: Edge, body: bytes, coding: str) -> None:
    guarded.call(lambda: guarded.node.hub.fleet("f").latest.pop("packed", None))
    headers = {"content-encoding": coding} if coding else {}
    assert call(guarded, "POST", "/traccar", body, headers, GATEWAY).status == 200
    assert get(guarded, "/api/v1/drivers/packed", DISPATCHER).json["position"]["latitude"] == 1.5


def test_a_body_in_an_unknown_coding_is_kept_as_it_is(guarded: Edge) -> None:
    body = b"\x8b\x02\x80\xff\x00"
    assert call(guarded, "POST", "/traccar", body, {"content-encoding": "br"}, GATEWAY).status == 200
    (one,) = kept(guarded)
    found = get(guarded, f"{PATH}/{one['id']}", ADMIN).json
    assert (found["contentEncoding"], base64.b64decode(found["data"]), found["text"]) == ("br", body, None)


def test_of_a_damaged_body_the_whole_points_are_read(guarded: Edge) -> None:
    points = [{"device_id": f"cut{n}", "latitude": 1.5, "longitude": 2.5, "time": TIME} for n in range(50)]
    packed = gzip.compress(json.dumps(points).encode(), 1)[:-60]
    assert call(guarded, "POST", "/traccar", packed, {"content-encoding": "gzip"}, GATEWAY).status == 200
    assert get(guarded, "/api/v1/drivers/cut3", DISPATCHER).status == 200
    (one,) = kept(guarded)
    assert one["points"] >= 1


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (gzip.compress(b'{"driverId":"api","latitude":1.5,"longitude":2.5}'), "gzip", 200),
        (b"{}", "br", 415),
        (b"{}", "gzip", 400),
        (gzip.compress(bytes(10_000_000)), "gzip", 413),
    ],
)
def test_compressed_bodies_of_the_api(guarded: Edge, body: bytes, coding: str, status: int) -> None:
    answer = call(guarded, "POST", "/api/v1/location", body, {"content-encoding": coding}, GATEWAY)
    assert answer.status == status


def test_a_bomb_of_a_phone_is_413_and_counted(guarded: Edge) -> None:
    def counted() -> int:
        body = get(guarded, "/metrics").body.decode()
        line = next((line for line in body.splitlines() if line.startswith(REFUSED)), "0")
        return int(float(line.split()[-1]))

    before, bomb = counted(), gzip.compress(bytes(10_000_000))
    assert call(guarded, "POST", "/traccar", bomb, {"content-encoding": "gzip"}, GATEWAY).status == 413
    assert counted() == before + 1


REFUSED = 'hub_phone_points_total{dialect="unknown",outcome="quarantined"}'
