"""Limits of one address and of one user: requests a second, and sockets at a time. ``hub.edge.shared.limits`` makes
them hold over all nodes.

Before authentication only the address is known. An IPv6 address counts as its network of 64 bits, because a host can
use every address in it.
"""

from __future__ import annotations

import ipaddress
import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from hub.core.limits import NOTICED, SharedBuckets
from hub.core.network import network_of, plain
from hub.core.principal import Principal, Role
from hub.edge.http.problems import Problem, unavailable
from hub.settings import Settings, is_loopback, listed

PHONES = ("/t/", "/osmand", "/owntracks", "/traccar")
"""Prefixes of the paths of phones: at any 4xx an app drops the position, or stops."""

User = tuple[str, str, str | None, str]
"""Fleet, role, driver and subject of a principal."""

BURST = 5.0
"""Seconds of a rate that are saved up: a page that loads, a phone that was without network."""

REMEMBERED = 50_000
"""Addresses, and users, whose rate is kept, 250 bytes each. A client with more addresses has the rates of all of them
anyway. The entries unused for longest are dropped."""


def parties(settings: Settings) -> Callable[[str], str | None]:
    """A function from an address to the party whose connections are counted. None is not counted: exempt addresses,
    and trusted proxies, which hold the connections of many clients."""
    proxies = [ipaddress.ip_network(part) for part in listed(settings.trusted_proxies)]

    def party(host: str) -> str | None:
        host = plain(host)
        if settings.open and is_loopback(host):
            return None
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return network_of(host)
        return None if any(address in proxy for proxy in proxies) else network_of(host)

    return party


class Addresses:
    """The rates of addresses and users at one node, and the open sockets of each address."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.requests: SharedBuckets[str] = _rates(settings.max_address_rate)
        self.users: SharedBuckets[User] = _rates(settings.max_user_rate)
        # A gateway speaks for as many phones as an address may have.
        self.gateways: SharedBuckets[User] = _rates(settings.max_address_rate)
        self.sockets: Counter[str] = Counter()
        self.elsewhere: Mapping[str, int] = {}
        """Sockets of addresses at other nodes."""
        self._many: set[str] = set()
        """Addresses whose sockets are told to other nodes."""
        # Refused requests, by "address", "user" and "connections".
        self.limited: Counter[str] = Counter()

    def exempt(self, host: str) -> bool:
        """Whether an address has no limits: loopback on an open hub, which is a demo, development or a measurement."""
        return self.settings.open and is_loopback(host)

    def spend(self, network: str, path: str, now: float) -> None:
        """Count a request of an address. Raises ``Problem``."""
        wait = self.requests.of(network, now).take(1, now)
        if wait:
            self.limited["address"] += 1
            raise _too_often("address", self.requests.rate, wait, path)

    def spend_for_user(self, principal: Principal, path: str, now: float) -> None:
        """Count a request of an authenticated principal. Raises ``Problem``."""
        if principal.role is Role.OPEN:
            return
        rates = self.gateways if principal.role is Role.GATEWAY else self.users
        user = (principal.fleet, principal.role, principal.driver, principal.subject)
        wait = rates.of(user, now).take(1, now)
        if wait:
            self.limited["user"] += 1
            raise _too_often("user", rates.rate, wait, path)

    def enter(self, network: str) -> None:
        """Count a socket of an address. Raises ``Problem`` 429 at the limit."""
        most = self.settings.max_address_connections
        if self.sockets[network] + self.elsewhere.get(network, 0) >= most:
            self.limited["connections"] += 1
            headers = {"retry-after": str(max(1, round(self.settings.retry_after)))}
            raise Problem(429, f"an address may have at most {most} sockets; close one first", headers=headers)
        self.sockets[network] += 1
        if self.sockets[network] > NOTICED * most:
            self._many.add(network)

    def leave(self, network: str) -> None:
        """Uncount a socket that ended."""
        self.sockets[network] -= 1
        if self.sockets[network] <= NOTICED * self.settings.max_address_connections:
            self._many.discard(network)
        if not self.sockets[network]:
            del self.sockets[network]

    def many(self) -> dict[str, int]:
        """The sockets of the addresses with more than ``NOTICED`` of the limit."""
        return {network: self.sockets[network] for network in self._many}


def _rates(rate: float) -> SharedBuckets[Any]:
    return SharedBuckets(rate, rate * BURST, REMEMBERED)


def _too_often(what: str, rate: float, wait: float, path: str) -> Problem:
    """429, or for phones 503; ``RateLimit`` is of draft-ietf-httpapi-ratelimit-headers."""
    if path.startswith(PHONES):
        return unavailable("too many requests", wait)
    seconds = max(1, math.ceil(wait))
    headers = {
        "retry-after": str(seconds),
        "ratelimit-policy": f'"{what}";q={rate:.0f};w=1',
        "ratelimit": f'"{what}";r=0;t={seconds}',
    }
    return Problem(429, f"one {what} may send at most {rate:.0f} requests a second", headers=headers)
