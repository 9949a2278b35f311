"""A new token on an open socket, so that it need not close and reconnect when the old token expires."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from hub.core.live.client import Client
from hub.core.live.hub import Hub
from hub.core.messages import Authenticated, Error, Message
from hub.identity.identity import Identity
from hub.identity.tokens import Unauthenticated, Undecided
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.wire.errors import ErrorCode

log = get_logger()


class Renewals:
    """Renewals under way: verifying a token may take as long as fetching the provider's keys."""

    def __init__(self, settings: Settings, hub: Hub, identity: Identity) -> None:
        self.settings, self.hub, self.identity = settings, hub, identity
        self.tasks: set[asyncio.Task[None]] = set()

    def renew(self, client: Client, token: str) -> None:
        """Take a new token of the same principal, and answer when it is verified. After a refusal the connection keeps
        its old token."""
        task = asyncio.create_task(self._renew(client, token))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _renew(self, client: Client, token: str) -> None:
        try:
            answer = await self._answer(client, token)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="renewal")
            return
        if client.id in self.hub.clients:
            client.send(self.hub.message(answer))

    async def _answer(self, client: Client, token: str) -> Message:
        try:
            principal = await self.identity.principal(token)
        except Unauthenticated as error:
            return Error(ErrorCode.UNAUTHENTICATED, str(error), "token")
        except Undecided as error:
            return Error(ErrorCode.UNAVAILABLE, str(error), "token", None, int(self.settings.retry_after * 1000))
        if not principal.same_as(client.principal):
            detail = "the token belongs to another principal or role; open a new connection with it"
            return Error(ErrorCode.FORBIDDEN, detail, "token")
        client.principal = principal
        return Authenticated(None if principal.expires is None else datetime.fromtimestamp(principal.expires, UTC))
