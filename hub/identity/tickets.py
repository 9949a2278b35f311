"""Tickets: good once, for half a minute, for one handshake. A browser's page can put nothing but an address into a
handshake, and a token does not belong there; of a ticket in a proxy's log nobody has anything."""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import time

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from hub.core.principal import Principal
from hub.identity.tokens import Unauthenticated, Undecided
from hub.settings import Settings
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.tickets import put, take

LIFETIME = 30
"""Seconds. A page opens its socket at once; a bad network takes ten."""

TICKET = re.compile(r"[A-Za-z0-9_-]{43}\Z")
"""256 bits."""


class Ticket(Struct, gc=False):
    """Whom a ticket lets in, and from which page (``Origin``), if it was a page that asked for it."""

    principal: Principal
    origin: str | None


_decoder = msgspec.msgpack.Decoder(Ticket)


class Tickets:
    """The tickets of all nodes that share a Redis."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connected: Redis | None = None

    @property
    def _redis(self) -> Redis:
        if self._connected is None:
            self._connected = connect(self._settings.redis_url, self._settings.redis_timeout)
        return self._connected

    async def close(self) -> None:
        """Close the connections, if there was a ticket."""
        if self._connected is not None:
            with contextlib.suppress(*UNAVAILABLE):
                await self._connected.aclose()

    async def issue(self, principal: Principal, origin: str | None) -> str:
        """A ticket. Raises ``Undecided`` while Redis does not answer."""
        ticket = secrets.token_urlsafe(32)
        content = msgspec.msgpack.encode(Ticket(principal, origin))
        try:
            await put(self._redis, _hash(ticket), content, LIFETIME)
        except UNAVAILABLE as error:
            raise Undecided("tickets cannot be kept: Redis does not answer") from error
        return ticket

    async def redeem(self, ticket: str, origin: str | None) -> Principal:
        """Whom a ticket lets in, which it does once. Raises ``Unauthenticated``, also for a page that has not asked for
        it; ``Undecided`` while Redis does not answer."""
        if not TICKET.match(ticket):
            raise Unauthenticated("there is no such ticket")
        try:
            content = await take(self._redis, _hash(ticket))
        except UNAVAILABLE as error:
            raise Undecided("tickets cannot be looked up: Redis does not answer") from error
        if content is None:
            raise Unauthenticated("there is no such ticket: each is good once, for half a minute")
        found = _decoder.decode(content)
        if found.origin is not None and found.origin != origin:
            raise Unauthenticated("the ticket is another page's")
        if found.principal.expires is not None and found.principal.expires <= time.time():
            raise Unauthenticated("the token that the ticket was made for has expired")
        return found.principal


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
