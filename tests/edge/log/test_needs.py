"""Several partitions: a hub follows those that its clients need, and shows the same as one that always followed."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis

from hub.core.live.facts.states import Change
from hub.edge.log.appenders import Appenders
from hub.identity import tokens as tokens_of
from hub.settings import Settings
from hub.wire.layout import Layout
from tests.edge.log.conftest import knows_past
from tests.edge.log.test_tail import fix, until
from tests.support.api.calls import get, post
from tests.support.peers import Peer
from tests.support.repository import ROOT
from tests.support.running import Edge, edge
from tests.support.running import until as wait_until
from tests.support.valkeys import Server, data

LAYOUT = Layout("four", 4)
HERE, ELSEWHERE = "seven", "eight"
"""Fleets of different partitions."""

PART = LAYOUT.holding(HERE)[0]
IDLE = 1.0


@pytest.fixture(scope="module")
def guarded(settings: Settings) -> Settings:
    # Presence that a test can wait for, and drivers that are long offline already.
    return msgspec.structs.replace(settings, jwt_secret="s" * 32, stale_after=20.0, offline_after=60.0)


@pytest.fixture
def hubs(guarded: Settings, store: redis.Redis) -> Iterator[tuple[Edge, Edge]]:
    """One that is always needed, and one that drops what it does not need for a second."""
    store.flushall()
    brief = msgspec.structs.replace(guarded, partition_idle=IDLE)
    with edge(guarded, layout=LAYOUT, loads=True) as one, edge(brief, layout=LAYOUT, loads=True) as two:
        yield knows_past(one), knows_past(two)


def token(hub: Edge, role: str, fleet: str = HERE) -> str:
    return tokens_of.issue(hub.settings, fleet, role, "t", 600)


def opened(hub: Edge, role: str, fleet: str = HERE) -> Peer:
    return Peer(hub.address, "/ws?subscribe=none", [f"Authorization: Bearer {token(hub, role, fleet)}"])


def screen_of(hub: Edge, since: dict[str, Any] | None = None) -> Peer:
    screen = opened(hub, "dispatcher")
    screen.say({"type": "subscribe", "id": "s", "all": True, **({"since": since} if since else {})})
    return screen


def send(hub: Edge, *fixes: dict[str, Any], fleet: str = HERE) -> None:
    """Send fixes, and return when they are durable."""
    with opened(hub, "gateway", fleet) as peer:
        for number, each in enumerate(fixes, 1):
            peer.say({**each, "msgNo": number})
        while peer.hear() != {"type": "ack", "msgNo": len(fixes)}:
            pass


def picture(messages: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Positions and statuses as a screen has them, without numbers of the node."""
    positions, statuses = {}, {}
    for each in messages:
        if each["type"] == "location":
            positions[each["driverId"]] = {name: value for name, value in each.items() if name != "seq"}
        elif each["type"] == "status":
            statuses[each["driverId"]] = each
    return positions, statuses


def followed(hub: Edge) -> list[int]:
    return [tail.partition.number for tail in hub.node.tail.all if tail.place.loaded]


def dropped(hub: Edge) -> None:
    """Its partitions are dropped, once recorders have reported that PostgreSQL has what it acked."""
    stored = {hub.node.hub.epoch: 1_000_000}
    assert isinstance(hub.node.appender, Appenders)
    for appender in hub.node.appender.all:
        hub.call(partial(appender.stored, stored))
    wait_until(lambda: not followed(hub))
    assert hub.call(lambda: [fleet.latest for fleet in hub.node.hub.fleets.values() if fleet.latest]) == []


def keys_read(store: redis.Redis) -> set[str]:
    """Keys of logs that hubs read in the time between two reads of the signs of others."""
    found: set[str] = set()
    with store.monitor() as monitor:
        signs = 0
        for command in monitor.listen():
            words = command["command"].split()
            if words[0].upper() == "XREAD":
                signs += "hub:signs" in words
                found |= {word for word in words if word.endswith(":log")}
            if signs == 2:
                break
    return found


