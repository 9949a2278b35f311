"""Connections to receivers: the very address that is connected is checked, so that neither the spelling of a URL nor an
answer of DNS that changes leads into the network of the hub."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hub.wire.notices.addresses import PORTS, SECURE, Network, check_connection

if TYPE_CHECKING:
    import aiohttp

CONNECT_TIMEOUT = 3.0
"""Seconds for TCP and TLS."""


UNKNOWN_CA = frozenset({2, 18, 19, 20, 21})
OUT_OF_TIME = frozenset({9, 10})
OTHER_NAME = frozenset({62, 64})
"""Codes of OpenSSL (X509_V_ERR_…): of no CA that is trusted, not yet or no longer valid, for another host."""


class Unreachable(OSError):
    """The address is one that channels may not connect to."""


def session(timeout: float, allowed: Sequence[Network], *, secure: bool) -> aiohttp.ClientSession:
    """A client for https (``secure``) or http receivers. Without proxies and credentials of the environment, without
    cookies; a refused connection is an ``aiohttp.ClientError``."""
    import aiohttp

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


def words(error: BaseException) -> str | None:
    """Why TLS or the connection fails, as far as the error or its causes say it. Without host and URL."""
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case Unreachable():
                return str(cause)
            case ssl.SSLCertVerificationError(verify_code=code) if code in UNKNOWN_CA:
                return "TLS fails: the certificate is not from a CA that this machine trusts"
            case ssl.SSLCertVerificationError(verify_code=code) if code in OUT_OF_TIME:
                return "TLS fails: the certificate has expired, or is not valid yet"
            case ssl.SSLCertVerificationError(verify_code=code) if code in OTHER_NAME:
                return "TLS fails: the certificate is for another host"
            case ssl.SSLCertVerificationError():
                return f"TLS fails: the certificate is not valid ({cause.verify_message})"
            case ssl.SSLError():
                return f"TLS fails: {(cause.reason or 'no handshake').replace('_', ' ').lower()}"
            case socket.gaierror():
                return "the host is not known to DNS"
            case ConnectionRefusedError():
                return "cannot connect: Connection refused"
        cause = cause.__cause__ or cause.__context__ or getattr(cause, "os_error", None)
    return None
