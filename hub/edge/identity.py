"""Whose token it is: the one door that handshakes, requests and phones go through."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from hub.core.principal import Principal
from hub.edge.auth import PHONE_TOKEN, Unauthenticated, authenticate
from hub.edge.directory import Directory
from hub.settings import Settings


class Identity:
    """What a node knows about who may come in. The tasks of ``upkeep`` keep it current."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.directory = Directory(settings)

    def upkeep(self) -> list[Coroutine[Any, Any, None]]:
        """What has to run meanwhile; nothing on an open hub."""
        return [] if self.settings.open else [self.directory.run()]

    async def principal(self, token: str | None) -> Principal:
        """The principal of a token, or everybody on an open hub. Raises ``Unauthenticated`` or ``Undecided``."""
        settings = self.settings
        if token is None or settings.open:
            return authenticate(settings, token)
        if PHONE_TOKEN.match(token):
            principal = self.directory.phone(token)
        else:
            principal = authenticate(settings, token)
        self.check(principal)
        return principal

    def check(self, principal: Principal) -> None:
        """Raises ``Unauthenticated`` for somebody whose token is good and who may not be here all the same."""
        refusal = self.directory.refusal(principal)
        if refusal is not None:
            raise Unauthenticated(refusal)