def test_a_hub_without_need_reads_nothing(guarded: Settings, store: redis.Redis) -> None:
    store.flushall()
    brief = msgspec.structs.replace(guarded, partition_idle=IDLE)
    with edge(brief, layout=LAYOUT, loads=True) as hub:
        assert keys_read(store) == set() and followed(hub) == []
        with screen_of(hub) as screen:
            until(screen, "synced")
            assert keys_read(store) == {PART.log}
        dropped(hub)
        assert keys_read(store) == set()
        assert hub.node.tail.positions == 0 and hub.node.needs.loads == 1


def test_what_is_needed_late_looks_as_if_it_was_always_followed(hubs: tuple[Edge, Edge]) -> None:
    one, two = hubs
    with screen_of(one) as always:
        until(always, "synced")
        send(one, *(fix(f"d{number}", 25 + number / 100, ago=2 * number) for number in range(10)))
        # PostgreSQL tells all hubs of a state, and of a driver that was removed.
        for hub in hubs:
            now = hub.call(hub.node.clock.now)
            hub.call(lambda hub=hub, now=now: hub.node.hub.set_state(HERE, "d4", Change("busy", 1, now)))
            hub.call(lambda hub=hub, now=now: hub.node.removals.apply(HERE, "d3", now, None))
        until(always, "left", driverId="d3")
    with screen_of(one) as always, screen_of(two) as late:
        positions, statuses = picture(until(always, "synced"))
        assert set(positions) == {f"d{number}" for number in range(10)} - {"d3"}
        assert picture(until(late, "synced")) == (positions, statuses)
        send(two, fix("d1", 26.0))
        until(always, "location", latitude=26.0)
        until(late, "location", latitude=26.0)

    def drivers(hub: Edge) -> dict[str, Any]:
        answer = get(hub, "/api/v1/drivers", token(hub, "dispatcher")).json
        for each in answer["drivers"]:
            each["position"].pop("seq")
            assert (each.get("state") == "busy") == (each["driverId"] == "d4")
        return {each["driverId"]: each for each in answer["drivers"]}

    assert drivers(one) == drivers(two)


