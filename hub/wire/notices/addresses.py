"""Which addresses channels may connect to: public ones only, so that no user makes the hub reach its own network.

The check that counts is that of the address which is really connected (``hub/notifier/send/guard.py``); the check of a
URL when a channel is made only says sooner what would be refused.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

PORTS = (443, 8443)
"""Ports of receivers on the internet: others belong to services that are not meant for webhooks."""

SECURE = {"https": PORTS, "mqtts": (8883, *PORTS), "tls": (4222, *PORTS)}
"""Scheme with TLS -> its ports on the internet, the default first. ``tls`` is that of NATS."""

PLAIN = {"https": "http", "mqtts": "mqtt", "tls": "nats"}
"""Scheme with TLS -> the scheme without it, for networks that are allowed."""

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_RELAYS = ipaddress.IPv4Network("192.88.99.0/24")
_UNIQUE_LOCAL_LIKE = ipaddress.IPv6Network("fec0::/10")
"""Forms of IPv6 that hold an IPv4 address, and ranges that Python's ``is_global`` allows (3.11)."""

_NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}\.?\Z", re.IGNORECASE)


class Refused(ValueError):
    """A URL or address that channels may not use. The text says why."""


def networks(text: str) -> list[Network]:
    """The setting ``HUB_HOOKS_ALLOW``: networks separated by commas. Raises ``ValueError``."""
    return [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]


def check_address(text: str, allowed: Sequence[Network]) -> None:
    """Raises ``Refused`` for an address that is neither public nor in an allowed network."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError as error:
        raise Refused(f"{text} is not an address") from error
    for one in (address, *_inner(address)):
        if not (is_allowed(address, allowed) or is_allowed(one, allowed) or _public(one)):
            raise Refused("the address is not public; HUB_HOOKS_ALLOW lists the private networks that are allowed")


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether an address is in one of the networks."""
    return any(address.version == network.version and address in network for network in allowed)


def check_url(url: str, allowed: Sequence[Network], secure: str = "https") -> None:
    """Raises ``Refused`` for a URL that a channel may not have: https to port 443 or 8443 of a public host, or http and
    any port where the host is an address in an allowed network, or ``localhost`` where loopback is allowed. For
    another ``secure`` scheme its ports and its plain scheme count."""
    ports = SECURE[secure]
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Refused("is not a URL: the host is invalid") from error
    try:
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:  # its text may have a part of a password
        raise Refused("is not a URL: the port is not a number from 0 to 65535") from error
    if parts.scheme not in (secure, PLAIN[secure]) or not host or any(ord(character) <= 32 for character in url):
        raise Refused(f"must be a URL that begins with {secure}://")
    if parts.username is not None or parts.password is not None:
        raise Refused("must not contain a user or password")
    if parts.fragment:
        raise Refused("must not contain a fragment (#)")
    literal = _literal(host)
    if literal is not None:
        check_address(str(literal), allowed)
        own = is_allowed(literal, allowed)
    else:
        local = host == "localhost" or host.endswith(".localhost")
        own = local and is_allowed(IPv4Address("127.0.0.1"), allowed)
        if local and not own:
            raise Refused("the address is not public; HUB_HOOKS_ALLOW lists the private networks that are allowed")
    # A name inside an allowed network is known only when it is connected.
    if not own and not allowed and (parts.scheme != secure or (port or ports[0]) not in ports):
        raise Refused(f"must use {secure} and port {' or '.join(map(str, ports))}")


def check_connection(
    host: str, port: int, secure: bool, allowed: Sequence[Network], ports: Sequence[int] = PORTS
) -> None:
    """Raises ``Refused`` for the address, port and scheme of a connection that is about to be made."""
    check_address(host, allowed)
    if not is_allowed(ipaddress.ip_address(host.partition("%")[0]), allowed) and (not secure or port not in ports):
        raise Refused(f"must use TLS and port {' or '.join(map(str, ports))}")


def _literal(host: str) -> Address | None:
    """The address that a host is in any spelling: ``127.1``, ``0x7f.1``, ``2130706433``; None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    if not _NUMBERS.match(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError as error:
        raise Refused("is not an address") from error


def _inner(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address embeds."""
    if isinstance(address, IPv4Address):
        return []
    found: list[Address] = []
    low = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.ipv4_mapped is not None:
        found.append(address.ipv4_mapped)
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found.extend(address.teredo)
    if any(address in network for network in (*_NAT64, _TRANSLATED, _COMPATIBLE)):
        found.append(low)
    return found


def _public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and address not in _RELAYS
    if address.ipv4_mapped is not None:
        return True  # what it embeds is checked
    return address.is_global and not address.is_multicast and address not in _UNIQUE_LOCAL_LIKE
