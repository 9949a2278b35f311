"""Drivers leave the live fleet: on request, after an erasure by another process, and after a long silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import redis

from hub.core.nouns import Fix
from hub.edge.node import Node
from hub.embedded.services import Services
from hub.settings import Settings
from hub.stores.redis.connection import connect
from hub.wire.events import Removal
from hub.wire.layout import ONLY
from hub.wire.log import LOG_KEY
from tests.support.api.calls import call, get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, DRIVERS, GATEWAY, STRANGER, fetch, hub_with
from tests.support.peers import Peer
from tests.support.running import Edge, edge, until


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "removals") as running:
        yield running


def publish(hub: Edge, driver_id: str, fleet_token: str = GATEWAY, **more: Any) -> None:
    fix = {"latitude": 25.2, "longitude": 55.3, "driverId": driver_id, **more}
    assert post(hub, "/api/v1/location", fix, fleet_token).status == 200


def in_redis(hub: Edge, fleet: str = "f") -> set[str]:
    """Drivers with a latest position."""
    with redis.Redis.from_url(hub.settings.redis_url, decode_responses=True) as client:
        return set(client.hkeys(ONLY.latest(fleet)))  # type: ignore[arg-type]


def live(hub: Edge) -> list[str]:
    return [one["driverId"] for one in get(hub, "/api/v1/drivers", DISPATCHER).json["drivers"]]


def test_a_ghost_is_removed_from_everything_that_shows_it(hub: Edge) -> None:
    for driver_id in ("ghost", "stays"):
        publish(hub, driver_id)
    with Peer(hub.address, headers=[f"Authorization: Bearer {DISPATCHER}"]) as screen:
        screen.say({"type": "subscribe", "id": "all", "all": True})
        while screen.hear()["type"] != "synced":
            pass
        assert call(hub, "DELETE", "/api/v1/drivers/ghost/live", token=ADMIN).status == 204
        assert screen.hear() == {"type": "left", "id": "all", "driverId": "ghost"}
    assert live(hub) == ["stays"]
    assert get(hub, "/api/v1/drivers/ghost", DISPATCHER).status == 404
    near = get(hub, "/api/v1/nearby?latitude=25.2&longitude=55.3", DISPATCHER).json["drivers"]
    feed = get(hub, "/api/v1/feeds/drivers.geojson", DISPATCHER).json["features"]
    assert [one["driverId"] for one in near] == [one["id"] for one in feed] == ["stays"]
    until(lambda: in_redis(hub) == {"stays"})
    assert fetch(hub, "SELECT action, subject_id FROM audit") == [("driver.removed", "ghost")]
    assert call(hub, "DELETE", "/api/v1/drivers/ghost/live", token=ADMIN).status == 404
    publish(hub, "ghost")
    assert live(hub) == ["stays", "ghost"]
    until(lambda: in_redis(hub) == {"stays", "ghost"})


def test_admins_remove_drivers_of_their_own_fleet(hub: Edge) -> None:
    publish(hub, "d")
    path = "/api/v1/drivers/d/live"
    answers = [call(hub, "DELETE", path, token=one).status for one in (DISPATCHER, DRIVER, GATEWAY, STRANGER, "")]
    assert answers == [403, 403, 403, 404, 401]
    assert "d" in live(hub)


def test_a_driver_that_is_deleted_from_the_registry_leaves_the_map(hub: Edge) -> None:
    post(hub, DRIVERS, {"driverId": "quit"}, ADMIN)
    publish(hub, "quit")
    assert call(hub, "DELETE", f"{DRIVERS}/quit", None, {"if-match": "*"}, ADMIN).status == 204
    assert "quit" not in live(hub)


def test_pages_leave_no_driver_out_when_others_are_removed(hub: Edge) -> None:
    for driver_id in live(hub):
        call(hub, "DELETE", f"/api/v1/drivers/{driver_id}/live", token=ADMIN)
    for number in range(6):
        publish(hub, f"p{number}")
    first = get(hub, "/api/v1/drivers?limit=3", DISPATCHER)
    assert [one["driverId"] for one in first.json["drivers"]] == ["p0", "p1", "p2"]
    for gone in ("p0", "p4"):
        call(hub, "DELETE", f"/api/v1/drivers/{gone}/live", token=ADMIN)
    following = first.headers["link"].split(">")[0].removeprefix("<")
    rest = [one["driverId"] for one in get(hub, following, DISPATCHER).json["drivers"]]
    assert rest[-2:] == ["p3", "p5"]


def test_an_erasure_is_accepted_and_its_progress_shown(hub: Edge) -> None:
    publish(hub, "person")
    answer = call(hub, "DELETE", "/api/v1/drivers/person/history", token=ADMIN)
    assert answer.status == 202
    made = answer.json
    assert (made["driverId"], made["history"], made["finishedAt"], made["positions"]) == ("person", True, None, 0)
    assert "person" not in live(hub)
    path = answer.headers["location"]
    assert path == f"/api/v1/erasures/{made['erasureId']}"
    assert get(hub, path, ADMIN).json == made
    assert [get(hub, path, one).status for one in (DISPATCHER, STRANGER, "")] == [403, 404, 401]
    fetch(hub, "UPDATE erasures SET finished_at = now(), positions = 7 WHERE id = $1", made["erasureId"])
    assert get(hub, path, ADMIN).json["positions"] == 7
    # A position of before it is stored by no recorder, and not shown; the next one is.
    publish(hub, "person", recordedAt=made["until"])
    assert "person" not in live(hub)
    publish(hub, "person")
    assert "person" in live(hub)
    for path in ("/api/v1/drivers/never/history", "/api/v1/drivers/a%20b/history"):
        assert call(hub, "DELETE", path, token=ADMIN).status == 404
    assert call(hub, "DELETE", "/api/v1/drivers/person/history", token=DISPATCHER).status == 403
    entries = fetch(hub, "SELECT subject_id, details FROM audit WHERE action = 'history.erased'")
    assert [(driver, json.loads(details)) for driver, details in entries] == [
        ("person", {"erasureId": made["erasureId"]})
    ]


def removal(driver_id: str, at: datetime, *, history: bool = False) -> bytes:
    return msgspec.json.encode(Removal(driver_id=driver_id, until=at, history=history))


def test_a_removal_of_another_process_is_applied_unless_the_driver_was_heard_since(hub: Edge) -> None:
    publish(hub, "there")
    now = hub.node.clock.now()
    hub.call(lambda: hub.node.removals.receive("f", removal("there", now - timedelta(hours=1))))
    assert "there" in live(hub)
    hub.call(lambda: hub.node.removals.receive("f", removal("there", now)))
    assert "there" not in live(hub)
    until(lambda: "there" not in in_redis(hub))


def test_a_newer_position_of_another_hub_stays_in_redis(hub: Edge) -> None:
    publish(hub, "elsewhere")
    hub.call(lambda: hub.node.hub.remove(hub.node.hub.fleet("f"), "elsewhere"))  # this hub does not know it
    at = hub.node.clock.now()
    for instant, there in ((at - timedelta(minutes=1), True), (at, False)):
        hub.call(lambda instant=instant: hub.node.removals.receive("f", removal("elsewhere", instant)))  # type: ignore[misc]
        publish(hub, "other")  # a later transaction of the log
        until(lambda there=there: ("elsewhere" in in_redis(hub)) is there)  # type: ignore[misc]


def test_after_an_erasure_the_last_entry_of_the_log_has_no_position(hub: Edge) -> None:
    publish(hub, "last")
    hub.call(lambda: hub.node.removals.receive("f", removal("last", hub.node.clock.now(), history=True)))

    def empty() -> bool:
        with redis.Redis.from_url(hub.settings.redis_url) as client:
            ((_, fields),) = client.xrevrange(LOG_KEY, count=1)  # type: ignore[misc]
        return list(fields) == [b"@node"]

    until(empty)


def test_a_driver_that_is_silent_for_long_is_removed(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    for driver_id in ("silent-1", "silent-2", "speaks"):
        publish(hub, driver_id)

    def silence() -> None:
        node, fleet = hub.node, hub.node.hub.fleet("f")
        long_ago = node.clock.now() - timedelta(days=31)
        for driver_id in ("silent-1", "silent-2"):
            fleet.heard.pop(driver_id)
        # In any order, as drivers with thresholds of their own.
        fleet.lost |= {"silent-2": node.clock.now() + timedelta(seconds=1), "silent-1": long_ago}

    hub.call(silence)
    hub.call(lambda: hub.loop.create_task(hub.node.removals.expire()) and None)
    until(lambda: "silent-1" not in live(hub))
    assert {"silent-2", "speaks"} <= set(live(hub))


async def test_with_0_days_no_driver_is_removed() -> None:
    node = Node(Settings(live_days=0), connect("redis://127.0.0.1:1", 1.0))
    fleet = node.hub.fleet("f")
    node.hub.publish(fleet, "d", Fix(1, 2), node.clock.now())
    fleet.lost["d"] = datetime(2000, 1, 1, tzinfo=UTC)
    await node.removals.expire()
    assert "d" in fleet.latest


def test_a_hub_on_a_new_database_knows_that_there_are_no_past_removals(services: Services) -> None:
    """Its schema is made while screens come already."""
    urls = {"redis_url": services.settings.redis_url, "database_url": services.settings.database_url}
    with edge(Settings(port=0, **urls)) as new:
        until(lambda: new.node.hub.knows_past)
