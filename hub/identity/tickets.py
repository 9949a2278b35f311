"""Tickets: valid once, for 30 s, for one handshake.

A page can put only a URL into a handshake. A token in a URL would end up in proxies' logs; a used ticket is worthless.
"""

from __future__ import annotations

import contextlib
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
from hub.stores.tokens import token_hash

LIFETIME = 30
"""Seconds. A page connects at once; on a bad network that takes ten."""

TICKET = re.compile(r"[A-Za-z0-9_-]{43}\Z")
"""256 bits."""


class Ticket(Struct, gc=False):
    """Content of a ticket: its principal, and the ``Origin`` of the page that requested it, if any."""

    principal: Principal
    origin: str | None


_decoder = msgspec.msgpack.Decoder(Ticket)


class Tickets:
    """Issues and redeems tickets, which are valid on all nodes with the same Redis."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connected: Redis | None = None

    @property
    def _redis(self) -> Redis:
        if self._connected is None:
            self._connected = connect(self._settings.redis_url, self._settings.redis_timeout)
        return self._connected

    async def close(self) -> None:
        """Close the connections to Redis, if any."""
        if self._connected is not None:
            with contextlib.suppress(*UNAVAILABLE):
                await self._connected.aclose()

    async def issue(self, principal: Principal, origin: str | None) -> str:
        """A new ticket. Raises ``Undecided`` while Redis is unavailable."""
        ticket = secrets.token_urlsafe(32)
        content = msgspec.msgpack.encode(Ticket(principal, origin))
        try:
            await put(self._redis, token_hash(ticket).hex(), content, LIFETIME)
        except UNAVAILABLE as error:
            raise Undecided("tickets are unavailable: Redis does not answer") from error
        return ticket

    async def redeem(self, ticket: str, origin: str | None) -> Principal:
        """The principal of a ticket; consumes it. Raises ``Unauthenticated``, also for a page other than the one that
        requested it; ``Undecided`` while Redis is unavailable."""
        if not TICKET.match(ticket):
            raise Unauthenticated("the ticket is not valid")
        try:
            content = await take(self._redis, token_hash(ticket).hex())
        except UNAVAILABLE as error:
            raise Undecided("tickets are unavailable: Redis does not answer") from error
        if content is None:
            raise Unauthenticated(f"the ticket was used or has expired: it is valid once, for {LIFETIME} seconds")
        kept = _decoder.decode(content)
        if kept.origin is not None and kept.origin != origin:
            raise Unauthenticated("the ticket was issued to another origin")
        if kept.principal.expires is not None and kept.principal.expires <= time.time():
            raise Unauthenticated("the token that the ticket was issued for has expired")
        return kept.principal
