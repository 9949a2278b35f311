"""Whose token it is: the one door that handshakes, requests and phones go through."""

from __future__ import annotations

from hub.core.principal import Principal
from hub.edge.auth import authenticate
from hub.settings import Settings


class Identity:
    """What a node knows about who may come in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def principal(self, token: str | None) -> Principal:
        """The principal of a token, or everybody on an open hub. Raises ``Unauthenticated``."""
        return authenticate(self.settings, token)
