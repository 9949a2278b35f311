"""Two hubs on one Redis: what one accepts, the other shows; screens change hubs without starting again."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import redis

from hub.core.live.log_place import entry_number
from hub.identity import tokens as tokens_of
from hub.settings import Settings
from hub.wire.layout import ONLY, Layout
from hub.wire.log import LOG_KEY
from tests.edge.log.conftest import knows_past
from tests.support.peers import PATIENCE, Peer
from tests.support.running import Edge, edge

FLEET = "default"


def send(hub: Edge, *fixes: dict[str, Any]) -> None:
    """Send fixes of one driver app, and return when they are durable."""
    with Peer(hub.address, "/ws?subscribe=none") as peer:
        for number, fix in enumerate(fixes, 1):
            peer.say({**fix, "msgNo": number})
        while peer.hear() != {"type": "ack", "msgNo": len(fixes)}:
            pass


def fix(driver: str, latitude: float, ago: float = 0.0) -> dict[str, Any]:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    return {"driverId": driver, "latitude": latitude, "longitude": 55.0, "recordedAt": at.isoformat()}


def watch(hub: Edge, since: dict[str, Any] | None = None, **what: Any) -> Peer:
    screen = Peer(hub.address, "/ws?subscribe=none")
    screen.say({"type": "subscribe", "id": "s", **(what or {"all": True}), **({"since": since} if since else {})})
    return screen


def until(screen: Peer, type: str, **fields: Any) -> list[dict[str, Any]]:
    """The messages up to the first of a type with these fields."""
    messages = []
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        messages.append(screen.hear())
        if messages[-1]["type"] == type and all(messages[-1].get(name) == value for name, value in fields.items()):
            return messages
    raise AssertionError(messages)


def token_after(hub: Edge, screen: Peer) -> str:
    """A token that contains everything in the log."""
    with redis.Redis.from_url(hub.settings.redis_url, decode_responses=True) as client:
        last = client.xinfo_stream(LOG_KEY)["last-generated-id"]
    wanted = entry_number(last)
    while True:
        token = str(until(screen, "heartbeat")[-1]["resume"])
        if int(token.partition(".")[2], 16) >= wanted:
            return token


def latitudes(messages: list[dict[str, Any]]) -> dict[str, float]:
    return {each["driverId"]: each["latitude"] for each in messages if each["type"] == "location"}


def test_a_position_at_one_hub_is_shown_at_the_other(hubs: tuple[Edge, Edge]) -> None:
    one, two = hubs
    with watch(two) as screen:
        until(screen, "synced")
        send(one, fix("a", 25.1))
        shown = until(screen, "location", driverId="a")[-1]
        assert shown["latitude"] == 25.1 and shown["seq"] == 1
        # The driver changes hubs.
        send(two, fix("a", 25.2))
        assert until(screen, "location")[-1]["seq"] == 2
        send(one, fix("a", 25.3))
        assert until(screen, "location")[-1]["latitude"] == 25.3
    assert two.node.tail.shown == 2


def test_a_late_fix_through_another_hub_is_stored_and_not_shown(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    one, two = hubs
    with watch(two) as screen:
        until(screen, "synced")
        send(one, fix("a", 25.1))
        until(screen, "location")
        send(two, fix("a", 24.0, ago=30))
        send(one, fix("b", 25.5))
        assert latitudes(until(screen, "location", driverId="b")) == {"b": 25.5}
    assert '"latitude":25.1' in (store.hget(ONLY.latest(FLEET), "a") or "")
    assert store.xlen(LOG_KEY) >= 3


def test_a_screen_resumes_at_another_hub(hubs: tuple[Edge, Edge]) -> None:
    one, two = hubs
    send(one, fix("a", 25.1), fix("b", 25.1), fix("c", 25.1))
    with watch(one, bbox=[54, 25, 56, 26]) as screen:
        assert latitudes(until(screen, "synced")) == {"a": 25.1, "b": 25.1, "c": 25.1}
        token = token_after(one, screen)
    send(two, fix("b", 25.2))
    send(one, fix("c", 27.0))  # out of the area
    until_latest(two, "c", 27.0)
    with watch(two, {"resume": token}, bbox=[54, 25, 56, 26]) as screen:
        messages = until(screen, "synced")
    assert messages[0]["reset"] is False
    assert latitudes(messages) == {"b": 25.2}
    assert [each["driverId"] for each in messages if each["type"] == "left"] == ["c"]


def test_a_screen_resumes_at_a_hub_that_has_just_started(settings: Settings, store: redis.Redis) -> None:
    store.flushall()
    with edge(settings, loads=True) as one:
        send(one, fix("a", 25.1), fix("b", 25.1))
        with watch(one) as screen:
            until(screen, "synced")
            token = token_after(one, screen)
        send(one, fix("b", 25.2))
    with (
        edge(settings, loads=True) as two,
        watch(knows_past(two), {"epoch": "gone", "seq": 5, "resume": token}) as screen,
    ):
        messages = until(screen, "synced")
        assert messages[0]["reset"] is False and messages[0]["epoch"] == two.node.hub.epoch
        assert latitudes(messages) == {"b": 25.2}


def test_a_screen_resumes_after_a_quiet_time(settings: Settings, store: redis.Redis) -> None:
    """Nothing moved for years, then a position comes, and the hub is restarted before the screen has a newer token."""
    store.flushall()
    with edge(settings, loads=True) as one:
        send(one, fix("a", 25.1))
    ((_, fields),) = store.xrange(LOG_KEY)
    store.delete(LOG_KEY)
    store.xadd(LOG_KEY, {"@node": "gone 0 1", FLEET: "[]"}, id="1000-0")
    store.xadd(LOG_KEY, fields, id="2000-0")
    store.xtrim(LOG_KEY, minid="2000-0")
    with edge(settings, loads=True) as two:
        with watch(two) as screen:
            token = until(screen, "synced")[-1]["resume"]
        send(two, fix("b", 25.2))
    with edge(settings, loads=True) as three, watch(three, {"epoch": "gone", "seq": 5, "resume": token}) as screen:
        messages = until(screen, "synced")
        assert messages[0]["reset"] is False
        assert latitudes(messages) == {"b": 25.2}


def test_a_screen_resumes_in_the_first_minute_of_a_log(settings: Settings, store: redis.Redis) -> None:
    store.flushall()
    with edge(settings, loads=True) as one:
        with watch(one) as screen:
            token = until(screen, "synced")[-1]["resume"]
        send(one, fix("a", 25.1))
    with edge(settings, loads=True) as two, watch(two, {"epoch": "gone", "seq": 5, "resume": token}) as screen:
        messages = until(screen, "synced")
        assert messages[0]["reset"] is False
        assert latitudes(messages) == {"a": 25.1}


@pytest.mark.parametrize("token", ["other.1", "{log}.1", "{log}.ffffffffffffffffffffffff", "{log}.x", "x"])
def test_a_token_that_cannot_be_followed_is_a_reset(hubs: tuple[Edge, Edge], store: redis.Redis, token: str) -> None:
    one, _ = hubs
    send(one, fix("a", 25.1))
    # The log begins later than the token.
    one.call(lambda: setattr(one.node.hub.log_places[0], "known_from", 2))
    with watch(one, {"resume": token.format(log=store.get("hub:generation"))}) as screen:
        messages = until(screen, "synced")
        assert messages[0]["reset"] is True and latitudes(messages) == {"a": 25.1}


@pytest.mark.parametrize("since", [{}, {"epoch": "e"}, {"seq": 1}, {"seq": 1, "resume": "x"}])
def test_half_a_place_to_resume_is_refused(hubs: tuple[Edge, Edge], since: dict[str, Any]) -> None:
    with Peer(hubs[0].address, "/ws?subscribe=none") as screen:
        screen.say({"type": "subscribe", "id": "s", "all": True, "since": since})
        assert screen.hear() == {
            "type": "error", "code": "invalid", "field": "since",
            "detail": "epoch and seq, or resume, or all three are required",
        }  # fmt: skip


def test_a_driver_that_only_gives_signs_of_life_is_online_at_every_hub(hubs: tuple[Edge, Edge]) -> None:
    one, two = hubs
    send(one, fix("a", 25.1, ago=20))
    until_latest(two, "a", 25.1)
    fleet = two.node.hub.fleet(FLEET)
    before = fleet.heard_at("a")
    one.call(lambda: one.node.hub.hear(one.node.hub.fleet(FLEET), "a", one.node.clock.now()))
    deadline = time.monotonic() + PATIENCE
    while fleet.heard_at("a") == before:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_signs_of_life_count_by_the_clock_of_their_hub(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    one, two = hubs
    # Redis counts on from here, as after its clock was set back: the ids of entries tell no time.
    store.xadd("hub:signs", {"node": "other"}, id=f"{2**63 - 1}-0")
    send(one, fix("a", 25.1, ago=20))
    until_latest(two, "a", 25.1)
    now = one.call(lambda: one.node.clock.now())
    one.call(lambda: one.node.hub.hear(one.node.hub.fleet(FLEET), "a", now))
    until_heard = time.monotonic() + PATIENCE
    while two.call(lambda: two.node.hub.fleet(FLEET).heard_at("a")) < now:
        assert time.monotonic() < until_heard
        time.sleep(0.02)


def test_what_cannot_be_applied_ends_no_hub(hubs: tuple[Edge, Edge], store: redis.Redis, settings: Settings) -> None:
    one, two = hubs
    send(one, fix("a", 25.1))
    until_latest(two, "a", 25.1)
    known = store.hget(ONLY.latest(FLEET), "a")
    assert known
    at = known.partition('"recordedAt":"')[2].partition('"')[0]
    later = (datetime.fromisoformat(at) + timedelta(seconds=1)).isoformat()
    other = known.replace(at, later.replace("+00:00", "Z"))
    for text in (
        "{}",
        "{",
        other.replace('"seq"', '"number"'),
        other.replace(later.replace("+00:00", "Z"), later.replace("+00:00", "")),
        other.replace("25.1", "1e999"),
    ):
        store.xadd(LOG_KEY, {"@node": "gone 0 1", FLEET: f"[{text}]"})
        store.xadd(LOG_KEY, {"@node": "gone 0 1", "f": text})
    send(one, fix("b", 25.5))
    until_latest(two, "b", 25.5)
    with edge(settings, loads=True) as three:
        until_latest(three, "a", 25.1)
        send(one, fix("b", 25.6))
        until_latest(three, "b", 25.6)


def test_a_dead_letter_that_is_repeated_shows_no_driver(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    one, two = hubs
    send(one, fix("a", 25.1, ago=20))
    until_latest(two, "a", 25.1)
    known = store.hget(ONLY.latest(FLEET), "a")
    assert known
    store.xadd(LOG_KEY, {"@node": "again", FLEET: "[" + known.replace('"a"', '"removed"') + "]"})
    send(one, fix("b", 25.5))
    until_latest(two, "b", 25.5)
    assert two.call(lambda: list(two.node.hub.fleet(FLEET).latest)) == ["a", "b"]


def test_an_emptied_log_is_noticed_and_nothing_is_lost_after_it(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    one, two = hubs
    send(one, fix("a", 25.1))
    with watch(two) as screen:
        until(screen, "synced")
        token = token_after(two, screen)
        store.delete(LOG_KEY)
        store.client_kill_filter(_type="normal", skipme=True)  # as a failover does
        send(one, fix("a", 25.2))
        until(screen, "location", latitude=25.2)
        send(one, fix("a", 25.3))
        until(screen, "location", latitude=25.3)
    assert two.node.tail.reloads == 1
    assert two.node.hub.log_places[0].entry_of(token) is None  # another generation


def test_latest_positions_that_redis_lost_are_stored_again(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    """A driver that is parked sends nothing more, and was recorded long ago."""
    one, two = hubs
    send(one, fix("parked", 25.1))
    until_latest(two, "parked", 25.1)
    for hub in hubs:
        hub.call(lambda hub=hub: hub.node.appender.stored({hub.node.hub.epoch: 10}))
    store.flushall()
    store.client_kill_filter(_type="normal", skipme=True)
    send(one, fix("b", 25.5))
    deadline = time.monotonic() + PATIENCE
    while set(store.hkeys(ONLY.latest(FLEET))) != {"parked", "b"}:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_a_hub_put_back_is_restored(hubs: tuple[Edge, Edge], store: redis.Redis) -> None:
    """The older of two positions reaches the log last, before its hub has read the newer one."""
    one, two = hubs
    send(one, fix("a", 25.1, ago=20))
    until_latest(two, "a", 25.1)
    frozen = store.hget(ONLY.latest(FLEET), "a")
    assert frozen
    send(two, fix("a", 25.2, ago=10))
    until_latest(one, "a", 25.2)
    # As the transaction of another hub leaves it: entry and latest position.
    late = frozen.replace("25.1", "25.15")
    with store.pipeline(transaction=True) as transaction:
        transaction.xadd(LOG_KEY, {"@node": "gone 0 1", FLEET: f"[{late}]"})
        transaction.hset(ONLY.latest(FLEET), "a", late)
        transaction.execute()
    deadline = time.monotonic() + PATIENCE
    while "25.2" not in (store.hget(ONLY.latest(FLEET), "a") or ""):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def until_latest(hub: Edge, driver: str, latitude: float) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        update = hub.call(lambda: hub.node.hub.fleet(FLEET).latest.get(driver))
        if update is not None and update.latitude == latitude:
            return
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_hubs_show_all_partitions(settings: Settings, store: redis.Redis) -> None:
    store.flushall()
    layout = Layout("four", 4)
    fleets = ["seven", "eight", "nine", "ten", "north", "south"]
    assert {layout.holding(fleet)[0].number for fleet in fleets} == {0, 1, 2, 3}
    secret = "s" * 32
    guarded = msgspec.structs.replace(settings, jwt_secret=secret)

    def opened(hub: Edge, fleet: str, role: str) -> Peer:
        token = tokens_of.issue(guarded, fleet, role, "t", 600)
        return Peer(hub.address, "/ws?subscribe=none", [f"Authorization: Bearer {token}"])

    with ExitStack() as stack:
        one, two = (stack.enter_context(edge(guarded, layout=layout, loads=True)) for _ in range(2))
        tokens = {}
        for fleet in fleets:
            with opened(one, fleet, "gateway") as driver, opened(two, fleet, "dispatcher") as screen:
                screen.say({"type": "subscribe", "id": "s", "all": True})
                until(screen, "synced")
                driver.say({**fix("a", 25.1), "msgNo": 1})
                until(screen, "location", latitude=25.1)
                heard = until(screen, "heartbeat")
                while int(str(heard[-1]["resume"]).partition(".")[2], 16) <= 0:
                    heard = until(screen, "heartbeat")
                tokens[fleet] = heard[-1]["resume"]
        three = knows_past(stack.enter_context(edge(guarded, layout=layout, loads=True)))
        for fleet in fleets:
            with opened(three, fleet, "dispatcher") as screen:
                screen.say({"type": "subscribe", "id": "s", "all": True, "since": {"resume": tokens[fleet]}})
                messages = until(screen, "synced")
                assert messages[0]["reset"] is False and latitudes(messages) in ({}, {"a": 25.1})


def test_a_hub_that_starts_on_a_full_redis_has_tokens_once_there_is_room(
    settings: Settings, store: redis.Redis
) -> None:
    store.flushall()
    before = store.config_get("maxmemory")["maxmemory"]
    store.config_set("maxmemory", 1)
    try:
        with edge(settings, loads=True) as hub, watch(hub) as screen:
            assert "resume" not in until(screen, "synced")[-1]
            store.config_set("maxmemory", before)
            while "resume" not in until(screen, "heartbeat")[-1]:
                pass
    finally:
        store.config_set("maxmemory", before)
