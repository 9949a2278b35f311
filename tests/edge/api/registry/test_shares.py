"""Links that show one driver: what they show, to whom, and when they end."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from hub.edge.api.pages import encode_cursor
from hub.edge.api.registry import shares as shares_module
from hub.embedded.services import Services
from tests.support.api.calls import Answer, call, get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    DRIVERS,
    GATEWAY,
    SHARES,
    STRANGER,
    change,
    execute,
    fetch,
    fields,
    hub_with,
)
from tests.support.running import Edge, until

LINK = "/api/v1/share"

FIX = {
    "latitude": 25.2,
    "longitude": 55.3,
    "speed": 12.5,
    "heading": 90.0,
    "accuracy": 5.0,
    "altitude": 7.0,
    "battery": 0.4,
    "attributes": {"odometer": 1},
}


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "shares") as running:
        for driver_id in ("d", "quiet"):
            assert post(running, DRIVERS, {"driverId": driver_id}, ADMIN).status == 201
        yield running


def share(hub: Edge, driver_id: str = "d", **more: Any) -> Any:
    answer = post(hub, SHARES, {"driverId": driver_id, "hours": 1, **more}, DISPATCHER)
    assert answer.status == 201, answer
    return answer.json


def look(hub: Edge, token: str) -> Answer:
    return get(hub, f"{LINK}/{token}")


def assert_hidden(answer: Answer) -> None:
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_a_link_shows_where_the_driver_is_and_nothing_else(hub: Edge) -> None:
    made = share(hub, label="Your parcel")
    host, port = hub.address
    assert made["url"] == f"http://{host}:{port}/share/{made['token']}"
    now = datetime.now(UTC).isoformat()
    assert post(hub, "/api/v1/location", {**FIX, "driverId": "d", "recordedAt": now}, GATEWAY).status == 200
    seen = look(hub, made["token"])
    assert seen.status == 200
    assert_hidden(seen)
    position = get(hub, "/api/v1/drivers/d", ADMIN).json["position"]
    assert seen.json == {
        "label": "Your parcel",
        "status": "online",
        "expiresAt": made["expiresAt"],
        "position": {name: position[name] for name in ("latitude", "longitude", "recordedAt", "heading", "speed")},
        "place": {
            "text": "2.3 km E of Downtown Dubai, United Arab Emirates",
            "source": "gazetteer",
            "name": "Downtown Dubai",
            "country": "AE",
            "distance": 2300,
            "direction": "E",
        },
    }
    # It follows the driver.
    later = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    moved = {"latitude": 25.3, "longitude": 55.4, "driverId": "d", "recordedAt": later}
    assert post(hub, "/api/v1/location", moved, GATEWAY).status == 200
    position = look(hub, made["token"]).json["position"]
    assert (position["latitude"], position.keys()) == (25.3, {"latitude", "longitude", "recordedAt"})


def test_a_driver_that_never_reported_has_a_link_too(hub: Edge) -> None:
    seen = look(hub, share(hub, "quiet")["token"]).json
    assert (seen["status"], seen["label"], "position" in seen) == ("offline", "", False)


def test_a_driver_that_reports_needs_no_registration_and_one_unheard_of_has_no_link(hub: Edge) -> None:
    assert post(hub, "/api/v1/location", {**FIX, "driverId": "unregistered"}, GATEWAY).status == 200
    assert look(hub, share(hub, "unregistered")["token"]).json["position"]["latitude"] == 25.2
    refused = post(hub, SHARES, {"driverId": "unheard-of", "hours": 1}, ADMIN)
    assert (refused.status, fields(refused)) == (422, ["driverId"])
    assert post(hub, SHARES, {"driverId": "d", "hours": 1}, STRANGER).status == 422


def test_only_a_hash_of_the_token_is_kept_and_lists_have_none(hub: Edge) -> None:
    made = share(hub)
    (row,) = fetch(hub, "SELECT fleet, driver_id, hash FROM shares WHERE id = $1::text::uuid", made["id"])
    assert row == ("f", "d", hashlib.sha256(made["token"].encode()).digest())
    listed = get(hub, SHARES, DISPATCHER)
    assert listed.headers["cache-control"] == "no-store"
    (one,) = (one for one in listed.json["shares"] if one["id"] == made["id"])
    assert one == {name: made[name] for name in ("id", "kind", "driverId", "label", "createdAt", "expiresAt")}


def test_when_it_expires_is_said_as_hours_or_as_an_instant(hub: Edge) -> None:
    now = datetime.now(UTC)
    hours = datetime.fromisoformat(share(hub, hours=2.5)["expiresAt"]) - now
    assert timedelta(hours=2.5) <= hours < timedelta(hours=2.6)
    instant = (now + timedelta(days=6)).isoformat(timespec="seconds")
    made = share(hub, hours=None, expiresAt=instant)
    assert datetime.fromisoformat(made["expiresAt"]) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"hours": 1}, "driverId"),
        ({"driverId": "d"}, "expiresAt"),
        ({"driverId": "d", "hours": 1, "expiresAt": "2030-01-01T00:00:00Z"}, "expiresAt"),
        ({"driverId": "d", "hours": 0.5}, "hours"),
        ({"driverId": "d", "hours": 168.1}, "hours"),
        ({"driverId": "d", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"driverId": "d", "expiresAt": "9999-12-31T23:59:59-12:00"}, "expiresAt"),
        ({"driverId": "d", "expiresAt": "0001-01-01T00:00:00+12:00"}, "expiresAt"),
        ({"driverId": "d", "expiresAt": "2030-01-01T00:00:00"}, "expiresAt"),
        ({"driverId": "d e", "hours": 1}, "driverId"),
        ({"driverId": "d", "hours": 1, "label": "x" * 101}, "label"),
        ({"driverId": "d", "hours": 1, "fleet": "g"}, "fleet"),
    ],
)
def test_a_wrong_body_makes_no_link(hub: Edge, body: object, field: str) -> None:
    before = fetch(hub, "SELECT count(*) FROM shares")
    answer = post(hub, SHARES, body, ADMIN)
    assert (answer.status, fields(answer)) == (422, [field])
    assert fetch(hub, "SELECT count(*) FROM shares") == before


def test_a_link_that_ended_expired_or_never_was_is_the_same(hub: Edge) -> None:
    ended, expired = share(hub), share(hub)
    assert look(hub, ended["token"]).status == look(hub, expired["token"]).status == 200
    assert change(hub, "DELETE", f"{SHARES}/{ended['id']}", token=DISPATCHER).status == 204
    past = "UPDATE shares SET expires_at = now() WHERE id = $1::text::uuid"
    asyncio.run(execute(hub.settings.database_url, past, expired["id"]))
    until(lambda: look(hub, ended["token"]).status == look(hub, expired["token"]).status == 404)
    answers = [look(hub, token) for token in (ended["token"], expired["token"], "A" * 24, "short", "a%00b", "x" * 5000)]
    assert {(answer.status, answer.body) for answer in answers} == {(404, answers[0].body)}
    for answer in answers:
        assert_hidden(answer)
    assert ended["id"] not in str(get(hub, SHARES, ADMIN).json)
    assert expired["id"] not in str(get(hub, SHARES, ADMIN).json)
    # The next one that is made sweeps up.
    share(hub)
    assert fetch(hub, "SELECT FROM shares WHERE id = $1::text::uuid", expired["id"]) == []


def test_a_link_of_a_disabled_driver_shows_nothing_until_the_driver_is_enabled(hub: Edge) -> None:
    assert post(hub, DRIVERS, {"driverId": "dismissed"}, ADMIN).status == 201
    assert post(hub, "/api/v1/location", {**FIX, "driverId": "dismissed"}, GATEWAY).status == 200
    before, other = share(hub, "dismissed"), share(hub)
    assert look(hub, before["token"]).json["position"]["latitude"] == 25.2
    assert change(hub, "PATCH", f"{DRIVERS}/dismissed", {"disabled": True}, etag="*").status == 200
    until(lambda: look(hub, before["token"]).status == 404)
    # One that is made meanwhile shows nothing either, and nothing tells it from a link that never was.
    after = share(hub, "dismissed")
    answers = [look(hub, token) for token in (before["token"], after["token"], "A" * 24)]
    assert {(answer.status, answer.body) for answer in answers} == {(404, answers[0].body)}
    for answer in answers:
        assert_hidden(answer)
    assert look(hub, other["token"]).status == 200
    assert change(hub, "PATCH", f"{DRIVERS}/dismissed", {"disabled": False}, etag="*").status == 200
    until(lambda: look(hub, before["token"]).status == look(hub, after["token"]).status == 200)


def test_it_ends_on_the_second_also_while_it_is_remembered(hub: Edge) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    made = share(hub, hours=None, expiresAt=soon.isoformat())
    status = 200
    while status == 200:
        asked = datetime.now(UTC)
        status = look(hub, made["token"]).status
        assert status == 404 or asked < soon
    assert status == 404
    assert datetime.now(UTC) >= soon


def test_many_viewers_are_one_question_to_postgresql(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    token, asked = share(hub)["token"], []
    real = shares_module.shared

    async def counted(connection: asyncpg.Connection, token: str) -> Any:
        asked.append(token)
        await asyncio.sleep(0.05)
        return await real(connection, token)

    monkeypatch.setattr(shares_module, "shared", counted)
    start = time.monotonic()
    with ThreadPoolExecutor(8) as viewers:
        assert {answer.status for answer in viewers.map(lambda _: look(hub, token), range(40))} == {200}
    assert len(asked) <= 1 + (time.monotonic() - start) / shares_module.FRESH


def test_roles_that_share(hub: Edge) -> None:
    made = share(hub)
    for token in (DRIVER, GATEWAY):
        assert get(hub, SHARES, token).status == 403
        assert post(hub, SHARES, {"driverId": "d", "hours": 1}, token).status == 403
        assert change(hub, "DELETE", f"{SHARES}/{made['id']}", token=token).status == 403
    assert get(hub, SHARES).status == 401
    assert change(hub, "DELETE", f"{SHARES}/{made['id']}", token=STRANGER).status == 404
    assert change(hub, "DELETE", f"{SHARES}/1").status == 404
    assert get(hub, SHARES, STRANGER).json == {"shares": []}
    assert look(hub, made["token"]).status == 200


def test_pages_oldest_first(services: Services, template: str) -> None:
    with hub_with(services, template, "share_pages") as hub:
        post(hub, DRIVERS, {"driverId": "d"}, ADMIN)
        made = [share(hub)["id"] for _ in range(5)]
        found, path = [], f"{SHARES}?limit=2"
        while path:
            answer = get(hub, path, DISPATCHER)
            found += [one["id"] for one in answer.json["shares"]]
            path = answer.headers.get("link", "").split(">")[0].removeprefix("<")
        assert found == made
        beyond = encode_cursor("0001-01-01T00:00:00+23:59", made[0])
        for query in (f"cursor={beyond}", "cursor=x", "cursor=kaEA", "limit=0", "driverId=d"):
            assert get(hub, f"{SHARES}?{query}", ADMIN).status == 422


def test_a_fleet_has_so_many_links_at_a_time(services: Services, template: str) -> None:
    with hub_with(services, template, "share_bound", max_shares=2) as hub:
        post(hub, DRIVERS, {"driverId": "d"}, ADMIN)
        post(hub, DRIVERS, {"driverId": "d"}, STRANGER)
        first, second = share(hub), share(hub)
        refused = post(hub, SHARES, {"driverId": "d", "hours": 1}, DISPATCHER)
        assert (refused.status, fields(refused)) == (409, ["driverId"])
        assert look(hub, second["token"]).status == 200
        assert post(hub, SHARES, {"driverId": "d", "hours": 1}, STRANGER).status == 201
        assert call(hub, "DELETE", f"{SHARES}/{first['id']}", token=ADMIN).status == 204
        share(hub)
        # Those that have expired do not count.
        asyncio.run(execute(hub.settings.database_url, "UPDATE shares SET expires_at = now() WHERE fleet = 'f'"))
        share(hub)


def test_an_open_hub_shows_links_to_this_machine_only(services: Services, template: str) -> None:
    with hub_with(services, template, "open_shares", jwt_secret="") as hub:
        post(hub, DRIVERS, {"driverId": "d"})
        token = post(hub, SHARES, {"driverId": "d", "hours": 1}).json["token"]
        assert look(hub, token).status == 200
        assert get(hub, f"{LINK}/{token}", host="rebound.example").status == 403


def test_without_postgresql_it_is_503_and_then_answers_again(services: Services, template: str) -> None:
    with hub_with(services, template, "share_outage", history_timeout=1.0) as hub:
        post(hub, DRIVERS, {"driverId": "d"}, ADMIN)
        token = share(hub)["token"]
        url = services.settings.database_url
        try:
            asyncio.run(execute(url, "ALTER DATABASE share_outage ALLOW_CONNECTIONS false"))
            asyncio.run(
                execute(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'share_outage'")
            )
            until(lambda: look(hub, token).status == 503)
            assert int(look(hub, token).headers["retry-after"]) >= 1
        finally:
            asyncio.run(execute(url, "ALTER DATABASE share_outage ALLOW_CONNECTIONS true"))
        until(lambda: look(hub, token).status == 200)
