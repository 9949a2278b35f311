"""How much one address, or one user, may ask for: requests a second, and sockets at a time.

Before anybody is known there is only the address. Of IPv6 it is the network of 64 bits, since whoever has one address
there has all of it.
"""

from __future__ import annotations

import ipaddress
import math
from collections import Counter
from collections.abc import Callable

from hub.core.limits import TokenBuckets
from hub.core.network import network_of, plain
from hub.core.principal import Principal, Role
from hub.edge.http.problems import Problem, unavailable
from hub.settings import Settings, is_loopback, listed

PHONES = ("/t/", "/osmand", "/owntracks", "/traccar")
"""What paths of phones begin with: they throw a position away, or stop, at any 4xx."""

BURST = 5.0
"""Seconds of a rate that are saved up: a page that loads, a phone that was without network."""

REMEMBERED = 50_000
"""Addresses, and users, whose rate is known, 250 bytes each. Whoever comes with more addresses has the rates of all of
them anyway; those that were not heard of for longest are forgotten."""


def parties(settings: Settings) -> Callable[[str], str | None]:
    """What a connection of an address counts as; None for those that are not counted: who is exempt, and the proxies
    that are trusted, for they hold the connections of many."""
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
    """What a node knows of those who ask: their rates, and the sockets of each address."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.requests = _rates(settings.max_address_rate)
        self.users = _rates(settings.max_user_rate)
        # A gateway speaks for as many phones as an address may have.
        self.gateways = _rates(settings.max_address_rate)
        self.sockets: Counter[str] = Counter()
        # What was refused, by "address", "user" and "connections".
        self.limited: Counter[str] = Counter()

    def exempt(self, host: str) -> bool:
        """On an open hub this machine may do what it likes: it is somebody's own, a demo or a measurement."""
        return self.settings.open and is_loopback(host)

    def spend(self, network: str, path: str, now: float) -> None:
        """Count a request of an address. Raises ``Problem``."""
        wait = self.requests.of(network, now).take(1, now)
        if wait:
            self.limited["address"] += 1
            raise _too_often("address", self.requests.rate, wait, path)

    def spend_for_user(self, principal: Principal, path: str, now: float) -> None:
        """Count a request of somebody who is known. Raises ``Problem``."""
        if principal.role is Role.OPEN:
            return
        rates = self.gateways if principal.role is Role.GATEWAY else self.users
        name = f"{principal.fleet} {principal.role} {principal.driver or ''} {principal.subject}"
        wait = rates.of(name, now).take(1, now)
        if wait:
            self.limited["user"] += 1
            raise _too_often("user", rates.rate, wait, path)

    def enter(self, network: str) -> None:
        """Take a place for a socket. Raises ``Problem`` where all of an address are taken."""
        most = self.settings.max_address_connections
        if self.sockets[network] >= most:
            self.limited["connections"] += 1
            headers = {"retry-after": str(max(1, round(self.settings.retry_after)))}
            raise Problem(429, f"an address may have {most} sockets", headers=headers)
        self.sockets[network] += 1

    def leave(self, network: str) -> None:
        """Give the place back."""
        self.sockets[network] -= 1
        if not self.sockets[network]:
            del self.sockets[network]


def _rates(rate: float) -> TokenBuckets:
    return TokenBuckets(rate, rate * BURST, REMEMBERED)


def _too_often(what: str, rate: float, wait: float, path: str) -> Problem:
    """429, or for phones 503; ``RateLimit`` is of draft-ietf-httpapi-ratelimit-headers."""
    if path.startswith(PHONES):
        return unavailable("more requests than this hub takes at a time", wait)
    seconds = max(1, math.ceil(wait))
    headers = {
        "retry-after": str(seconds),
        "ratelimit-policy": f'"{what}";q={rate:.0f};w=1',
        "ratelimit": f'"{what}";r=0;t={seconds}',
    }
    return Problem(429, f"at most {rate:.0f} requests a second of one {what}", headers=headers)
