"""How much one address or user may ask for."""

from __future__ import annotations

import msgspec
import pytest

from hub.core.principal import Principal, Role
from hub.edge.api.phones import PATHS
from hub.edge.http.limits import BURST, PHONES, Addresses, parties
from hub.edge.http.problems import Problem
from hub.settings import Settings

SETTINGS = Settings(max_address_rate=10, max_user_rate=2, max_address_connections=2, jwt_secret="s" * 32)


def test_each_has_a_rate_of_its_own_and_refusals_cost_nothing() -> None:
    counted = Addresses(SETTINGS)

    def refused(network: str, now: float) -> bool:
        try:
            counted.spend(network, "/api/v1/drivers", now)
        except Problem:
            return True
        return False

    assert [refused("a", 0.0) for _ in range(int(10 * BURST))] == [False] * 50
    assert all(refused("a", 0.0) for _ in range(1000))
    assert not refused("b", 0.0)
    # However often it asked meanwhile, it has its rate.
    assert [refused("a", 1.0) for _ in range(11)] == [False] * 10 + [True]


def test_a_request_beyond_the_rate_gets_retry_after() -> None:
    counted = Addresses(SETTINGS)
    for _ in range(50):
        counted.spend("192.0.2.1", "/api/v1/drivers", 0.0)
    with pytest.raises(Problem) as refused:
        counted.spend("192.0.2.1", "/api/v1/drivers", 0.0)
    assert refused.value.status == 429
    assert refused.value.headers == {
        "retry-after": "1",
        "ratelimit-policy": '"address";q=10;w=1',
        "ratelimit": '"address";r=0;t=1',
    }
    counted.spend("192.0.2.2", "/api/v1/drivers", 0.0)
    assert counted.limited == {"address": 1}


def test_phones_are_never_told_4xx() -> None:
    counted = Addresses(SETTINGS)
    for _ in range(50):
        counted.spend("192.0.2.1", "/t/x", 0.0)
    for path in (*PATHS, *(f"{path}/" for path in PATHS), "/t/token", "/t/token/"):
        with pytest.raises(Problem) as refused:
            counted.spend("192.0.2.1", path, 0.0)
        assert (refused.value.status, refused.value.headers) == (503, {"retry-after": "1"})
    assert len(PHONES) == len(PATHS) + 1


def test_users_have_rates_too_and_a_gateway_a_higher_one() -> None:
    counted = Addresses(SETTINGS)
    van7, van8 = (Principal("red", Role.DISPATCHER, name) for name in ("van7", "van8"))
    for _ in range(10):
        counted.spend_for_user(van7, "/api/v1/drivers", 0.0)
    with pytest.raises(Problem) as refused:
        counted.spend_for_user(van7, "/api/v1/drivers", 0.0)
    assert refused.value.status == 429
    counted.spend_for_user(van8, "/api/v1/drivers", 0.0)
    counted.spend_for_user(Principal("blue", Role.DISPATCHER, "van7"), "/api/v1/drivers", 0.0)
    for _ in range(50):
        counted.spend_for_user(Principal("red", Role.GATEWAY, "van7"), "/traccar", 0.0)
    for _ in range(1000):
        counted.spend_for_user(Principal("red", Role.OPEN), "/api/v1/drivers", 0.0)


def test_an_address_has_so_many_sockets() -> None:
    counted = Addresses(SETTINGS)
    counted.enter("a")
    counted.enter("a")
    counted.enter("b")
    with pytest.raises(Problem) as refused:
        counted.enter("a")
    assert refused.value.status == 429
    counted.leave("a")
    counted.enter("a")
    for network in "aab":
        counted.leave(network)
    assert not counted.sockets


@pytest.mark.parametrize(
    ("secret", "host", "exempt"),
    [("", "127.0.0.1", True), ("", "::1", True), ("", "192.0.2.1", False), ("s" * 32, "127.0.0.1", False)],
)
def test_this_machine_is_exempt_on_an_open_hub(secret: str, host: str, exempt: bool) -> None:
    assert Addresses(Settings(jwt_secret=secret)).exempt(host) is exempt


@pytest.mark.parametrize(
    ("host", "party"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("127.0.0.1", "127.0.0.1"),
        ("10.1.2.3", None),
        ("::ffff:10.1.2.3", None),
    ],
)
def test_whose_connections_are_counted(host: str, party: str | None) -> None:
    """Those of a trusted proxy are of many, and on an open hub nobody counts this machine's."""
    trusting = msgspec.structs.replace(SETTINGS, trusted_proxies="10.0.0.0/8, 192.0.2.7")
    assert parties(trusting)(host) == party
    assert parties(msgspec.structs.replace(trusting, jwt_secret=""))("127.0.0.1") is None
