"""Whose token it is: the one door that handshakes, requests and phones go through."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from hub.core.principal import Principal
from hub.identity.directory import Directory
from hub.identity.provider import ALGORITHMS, Keys
from hub.identity.tickets import Tickets
from hub.identity.tokens import PHONE_TOKEN, Unauthenticated, authenticate, authenticate_by_key, header_of
from hub.settings import Settings


class Identity:
    """What a node knows about who may come in. The tasks of ``upkeep`` keep it current."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.directory = Directory(settings)
        self.tickets = Tickets(settings)
        self.keys = Keys(settings.jwks_url, settings.jwks_refresh) if settings.jwks_url else None

    def upkeep(self) -> list[Coroutine[Any, Any, None]]:
        """What has to run meanwhile; nothing on an open hub."""
        if self.settings.open:
            return []
        return [self.directory.run(), *([self.keys.run()] if self.keys is not None else [])]

    async def principal(self, token: str | None) -> Principal:
        """The principal of a token, or everybody on an open hub. Raises ``Unauthenticated`` or ``Undecided``."""
        settings = self.settings
        if token is None or settings.open:
            return authenticate(settings, token)
        if PHONE_TOKEN.match(token):
            principal = self.directory.phone(token)
        elif (header := header_of(token)).get("alg") in ALGORITHMS.values() and self.keys is not None:
            kid = header.get("kid")
            if not isinstance(kid, str):
                raise Unauthenticated("the token names no key")
            principal = authenticate_by_key(settings, await self.keys.find(kid), token)
        else:
            principal = authenticate(settings, token)
        self.check(principal)
        return principal

    def check(self, principal: Principal) -> None:
        """Raises ``Unauthenticated`` for somebody whose token is good and who may not be here all the same."""
        refusal = self.directory.refusal(principal)
        if refusal is not None:
            raise Unauthenticated(refusal)
