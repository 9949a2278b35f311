"""Client networks, the unit by which limits count requests, sockets and login attempts; addresses of this machine."""

from __future__ import annotations

import ipaddress
from functools import lru_cache


@lru_cache(maxsize=8_192)
def plain(host: str) -> str:
    """The address in its plain form: IPv4-mapped IPv6 (``::ffff:192.0.2.1``) becomes IPv4."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return host if mapped is None else str(mapped)


@lru_cache(maxsize=8_192)
def network_of(host: str) -> str:
    """The client network that limits count: an IPv4 address, 64 bits of an IPv6 address, other text as it is."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))


def is_loopback(host: str) -> bool:
    """Whether ``host`` is a loopback address or ``localhost``; False for any other name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
