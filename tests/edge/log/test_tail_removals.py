"""Drivers that were removed at one of two hubs, or before one started, are no ghosts at any."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import redis

from hub.settings import Settings
from hub.wire.layout import ONLY
from hub.wire.log import LOG_KEY
from tests.edge.log.conftest import knows_past
from tests.edge.log.test_tail import FLEET, fix, send, token_after, until, until_latest, watch
from tests.support.api.fleets import execute
from tests.support.peers import PATIENCE
from tests.support.running import Edge, edge


def test_a_driver_that_was_removed_before_a_hub_started_is_no_ghost(settings: Settings, store: redis.Redis) -> None:
    store.flushall()
    with edge(settings) as one:
        send(one, fix("a", 25.1), fix("ghost", 25.1))
        with watch(one) as screen:
            until(screen, "synced")
            token = token_after(one, screen)
        statement = "INSERT INTO erasures (fleet, driver_id, until, history) VALUES ('default', 'ghost', now(), false)"
        asyncio.run(execute(settings.database_url, statement))
        one.call(lambda: one.node.removals.remove(FLEET, "ghost", one.node.clock.now()))
    with edge(settings) as two:
        with watch(knows_past(two), {"resume": token}) as screen:
            messages = until(screen, "synced")
            assert messages[0]["reset"] is False
            assert [each["driverId"] for each in messages if each["type"] == "left"] == ["ghost"]
        two.call(lambda: setattr(two.node.hub, "knows_past", False))
        with watch(two, {"resume": token}) as screen:
            assert until(screen, "synced")[0]["reset"] is True
    asyncio.run(execute(settings.database_url, "DELETE FROM erasures"))


def test_a_removed_driver_does_not_come_back_out_of_the_log(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    """A hub that is behind hears of the removal before it reads the driver's last position."""
    one, two = hubs
    send(one, fix("a", 25.1))
    until_latest(two, "a", 25.1)
    known = store.hget(ONLY.latest(FLEET), "a")
    for hub in hubs:
        assert hub.call(lambda hub=hub: hub.node.removals.remove(FLEET, "a", datetime.now(UTC)))
    store.xadd(LOG_KEY, {"@node": "gone 0 1", FLEET: f"[{known}]"})
    send(one, fix("b", 25.5))
    until_latest(two, "b", 25.5)
    assert two.call(lambda: list(two.node.hub.fleet(FLEET).latest)) == ["b"]
    send(one, fix("a", 25.3))
    until_latest(two, "a", 25.3)


def test_a_removal_whose_event_redis_lost_is_applied(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    one, two = hubs
    send(one, fix("ghost", 25.1))
    until_latest(two, "ghost", 25.1)
    statement = "INSERT INTO erasures (fleet, driver_id, until, history) VALUES ('default', 'ghost', now(), false)"
    asyncio.run(execute(one.settings.database_url, statement))
    store.flushall()
    send(one, fix("other", 25.1))
    for hub in hubs:
        deadline = time.monotonic() + PATIENCE
        while hub.call(lambda hub=hub: "ghost" in hub.node.hub.fleet(FLEET).latest):  # type: ignore[misc]
            assert time.monotonic() < deadline
            time.sleep(0.02)
    asyncio.run(execute(one.settings.database_url, "DELETE FROM erasures"))
