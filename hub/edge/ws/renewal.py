"""A new token on an open socket, so that it need not close and come back when the old one expires."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hub.core.live.client import Client
from hub.core.messages import Authenticated, Error, Message
from hub.identity.tokens import Unauthenticated, Undecided
from hub.logs import Action, get_logger
from hub.wire.errors import ErrorCode

if TYPE_CHECKING:
    from hub.edge.node import Node

log = get_logger()


def renew(node: Node, client: Client, token: str) -> None:
    """Take a new token of the same principal; answered when it has been verified, for which keys may have to be
    fetched. Whatever is wrong with it, the connection lives on with the token that it has."""
    task = asyncio.create_task(_renew(node, client, token))
    node.renewals.add(task)
    task.add_done_callback(node.renewals.discard)


async def _renew(node: Node, client: Client, token: str) -> None:
    try:
        answer = await _answer(node, client, token)
    except Exception:
        log.exception(Action.INTERNAL_ERROR, where="renewal")
        return
    if client.id in node.hub.clients:
        client.send(node.hub.message(answer))


async def _answer(node: Node, client: Client, token: str) -> Message:
    try:
        principal = await node.identity.principal(token)
    except Unauthenticated as error:
        return Error(ErrorCode.UNAUTHENTICATED, str(error), "token")
    except Undecided as error:
        return Error(ErrorCode.UNAVAILABLE, str(error), "token", None, int(node.settings.retry_after * 1000))
    if not principal.same_as(client.principal):
        detail = "the token is another's, or of another role: open a connection with it"
        return Error(ErrorCode.FORBIDDEN, detail, "token")
    client.principal = principal
    return Authenticated(None if principal.expires is None else datetime.fromtimestamp(principal.expires, UTC))
