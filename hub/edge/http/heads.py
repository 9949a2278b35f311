"""What every request and answer has in its head: an id, the security headers, and what HTTP forbids."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from functools import lru_cache
from itertools import count

from hub.core.traces import trace_id, valid

Headers = Sequence[tuple[bytes, bytes]]

Ids = tuple[bytes, str | None]
"""The id of a request, and its valid ``traceparent`` if it has one."""

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
"""The request ids accepted from clients: they are in the log."""

SAFE = [
    (b"x-content-type-options", b"nosniff"),
    # The path of a share link is a secret, also within this site.
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")
"""A year, as RFC 6797 has it in its examples."""

SPREAD = 0x9E37_79B9_7F4A_7C15
"""Odd, so that ids repeat after 2**64 requests; they look different from each other in a log."""

REMEMBERED = 1_024
"""Heads of answers whose text is remembered, some 200 bytes each; those of the direct path differ in their length."""

UNUSUAL = (b"x-request-id", b"traceparent", b"upgrade")
"""Headers of requests that ``Heads.read`` looks at, besides ``Host``."""

SAFE_NAMES = frozenset(name for name, _ in SAFE)


class Heads:
    """Reads the heads of requests and completes those of answers. ``policy`` is the ``Content-Security-Policy`` of
    pages."""

    def __init__(self, policy: str) -> None:
        self._policy = (b"content-security-policy", policy.encode())
        # Ids of requests: unique, and not worth a system call each.
        self._number = count(secrets.randbits(64))
        self.lines = lru_cache(REMEMBERED)(self._lines)
        """The headers of an answer as text, except its id: most answers have the same."""

    def read(self, headers: Headers, version: str) -> tuple[Ids, str | None]:
        """The ids of a request: its own where it has a usable one, else that of its trace, else a new one. And what
        HTTP forbids in it: other than one ``Host`` (RFC 9112, section 3.2; HTTP/1.0 may leave it out), and a WebSocket
        handshake by HTTP/1.0 (RFC 6455, section 4.2.1)."""
        given = dict(headers)
        if given.keys().isdisjoint(UNUSUAL) and len(given) == len(headers) and b"host" in given:
            return (self.new_id(), None), None
        names = [name for name, _ in headers]
        usable: list[bytes] = []
        if b"x-request-id" in names:
            usable = [value for name, value in headers if name == b"x-request-id" and REQUEST_ID.match(value)]
        parent = valid(given[b"traceparent"].decode("latin-1")) if names.count(b"traceparent") == 1 else None
        ids = usable[0] if usable else trace_id(parent).encode() if parent else self.new_id(), parent
        upgrades = b"upgrade" in names and (b"upgrade", b"websocket") in [(n, v.lower()) for n, v in headers]
        return ids, _fault(version == "1.0", names.count(b"host"), upgrades)

    def new_id(self) -> bytes:
        """An id for a request that has none of its own."""
        return b"%016x" % (next(self._number) * SPREAD & 0xFFFF_FFFF_FFFF_FFFF)

    def complete(self, headers: Headers, request_id: bytes, scheme: str) -> list[tuple[bytes, bytes]]:
        """The headers of an answer with those that every answer has."""
        return [*self._safe(headers, scheme), (b"x-request-id", request_id)]

    def _lines(self, headers: tuple[tuple[bytes, bytes], ...], scheme: str) -> bytes:
        return lines_of(self._safe(headers, scheme))

    def _safe(self, headers: Headers, scheme: str) -> list[tuple[bytes, bytes]]:
        given = dict(headers)
        complete = [*headers]
        complete += SAFE if given.keys().isdisjoint(SAFE_NAMES) else [h for h in SAFE if h[0] not in given]
        if scheme in ("https", "wss"):
            complete.append(HTTPS_ONLY)
        if given.get(b"content-type", b"").startswith(b"text/html") and self._policy[0] not in given:
            complete.append(self._policy)
        return complete


def lines_of(headers: Headers) -> bytes:
    """Headers as they are sent."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def _fault(old: bool, hosts: int, upgrades: bool) -> str | None:
    """What HTTP forbids in a request with so many lines of ``Host``; ``upgrades``: to a WebSocket."""
    if hosts > 1:
        return f"Host: the request has {hosts} lines of this header, it must have one"
    if not hosts and not old:
        return "Host: the header is missing, HTTP/1.1 requires it"
    if upgrades and old:
        return "Upgrade: a WebSocket handshake needs HTTP/1.1, the request uses HTTP/1.0"
    return None
