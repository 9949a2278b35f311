"""Limits over all nodes: real hubs on one Redis."""

from __future__ import annotations

import json
import threading
import time
from contextlib import ExitStack

import msgspec
import pytest
import redis
import websockets.sync.client
from websockets.exceptions import InvalidStatus

from hub.edge.shared import limits as module
from hub.edge.shared.limits import Told
from hub.settings import Settings
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import post
from tests.support.api.logins import AUTH
from tests.support.api.logins import post as post_json
from tests.support.running import Edge, edge, until

AT_ONCE = 20
"""Fixes of a request."""

DRIVER = token(role="driver", driver="d")


@pytest.fixture
def shared(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, jwt_secret=SECRET, max_address_connections=20, max_driver_rate=100)


def sockets(hub: Edge, opened: ExitStack, most: int) -> int:
    """How many more sockets an address may open, up to ``most``."""
    for number in range(most):
        try:
            opened.enter_context(
                websockets.sync.client.connect(hub.url, additional_headers={"authorization": f"Bearer {DRIVER}"})
            )
        except InvalidStatus as refused:
            assert refused.response.status_code == 429
            return number
    return most


def test_sockets_of_an_address_count_at_both_hubs(shared: Settings) -> None:
    with edge(shared) as first, edge(shared) as second:
        with ExitStack() as opened:
            assert sockets(first, opened, 12) == 12
            until(lambda: second.node.addresses.elsewhere)
            assert sockets(second, opened, 20) == 8
            until(lambda: first.node.addresses.elsewhere)
            assert sockets(first, opened, 1) == 0
        until(lambda: not first.node.addresses.elsewhere and not second.node.addresses.elsewhere)
        with ExitStack() as opened:
            assert sockets(first, opened, 20) == 20


def test_the_sockets_of_a_dead_hub_are_forgotten(shared: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FORGOTTEN", 2.0)
    with edge(shared) as hub, redis.Redis.from_url(shared.redis_url) as client:
        told = Told(7, sockets=[("127.0.0.1", 20)], drivers=[(("f", "d"), 1_000.0)])
        client.hset("hub:limits", "dead", msgspec.msgpack.encode(told))
        client.hset("hub:limits", "of another version", b"?")
        until(lambda: hub.node.addresses.elsewhere)
        assert hub.node.limits.nodes == 1
        with ExitStack() as opened:
            assert sockets(hub, opened, 1) == 0
            until(lambda: not hub.node.addresses.elsewhere)
            assert sockets(hub, opened, 1) == 1
        until(lambda: not client.hexists("hub:limits", "dead"))
        assert hub.node.limits.nodes == 0


def test_a_hub_that_is_stopped_is_forgotten_at_once(shared: Settings) -> None:
    with redis.Redis.from_url(shared.redis_url) as client, ExitStack() as opened:
        with edge(shared) as hub:
            assert sockets(hub, opened, 10) == 10
            until(lambda: client.hlen("hub:limits") == 1)
        assert client.hlen("hub:limits") == 0


def test_guesses_of_a_password_count_at_both_hubs(shared: Settings) -> None:
    settings = msgspec.structs.replace(shared, login_attempts=4)
    guess = {"username": "desk", "password": "a wrong password"}
    with edge(settings) as first, edge(settings) as second:
        answers = [post_json((first, second)[number % 2], f"{AUTH}/token", guess).status for number in range(6)]
    assert answers == [401] * 4 + [429] * 2


def test_drivers_of_a_fleet_count_at_both_hubs(shared: Settings) -> None:
    """Each hub knows those that came to the other, by the log."""
    gateway = token(role="gateway")
    with (
        edge(msgspec.structs.replace(shared, max_drivers=5)) as first,
        edge(msgspec.structs.replace(shared, max_drivers=5)) as second,
    ):

        def drive(hub: Edge, name: str) -> int:
            return post(hub, "/api/v1/location", {"latitude": 1, "longitude": 2, "driverId": name}, gateway).status

        assert [drive(first, f"a{number}") for number in range(3)] == [200] * 3
        until(lambda: len(second.node.hub.fleet("f").latest) == 3)
        assert [drive(second, f"b{number}") for number in range(4)] == [200, 200, 422, 422]
        assert drive(second, "a0") == 200


def accepted(settings: Settings, hubs: int, rate: float, seconds: float) -> tuple[int, int]:
    """Fixes of one driver that hubs accept, each of which is sent ``rate`` a second; and how many were sent."""
    counts, asked = [0] * hubs, [0] * hubs
    fix = {"latitude": 1, "longitude": 2}
    body = json.dumps([fix] * AT_ONCE)

    def drive(hub: Edge, number: int, end: float) -> None:
        began = time.monotonic()
        sent = 0
        while (now := time.monotonic()) < end:
            if sent >= (now - began) * rate:
                time.sleep(0.005)
                continue
            sent += AT_ONCE
            if post(hub, "/api/v1/location", body, DRIVER).status == 200:
                counts[number] += AT_ONCE
        asked[number] = sent

    with ExitStack() as running:
        nodes = [running.enter_context(edge(settings)) for _ in range(hubs)]
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=drive, args=(hub, number, end)) for number, hub in enumerate(nodes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return sum(counts), sum(asked)


@pytest.mark.slow
def test_three_hubs_allow_a_driver_about_one_rate(shared: Settings) -> None:
    one, asked_one = accepted(shared, 1, 300, 30)
    three, asked_three = accepted(shared, 3, 100, 30)
    print(f"one hub: {one} of {asked_one}; three: {three} of {asked_three}")
    assert 0.9 * one <= three <= 1.2 * one
