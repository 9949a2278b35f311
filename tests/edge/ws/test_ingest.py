"""The life of a message at the socket: the first contract, arrays, acks, refusals, roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import msgspec
import pytest

from hub.core.principal import Role
from tests.support.live.transcripts import converse
from tests.support.peers import Peer
from tests.support.running import Edge, edge, until

SETTINGS = {"max_subscriptions": 2, "max_subscription_drivers": 3, "max_batch": 8}

SECRET = "a secret of at least thirty-two bytes"
FULL = "/ws?subscribe=none"


@pytest.fixture(autouse=True)
def empty(hub: Edge) -> None:
    """A hub that knows no driver yet."""
    until(lambda: hub.node.sockets.count == 0 and hub.node.unlogged.size == 0)
    hub.call(hub.node.hub.fleets.clear)


@pytest.fixture
def tight(hub: Edge) -> Iterator[Edge]:
    """A hub that can hold five positions until its log has them."""
    with edge(msgspec.structs.replace(hub.settings, max_unlogged=5)) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(hub: Edge) -> Iterator[Edge]:
    """A hub that wants a token of everybody."""
    with edge(msgspec.structs.replace(hub.settings, jwt_secret=SECRET)) as running:
        yield running


def token(role: Role, fleet: str = "f", **claims: str) -> list[str]:
    """The header line of a token."""
    now = datetime.now(UTC)
    claims = {"sub": "somebody", "fleet": fleet, "role": role, **claims}
    encoded = jwt.encode({**claims, "iat": now, "exp": now + timedelta(hours=1)}, SECRET, "HS256")
    return [f"Authorization: Bearer {encoded}"]


def test_the_first_contract(hub: Edge) -> None:
    """Older than everything else and never broken: see the first lines of docs/protocol.md."""
    with Peer(hub.address) as one, Peer(hub.address) as other:
        converse(
            hub,
            """
            one → {"latitude": 12.345, "longitude": 67.890, "driverId": "driver-xyz-789"}
            other ← {"type":"location","driverId":"driver-xyz-789","latitude":12.345,"longitude":67.89,"recordedAt":"…","receivedAt":"…","seq":"…"}
            one ← nothing
            other → {"latitude": -1, "longitude": 2.5, "driverId": "another", "speed": 3}
            one ← {"type":"location","driverId":"another","latitude":-1.0,"longitude":2.5,"recordedAt":"…","receivedAt":"…","seq":"…","speed":3.0}
            other ← nothing
            """,  # noqa: E501
            one=one,
            other=other,
        )


def test_a_plain_connection_begins_with_what_is_known(hub: Edge) -> None:
    with Peer(hub.address) as one:
        one.say({"latitude": 1, "longitude": 2, "driverId": "a", "attributes": {"x": [1, None]}})
        one.say({"latitude": 1, "longitude": 2, "driverId": "b", "speed": 1, "heading": 2, "accuracy": 3, "altitude": 4,
                 "battery": 0.5})  # fmt: skip
        one.say({"latitude": 3, "longitude": 2, "driverId": "a"})
        assert one.hear_all() == []
        with Peer(hub.address) as late:
            converse(
                hub,
                """
                late ← {"type":"location","driverId":"a","latitude":3.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
                late ← {"type":"location","driverId":"b","latitude":1.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":"…","speed":1.0,"heading":2.0,"accuracy":3.0,"altitude":4.0,"battery":0.5}
                late ← nothing
                """,  # noqa: E501
                late=late,
            )


def test_a_plain_connection_is_answered_and_told_nothing_else(hub: Edge) -> None:
    with Peer(hub.address) as one, Peer(hub.address, FULL) as full:
        converse(
            hub,
            """
            one → {"latitude":1,"longitude":2,"driverId":"a","msgNo":1}
            one ← {"type":"ack","msgNo":1}
            one → {"latitude":1,"longitude":200,"driverId":"a","msgNo":2}
            one ← {"type":"error","code":"invalid","detail":"…","field":"longitude","msgNo":2}
            full ← nothing
            one ← nothing
            """,
            one=one,
            full=full,
        )


def test_a_plain_connection_that_subscribes_gets_the_full_protocol(hub: Edge) -> None:
    with Peer(hub.address) as one, Peer(hub.address, FULL) as driver:
        converse(
            hub,
            """
            one → {"type":"subscribe","id":"mine","drivers":["a"]}
            one ← {"type":"subscribed","id":"mine","epoch":"…","seq":"…","count":0,"reset":true}
            one ← {"type":"synced","id":"mine","seq":"…"}
            driver → [{"latitude":1,"longitude":2,"driverId":"b"},{"latitude":1,"longitude":2,"driverId":"a"}]
            driver ← nothing
            one ← {"type":"location","driverId":"a","latitude":1.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
            one → {"type":"unsubscribe","id":"mine"}
            one ← {"type":"unsubscribed","id":"mine"}
            driver → {"latitude":1,"longitude":3,"driverId":"a"}
            driver ← nothing
            one ← nothing
            """,  # noqa: E501
            one=one,
            driver=driver,
        )


def test_a_bad_fix_rejects_itself_and_not_its_neighbours(hub: Edge) -> None:
    with Peer(hub.address) as screen, Peer(hub.address, FULL) as driver:
        converse(
            hub,
            """
            driver → [{"latitude":1,"longitude":2,"driverId":"a","msgNo":1}, 7, {"latitude":91,"longitude":2,"driverId":"b","msgNo":3}, {"latitude":1,"longitude":2,"driverId":"a b","msgNo":4}, {"latitude":1,"longitude":2,"driverId":"c","msgNo":5}]
            driver ← {"type":"error","code":"malformed","detail":"…"}
            driver ← {"type":"error","code":"invalid","detail":"…","field":"latitude","msgNo":3}
            driver ← {"type":"error","code":"invalid","detail":"…","field":"driverId","msgNo":4}
            driver ← {"type":"ack","msgNo":5}
            screen ← {"type":"location","driverId":"a","latitude":1.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
            screen ← {"type":"location","driverId":"c","latitude":1.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
            screen ← nothing
            driver → []
            driver ← nothing
            """,  # noqa: E501
            screen=screen,
            driver=driver,
        )


def test_an_array_that_is_too_long_is_refused_whole(hub: Edge) -> None:
    fixes: list[Any] = [{"latitude": 1, "longitude": 2, "driverId": "a", "msgNo": number} for number in range(9)]
    with Peer(hub.address, FULL) as driver:
        for message in (fixes, [*fixes[:8], "bad"]):
            driver.say(message)
            error = driver.hear()
            assert error == {"type": "error", "code": "too_many", "detail": "a message may have at most 8 fixes"}
        assert driver.hear_all() == []
        assert hub.call(lambda: hub.node.hub.fleet("default").latest) == {}


def test_acks_are_cumulative_and_name_what_carried_a_number(hub: Edge) -> None:
    with Peer(hub.address, FULL) as driver:
        converse(
            hub,
            """
            driver → [{"latitude":1,"longitude":2,"driverId":"a","msgNo":3},{"latitude":1,"longitude":2,"driverId":"a"},{"latitude":1,"longitude":2,"driverId":"b","msgNo":4}]
            driver ← {"type":"ack","msgNo":4}
            driver → {"latitude":1,"longitude":2,"driverId":"a"}
            driver ← nothing
            driver → {"latitude":1,"longitude":2,"driverId":"a","msgNo":9007199254740992}
            driver ← {"type":"ack","msgNo":9007199254740992}
            driver → {"latitude":1,"longitude":2,"driverId":"a","msgNo":0}
            driver ← {"type":"ack","msgNo":0}
            """,  # noqa: E501
            driver=driver,
        )


def test_a_repeat_is_acked_again_and_not_shown_again(hub: Edge) -> None:
    with Peer(hub.address, FULL) as driver, Peer(hub.address) as screen:
        converse(
            hub,
            """
            driver → {"latitude":1,"longitude":2,"driverId":"a","msgNo":1,"recordedAt":"2026-01-01T00:00:00Z"}
            driver ← {"type":"ack","msgNo":1}
            screen ← {"type":"location","driverId":"a","latitude":1.0,"longitude":2.0,"recordedAt":"2026-01-01T00:00:00Z","receivedAt":"…","seq":"…"}
            driver → {"latitude":1,"longitude":2,"driverId":"a","msgNo":1,"recordedAt":"2026-01-01T00:00:00Z"}
            driver ← {"type":"ack","msgNo":1}
            screen ← nothing
            """,  # noqa: E501
            driver=driver,
            screen=screen,
        )


FIVE_AND_THREE = ",".join(f'{{"latitude":1,"longitude":2,"driverId":"a","msgNo":{number}}}' for number in range(1, 9))


def test_without_room_the_first_refused_is_named_once_and_all_behind_it_must_come_again(tight: Edge) -> None:
    """Go-back-N: an ack never skips what the log does not have."""
    with Peer(tight.address, FULL) as driver, Peer(tight.address, FULL) as other:
        converse(
            tight,
            f"""
            driver → [{FIVE_AND_THREE}]
            driver ← {{"type":"error","code":"unavailable","detail":"…","msgNo":6,"retryMs":2000}}
            driver ← {{"type":"ack","msgNo":5}}
            driver → {{"latitude":1,"longitude":2,"driverId":"a","msgNo":9}}
            driver → {{"latitude":1,"longitude":2,"driverId":"a","msgNo":7}}
            driver ← nothing
            other → {{"latitude":1,"longitude":2,"driverId":"b","msgNo":7}}
            other ← {{"type":"ack","msgNo":7}}
            driver → {{"latitude":1,"longitude":2,"driverId":"a","msgNo":6}}
            driver ← {{"type":"ack","msgNo":6}}
            driver → {{"latitude":1,"longitude":2,"driverId":"a","msgNo":7}}
            driver ← {{"type":"ack","msgNo":7}}
            driver → {{"latitude":1,"longitude":2,"driverId":"a","msgNo":5}}
            driver ← {{"type":"ack","msgNo":5}}
            """,
            driver=driver,
            other=other,
        )


def test_without_room_a_fix_without_a_number_is_refused_too_and_everybody_sees_it(tight: Edge) -> None:
    tight_batch = ",".join(f'{{"latitude":{number},"longitude":2,"driverId":"live"}}' for number in range(1, 8))
    with Peer(tight.address, FULL) as driver, Peer(tight.address) as screen:
        known = len(screen.hear_all())
        assert known == hub_drivers(tight)
        driver.say(f"[{tight_batch}]")
        for _ in range(2):
            error = driver.hear()
            assert (error["code"], error["retryMs"], "msgNo" in error) == ("unavailable", 2000, False)
        assert [screen.hear()["latitude"] for _ in range(7)] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
        assert driver.hear_all() == []
    until(lambda: tight.appender.positions == 5)


def hub_drivers(hub: Edge) -> int:
    return hub.call(lambda: len(hub.node.hub.fleet("default").latest))


@pytest.mark.parametrize(
    ("request_", "code", "field"),
    [
        ('{"type":"subscribe","id":"third","all":true}', "too_many", "id"),
        ('{"type":"subscribe","id":"one","drivers":["a","b","c","d"]}', "too_many", "drivers"),
        ('{"type":"unsubscribe","id":"third"}', "invalid", "id"),
    ],
)
def test_subscriptions_are_bounded(hub: Edge, request_: str, code: str, field: str) -> None:
    with Peer(hub.address, FULL) as screen:
        for name in ("one", "two", "one"):
            screen.say({"type": "subscribe", "id": name, "drivers": ["a", "b", "c"]})
        assert [message["type"] for message in screen.hear_all()] == ["subscribed", "synced"] * 3
        screen.say(request_)
        error = screen.hear()
        assert (error["code"], error["field"]) == (code, field)
        assert screen.hear_all() == []


def test_roles(guarded: Edge) -> None:
    """Who may publish for whom, and who may watch. No connection of a guarded hub watches unasked."""
    with (
        Peer(guarded.address, headers=token(Role.DRIVER, driver="d1")) as driver,
        Peer(guarded.address, headers=token(Role.GATEWAY)) as gateway,
        Peer(guarded.address, headers=token(Role.DISPATCHER)) as dispatcher,
        Peer(guarded.address, headers=token(Role.ADMIN)) as admin,
        Peer(guarded.address, headers=token(Role.DISPATCHER, fleet="g")) as stranger,
    ):
        converse(
            guarded,
            """
            driver → {"type":"subscribe","id":"s","all":true}
            driver ← {"type":"error","code":"forbidden","detail":"the role driver does not subscribe","field":"type"}
            gateway → {"type":"subscribe","id":"s","all":true}
            gateway ← {"type":"error","code":"forbidden","detail":"the role gateway does not subscribe","field":"type"}
            dispatcher → {"type":"subscribe","id":"s","all":true}
            dispatcher ← {"type":"subscribed","id":"s","epoch":"…","seq":"…","count":0,"reset":true}
            dispatcher ← {"type":"synced","id":"s","seq":"…"}
            stranger → {"type":"subscribe","id":"s","drivers":["d1","d2"]}
            stranger ← {"type":"subscribed","id":"s","epoch":"…","seq":"…","count":0,"reset":true}
            stranger ← {"type":"synced","id":"s","seq":"…"}
            driver → {"latitude":1,"longitude":2,"msgNo":1}
            driver ← {"type":"ack","msgNo":1}
            dispatcher ← {"type":"location","driverId":"d1","latitude":1.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
            driver → {"latitude":1,"longitude":3,"driverId":"d1","msgNo":2}
            driver ← {"type":"ack","msgNo":2}
            dispatcher ← {"type":"location","driverId":"d1","latitude":1.0,"longitude":3.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
            driver → {"latitude":1,"longitude":4,"driverId":"d2","msgNo":3}
            driver ← {"type":"error","code":"forbidden","detail":"the token names another driver","field":"driverId","msgNo":3}
            gateway → {"latitude":1,"longitude":5,"driverId":"d2","msgNo":1}
            gateway ← {"type":"ack","msgNo":1}
            dispatcher ← {"type":"location","driverId":"d2","latitude":1.0,"longitude":5.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
            gateway → {"latitude":1,"longitude":5,"msgNo":2}
            gateway ← {"type":"error","code":"invalid","detail":"required: the token names no driver","field":"driverId","msgNo":2}
            dispatcher → {"latitude":1,"longitude":6,"driverId":"d2","msgNo":1}
            dispatcher ← {"type":"error","code":"forbidden","detail":"the role dispatcher does not publish","msgNo":1}
            admin → {"latitude":1,"longitude":6,"driverId":"d2"}
            admin ← {"type":"error","code":"forbidden","detail":"the role admin does not publish"}
            admin → {"type":"subscribe","id":"s","bbox":[0,0,4,4]}
            admin ← {"type":"subscribed","id":"s","epoch":"…","seq":"…","count":1,"reset":true}
            admin ← {"type":"location","driverId":"d1","latitude":1.0,"longitude":3.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
            admin ← {"type":"synced","id":"s","seq":"…"}
            dispatcher ← nothing
            stranger ← nothing
            """,  # noqa: E501
            driver=driver,
            gateway=gateway,
            dispatcher=dispatcher,
            admin=admin,
            stranger=stranger,
        )
