from __future__ import annotations

from hub.core.live.client import Client
from hub.core.live.subscriptions import Subscription
from hub.core.principal import Principal, Role

OPEN = Principal("f", Role.OPEN)


def test_a_new_client_watches_nothing_and_owes_nothing() -> None:
    written: list[bytes] = []
    client = Client(1, OPEN, written.append)
    assert not client.watching
    assert client.subscriptions is None and client.owed is None and client.lane is None  # idle ones are cheap
    assert client.refused_from is None
    client.send(b"hello")
    assert written == [b"hello"]


def test_watching() -> None:
    client = Client(1, OPEN, bytes)
    client.plain = True
    assert client.watching
    client.plain = False
    client.subscriptions = {"map": Subscription("map")}
    assert client.watching
    client.subscriptions.clear()
    assert not client.watching


def test_the_lane_has_the_limit_that_was_given() -> None:
    client = Client(1, OPEN, bytes, lane_limit=4)
    client.block()
    client.send(b"1234")
    assert not client.overflowed
    client.send(b"5")
    assert client.overflowed


def test_an_idle_client_has_no_dict() -> None:
    """Five thousand idle connections are promised to be cheap."""
    assert not hasattr(Client(1, OPEN, bytes), "__dict__")