def test_drivers_that_are_silent_are_loaded_as_such(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    """One was heard a minute ago by its position, another one since then by another hub."""
    one, two = hubs
    send(one, fix("silent", 25.1), fix("heard", 25.2))
    for driver in ("silent", "heard"):
        text = store.hget(PART.latest(HERE), driver)
        assert text is not None
        at = text.partition('"receivedAt":"')[2].partition('"')[0]
        before = datetime.fromisoformat(at) - timedelta(seconds=90)
        store.hset(PART.latest(HERE), driver, text.replace(at, before.isoformat().replace("+00:00", "Z")))
    store.delete(PART.log)
    heard = msgspec.json.encode({HERE: ["heard"]}).decode()
    store.xadd("hub:signs", {"node": "other", "at": datetime.now(UTC).isoformat(), "heard": heard})
    with screen_of(two) as screen:
        _, statuses = picture(until(screen, "synced"))
    assert {driver: each["status"] for driver, each in statuses.items()} == {"silent": "offline"}


def test_a_partition_without_need_is_dropped_and_loaded_again(hubs: tuple[Edge, Edge]) -> None:
    one, two = hubs
    send(one, fix("a", 25.1), fix("b", 25.1))
    send(one, fix("x", 25.1), fleet=ELSEWHERE)
    with screen_of(two) as screen:
        first = until(screen, "synced")
        own = until(screen, "heartbeat")[-1]
        assert get(two, "/api/v1/nearby?latitude=25&longitude=55", token(two, "dispatcher", ELSEWHERE)).status == 200
        # A request is a need for a time, a connection for as long as it lasts.
        wait_until(lambda: followed(two) == [PART.number])
    dropped(two)
    send(one, fix("b", 25.2))
    two.call(lambda: two.node.removals.apply(HERE, "a", two.node.clock.now(), None))
    one.call(lambda: one.node.removals.apply(HERE, "a", one.node.clock.now(), None))
    wait_until(lambda: one.call(lambda: not one.node.unlogged.size and not one.node.unlogged.waiting))
    since = {"epoch": first[0]["epoch"], "seq": own["seq"], "resume": own["resume"]}
    with screen_of(two, since) as screen:
        messages = until(screen, "synced")
        assert messages[0]["reset"] is False
        assert [each["latitude"] for each in messages if each["type"] == "location"] == [25.2]
        assert [each["driverId"] for each in messages if each["type"] == "left"] == ["a"]
    assert two.node.needs.loads == 3
    # By its own numbers alone, from before the drop, it cannot tell what the screen lacks.
    with screen_of(two, {"epoch": first[0]["epoch"], "seq": own["seq"]}) as screen:
        assert until(screen, "synced")[0]["reset"] is True


def test_a_cursor_ends_with_what_it_was_made_of(hubs: tuple[Edge, Edge]) -> None:
    one, two = hubs
    send(one, fix("a", 25.1), fix("b", 25.2))
    page = get(two, "/api/v1/drivers?limit=1", token(two, "dispatcher")).json
    again = f"/api/v1/drivers?limit=1&cursor={page['next']}"
    assert len(get(two, again, token(two, "dispatcher")).json["drivers"]) == 1
    dropped(two)
    refused = get(two, again, token(two, "dispatcher"))
    assert refused.status == 422 and "begin with the first page" in refused.json["detail"]


def test_a_late_fix_by_a_request_does_not_become_the_latest(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    """The hub has to know the latest position before it takes a fix."""
    one, two = hubs
    send(one, fix("a", 25.1))
    answer = post(two, "/api/v1/location", fix("a", 24.0, ago=30), token(two, "gateway"))
    assert answer.status == 200 and answer.json["accepted"] == 1
    assert post(two, "/osmand?id=a&lat=23&lon=55&timestamp=1700000000", b"", token(two, "gateway")).status == 200
    assert '"latitude":25.1' in (store.hget(PART.latest(HERE), "a") or "")
    dropped(two)
    assert post(two, "/osmand?id=a&lat=23&lon=55&timestamp=1700000001", b"", token(two, "gateway")).status == 200
    assert '"latitude":25.1' in (store.hget(PART.latest(HERE), "a") or "")


def test_what_uses_latest_positions_waits_for_them() -> None:
    files = [file for file in (ROOT / "hub/edge/api").rglob("*.py") if "hub.fleet(" in file.read_text()]
    waits = ("live=True", "needs.of(", "is_live(")
    assert files and [file for file in files if not any(words in file.read_text() for words in waits)] == []


def test_many_wait_for_one_load(hubs: tuple[Edge, Edge]) -> None:
    one, two = hubs
    send(one, *(fix(f"d{number}", 25.0) for number in range(300)))
    with contextlib.ExitStack() as stack:
        screens = [stack.enter_context(screen_of(two)) for _ in range(5)]
        assert [len(picture(until(screen, "synced"))[0]) for screen in screens] == [300] * 5
    assert two.node.needs.loads == 1


@pytest.mark.parametrize("away", [signal.SIGSTOP, signal.SIGKILL])
def test_without_redis_what_is_not_loaded_is_unavailable(
    guarded: Settings, tmp_path: Path, away: signal.Signals
) -> None:
    server = Server(tmp_path / "valkey")
    server.start(*data())
    settings = msgspec.structs.replace(guarded, redis_url=server.url, redis_timeout=0.5, partition_wait=2.0)
    try:
        wait_until(lambda: _answers(server))
        with edge(settings, layout=LAYOUT, loads=True) as hub:
            send(hub, fix("x", 25.1), fleet=ELSEWHERE)
            server.signal(away)
            refused = get(hub, "/api/v1/drivers", token(hub, "dispatcher"))
            assert refused.status == 503 and "retry-after" in refused.headers
            assert refused.json["detail"] == ("the fleet's latest positions cannot be loaded: Redis does not answer")
            with pytest.raises(AssertionError, match="503"):
                opened(hub, "dispatcher").close()
            # What is in memory is served, and what is in PostgreSQL.
            known = get(hub, "/api/v1/drivers", token(hub, "dispatcher", ELSEWHERE))
            assert [each["driverId"] for each in known.json["drivers"]] == ["x"]
            assert get(hub, "/api/v1/shares", token(hub, "dispatcher")).status == 200
            if away is signal.SIGSTOP:
                server.signal(signal.SIGCONT)
                wait_until(lambda: get(hub, "/api/v1/drivers", token(hub, "dispatcher")).status == 200)
    finally:
        server.kill()


def _answers(server: Server) -> bool:
    try:
        return bool(server.call("PING"))
    except redis.RedisError:
        return False
