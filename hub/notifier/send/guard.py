"""Connections to receivers: the very address that is connected is checked, so that neither the spelling of a URL nor an
answer of DNS that changes leads into the network of the hub."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import aiohttp

from hub.wire.notices.addresses import PORTS, SECURE, Network, check_connection

CONNECT_TIMEOUT = 3.0
"""Seconds for TCP and TLS."""


class Unreachable(OSError):
    """The address is one that channels may not connect to."""


def session(timeout: float, allowed: Sequence[Network], *, secure: bool) -> aiohttp.ClientSession:
    """A client for https (``secure``) or http receivers. Without proxies and credentials of the environment, without
    cookies; a refused connection is an ``aiohttp.ClientError``."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        try:
            check_connection(address[0], address[1], secure, allowed)
        except ValueError as error:
            raise Unreachable(str(error)) from error
        return socket.socket(family, kind, protocol)

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, socket_factory=make, ttl_dns_cache=30),
        timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=min(CONNECT_TIMEOUT, timeout)),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    )


async def resolved(host: str, port: int, scheme: str, allowed: Sequence[Network]) -> str:
    """The first address of a host, if channels may connect to it by ``scheme``. The caller connects to that address
    without DNS. Raises ``Refused`` and ``OSError``."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    check_connection(address, port, scheme in SECURE, allowed, SECURE.get(scheme, PORTS))
    return address
