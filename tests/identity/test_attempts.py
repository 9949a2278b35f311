"""Limits of login attempts: guesses are limited, and other users are not affected."""

from __future__ import annotations

import pytest

from hub.identity import attempts as module
from hub.identity.attempts import WINDOW, Logins
from hub.settings import Settings

SETTINGS = Settings(login_attempts=3, login_attempts_per_address=6, login_attempts_per_user=5)

HOME, OFFICE = "192.0.2.1", "192.0.2.2"


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logins(clock: Clock) -> Logins:
    return Logins(SETTINGS, clock)


def wrong(logins: Logins, username: str, address: str = HOME) -> int:
    """Seconds that a wrong attempt has to wait; 0 for one whose password is checked."""
    try:
        logins.attempt(username, address)
    except module.TooManyAttempts as refused:
        return refused.seconds
    return 0


def right(logins: Logins, username: str, address: str = HOME) -> int:
    wait = wrong(logins, username, address)
    if not wait:
        logins.right(username, address)
    return wait


def test_guesses_for_one_user_from_one_address_are_limited(logins: Logins, clock: Clock) -> None:
    assert [wrong(logins, "desk") for _ in range(5)] == [0, 0, 0, 200, 200]
    clock.now += 190
    assert 10 <= wrong(logins, "desk") <= 11
    clock.now += 11
    assert wrong(logins, "desk") == 0
    assert 190 <= wrong(logins, "desk") <= 200
    clock.now += WINDOW
    assert [wrong(logins, "desk") for _ in range(4)] == [0, 0, 0, 200]


def test_refused_attempts_do_not_prolong_the_wait(logins: Logins, clock: Clock) -> None:
    for _ in range(1_000):
        wrong(logins, "desk")
    clock.now += 201
    assert right(logins, "desk") == 0


def test_right_passwords_are_not_counted(logins: Logins) -> None:
    assert [right(logins, "desk") for _ in range(50)] == [0] * 50
    assert [wrong(logins, "desk") for _ in range(4)] == [0, 0, 0, 200]


def test_guesses_from_one_address_are_limited(logins: Logins) -> None:
    waits = [wrong(logins, f"user{number}") for number in range(7)]
    assert waits == [0] * 6 + [100]
    assert right(logins, "desk", OFFICE) == 0


def test_guesses_from_everywhere_lock_no_user_out_at_a_known_address(logins: Logins) -> None:
    right(logins, "desk", HOME)
    botnet = [wrong(logins, "desk", f"198.51.100.{number}") for number in range(8)]
    assert botnet == [0] * 5 + [120] * 3
    assert right(logins, "desk", HOME) == 0
    assert right(logins, "boris", "198.51.100.9") == 0
    # From a new place she waits for a turn among them.
    assert wrong(logins, "desk", OFFICE) == 120


def test_one_address_locks_no_user_out_elsewhere(logins: Logins) -> None:
    for _ in range(100):
        wrong(logins, "desk", "198.51.100.1")
    assert right(logins, "desk", OFFICE) == 0


def test_memory_is_bounded_and_the_longest_unused_goes_first(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 10)
    logins = Logins(SETTINGS, clock)
    for _ in range(3):
        assert wrong(logins, "desk") == 0
    for number in range(9):
        assert right(logins, f"user{number}", f"198.51.100.{number}") == 0
        assert wrong(logins, "desk") == 200
    for number in range(9, 20):
        right(logins, f"user{number}", f"198.51.100.{number}")
    held = (logins._by_pair, logins._by_address, logins._by_user, logins._known)
    assert [len(part) for part in held] == [10] * 4
    assert wrong(logins, "desk") == 0


def test_an_ipv6_network_counts_as_one_address(logins: Logins) -> None:
    waits = [wrong(logins, "desk", f"2001:db8:1:2::{number}") for number in range(4)]
    assert waits == [0, 0, 0, 200]
    assert wrong(logins, "desk", "2001:db8:1:3::1") == 0


def test_a_limited_address_does_not_evict_other_counts(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 20)
    logins = Logins(SETTINGS, clock)
    for address in (HOME, OFFICE):
        assert not any(wrong(logins, "desk", address) for _ in range(2))
    for number in range(100):
        wrong(logins, f"user-{number}", "192.0.2.9")
    assert wrong(logins, "desk", "192.0.2.3") == 0
    # The fifth guess was the last, from wherever the next one comes.
    assert wrong(logins, "desk", "192.0.2.4") > 0
