"""Login attempts count at all nodes, and at each by itself while Redis is away."""

from __future__ import annotations

from hub.identity.attempts import TooManyAttempts
from hub.identity.shared_attempts import SharedLogins
from hub.settings import Settings
from hub.stores.redis.connection import connect

SETTINGS = Settings(login_attempts=3, login_attempts_per_address=6, login_attempts_per_user=5)

HOME = "192.0.2.1"


async def refused(logins: SharedLogins, username: str = "desk", address: str = HOME) -> bool:
    try:
        await logins.attempt(username, address)
    except TooManyAttempts as error:
        assert 0 < error.seconds <= 600
        return True
    return False


async def test_guesses_at_all_nodes_count(redis_url: str) -> None:
    async with connect(redis_url, 30) as redis:
        nodes = [SharedLogins(SETTINGS, redis) for _ in range(3)]
        assert [await refused(nodes[number % 3]) for number in range(6)] == [False] * 3 + [True] * 3
        # Of the address, for whatever user; an IPv6 network is one.
        assert not await refused(nodes[0], "boris", "2001:db8::1")
        assert [await refused(nodes[1], "boris", f"2001:db8::{n}") for n in range(2, 5)] == [False, False, True]


async def test_a_login_at_one_node_is_known_at_the_others(redis_url: str) -> None:
    async with connect(redis_url, 30) as redis:
        first, second = SharedLogins(SETTINGS, redis), SharedLogins(SETTINGS, redis)
        assert not await refused(first)
        await first.right("desk", HOME)
        botnet = [await refused(second, "desk", f"198.51.100.{number}") for number in range(7)]
        assert botnet == [False] * 5 + [True] * 2
        assert not await refused(second)


async def test_codes_of_a_provider_count_at_all_nodes(redis_url: str) -> None:
    async with connect(redis_url, 30) as redis:
        first, second = SharedLogins(SETTINGS, redis), SharedLogins(SETTINGS, redis)
        for _ in range(6):
            await first.attempt_of_address(HOME)
        try:
            await second.attempt_of_address(HOME)
        except TooManyAttempts:
            await second.withdraw_of_address(HOME)
        else:
            raise AssertionError("not limited")
        await second.attempt_of_address(HOME)


async def test_without_redis_each_node_limits_by_itself(redis_url: str) -> None:
    """With what it had counted: the moment gives no new guesses."""
    async with connect(redis_url, 30) as redis:
        logins = SharedLogins(SETTINGS, redis)
        assert not await refused(logins) and not await refused(logins)
        logins._redis = connect("redis://127.0.0.1:1", 1)
        assert [await refused(logins) for _ in range(3)] == [False, True, True]
        await logins.withdraw("desk", HOME)
        assert not await refused(logins)
        await logins.right("desk", HOME)
        logins._redis = redis
        assert not await refused(logins)
