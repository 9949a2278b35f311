"""Passwords: the stored form, its time, and that the event loop continues meanwhile."""

from __future__ import annotations

import asyncio
import statistics
import time

import pytest
from argon2 import PasswordHasher

from hub.identity.passwords import ALPHABET, WAITING, Busy, Passwords, hash_of, one_time_password

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def test_only_the_password_matches() -> None:
    passwords = Passwords()
    stored = await passwords.hash("correct horse")
    assert stored.startswith("$argon2id$") and "correct horse" not in stored
    assert stored != await passwords.hash("correct horse")
    assert await passwords.matches("correct horse", stored)
    assert not await passwords.matches("Correct horse", stored)
    assert not await passwords.matches("correct horse", None)
    assert not passwords.outdated(stored)


async def test_a_hash_with_other_parameters_matches_and_is_outdated() -> None:
    stored = hash_of("correct horse", CHEAP)
    assert await Passwords().matches("correct horse", stored)
    assert Passwords().outdated(stored)


async def test_accents_have_one_form() -> None:
    assert await Passwords(CHEAP).matches("cafe\u0301", await Passwords(CHEAP).hash("caf\u00e9"))


async def test_an_unknown_user_takes_as_long() -> None:
    passwords = Passwords()
    stored = await passwords.hash("correct horse")
    times: dict[bool, list[float]] = {True: [], False: []}
    for known in [True, False] * 3:
        started = time.perf_counter()
        await passwords.matches("wrong horse", stored if known else None)
        times[known].append(time.perf_counter() - started)
    # Medians of runs in turn, so that a busy machine slows both; without the work it would be a thousandth.
    assert 0.25 < statistics.median(times[True]) / statistics.median(times[False]) < 4


async def test_the_loop_continues_and_requests_beyond_the_queue_are_refused() -> None:
    # 5 ms a hash: 42 of them in the hub's parameters take a minute of a busy machine.
    passwords = Passwords(PasswordHasher(time_cost=3, memory_cost=2_048, parallelism=1))
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.0001)
            turns += 1

    counter = asyncio.create_task(count())
    outcomes = await asyncio.gather(
        *(passwords.matches("x" * 10, None) for _ in range(WAITING + 3)), return_exceptions=True
    )
    counter.cancel()
    refused = [outcome for outcome in outcomes if isinstance(outcome, Busy)]
    assert len(refused) == 3
    assert outcomes.count(False) == WAITING
    # Without threads the loop has one turn for each hash at most.
    assert turns > WAITING
    assert await passwords.matches("x" * 10, None) is False  # there is room again


async def test_a_cancelled_request_frees_its_place() -> None:
    passwords = Passwords()
    for _ in range(WAITING):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await passwords.matches("x" * 10, None)
    assert await passwords.matches("x" * 10, None) is False


def test_one_time_passwords_are_random_and_can_be_typed() -> None:
    made = {one_time_password() for _ in range(1_000)}
    assert len(made) == 1_000
    assert {len(password) for password in made} == {19}
    assert set("".join(made)) == set(ALPHABET) | {"-"}
    assert not set("01loi") & set(ALPHABET)
