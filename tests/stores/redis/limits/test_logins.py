"""Attempts to log in are counted for user and address."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from hub.stores.redis.limits import logins
from hub.stores.redis.limits.logins import Attempt, Numbers

NUMBERS = Numbers(window=600, address=6, pair=3, user=5)


async def waits(redis: Redis, *attempts: tuple[str, str]) -> list[int]:
    return [round(await logins.attempt(redis, NUMBERS, Attempt(*attempt))) for attempt in attempts]


async def test_guesses_are_counted_for_user_and_address(redis: Redis) -> None:
    assert await waits(redis, *[("desk", "a")] * 5) == [0, 0, 0, 200, 200]
    # For the address six in all; those that were refused are not counted.
    assert await waits(redis, *[("boris", "a"), ("chloe", "a"), ("desi", "a"), ("emil", "a")]) == [0, 0, 0, 100]
    # For the user five in all.
    assert await waits(redis, *[("desk", place) for place in "bcd"]) == [0, 0, 120]


async def test_a_right_password_is_not_counted_and_its_address_is_remembered(redis: Redis) -> None:
    desk = Attempt("desk", "a")
    for _ in range(10):
        assert await waits(redis, desk) == [0]
        await logins.withdraw(redis, NUMBERS, desk)
    assert await redis.keys("*") == []
    assert await waits(redis, desk) == [0]
    await logins.withdraw(redis, NUMBERS, desk, remember=60)
    assert await waits(redis, *[("desk", place) for place in "bcdefg"]) == [0] * 5 + [120]
    assert await waits(redis, desk) == [0]


async def test_an_attempt_without_a_user_counts_for_its_address(redis: Redis) -> None:
    nobody = Attempt("", "a")
    assert await waits(redis, *[nobody] * 7) == [0] * 6 + [100]
    await logins.withdraw(redis, NUMBERS, nobody)
    assert await waits(redis, nobody) == [0]


async def test_keys_tell_no_names_and_are_deleted_when_the_attempts_are_free_again(redis: Redis) -> None:
    await waits(redis, ("desk", "192.0.2.1"), ("desk", "192.0.2.1"))
    keys = [key.decode() for key in await redis.keys("*")]
    assert len(keys) == 3
    assert not any("desk" in key or "192.0.2.1" in key for key in keys)
    left = sorted([await redis.pttl(key) / 1000 for key in keys])
    assert left == pytest.approx([200, 240, 400], rel=0.05)
