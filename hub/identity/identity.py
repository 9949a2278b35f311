"""Authentication: the principal of a token, for handshakes, requests and phones."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

import msgspec

from hub.core.principal import Principal
from hub.identity.directory import Directory
from hub.identity.provider import ALGORITHMS, Keys
from hub.identity.tickets import Tickets
from hub.identity.tokens import (
    API_KEY,
    PHONE_TOKEN,
    Unauthenticated,
    authenticate,
    authenticate_by_key,
    header_of,
)
from hub.settings import Settings

VERIFIED = 20_000
"""Tokens whose signature was found valid, a kilobyte each: devices send the same one for hours, and to verify it
takes as long as everything else of their requests. The ones unused for longest are dropped."""


class Identity:
    """Authenticates tokens of every kind. The tasks of ``upkeep`` keep its data current."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.directory = Directory(settings)
        self.tickets = Tickets(settings)
        self.keys = Keys(settings.jwks_url, settings.jwks_refresh) if settings.jwks_url else None
        # A token that the hub signed -> its principal. Keys of a provider may be withdrawn, ours may not.
        self._verified: OrderedDict[str, Principal] = OrderedDict()

    def upkeep(self) -> list[Coroutine[Any, Any, None]]:
        """Background tasks. An open hub has them for the copies that follow with the directory."""
        return [self.directory.run(), *([self.keys.run()] if self.keys is not None else [])]

    async def principal(self, token: str | None) -> Principal:
        """The principal of a token; on an open hub that of all clients. Raises ``Unauthenticated`` or ``Undecided``."""
        principal = self.known_principal(token)
        if principal is not None:
            return principal
        assert token is not None and self.keys is not None
        kid = header_of(token).get("kid")
        if not isinstance(kid, str):
            raise Unauthenticated("the token's header has no key id (kid)")
        principal = authenticate_by_key(self.settings, await self.keys.find(kid), token)
        self.check(principal)
        return self.limited(principal)

    def known_principal(self, token: str | None) -> Principal | None:
        """The same without waiting; None for a token that needs a key of the identity provider."""
        settings = self.settings
        if token is None or settings.open:
            return authenticate(settings, token)
        if (known := self._known(token)) is not None:
            principal = known
        elif PHONE_TOKEN.match(token):
            principal = self.directory.phone(token)
        elif API_KEY.match(token):
            principal = self.directory.key(token)
        elif self.keys is not None and header_of(token).get("alg") in ALGORITHMS.values():
            return None
        else:
            principal = authenticate(settings, token)
            if len(self._verified) >= VERIFIED:
                self._verified.popitem(last=False)
            self._verified[token] = principal
        self.check(principal)
        return self.limited(principal)

    def limited(self, principal: Principal) -> Principal:
        """The principal with the groups that its user is limited to now."""
        groups = self.directory.groups(principal)
        return principal if groups == principal.groups else msgspec.structs.replace(principal, groups=groups)

    def _known(self, token: str) -> Principal | None:
        """The principal of a token that was verified before and has not expired."""
        principal = self._verified.get(token)
        if principal is None:
            return None
        if principal.expires is not None and principal.expires <= time.time():
            del self._verified[token]
            return None
        self._verified.move_to_end(token)
        return principal

    def check(self, principal: Principal) -> None:
        """Raises ``Unauthenticated`` when a valid token was revoked: itself, or its driver, user or session."""
        refusal = self.directory.refusal(principal)
        if refusal is not None:
            raise Unauthenticated(refusal)
