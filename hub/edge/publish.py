"""Fixes that come by HTTP: through the same door as those of ``/ws``, and answered when they are durable."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from hub.core.live.accept import Rejected
from hub.core.live.client import Client
from hub.core.nouns import Fix
from hub.core.principal import Principal
from hub.edge.http.problems import unavailable
from hub.edge.ws.ingest import driver_of
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode

if TYPE_CHECKING:
    from hub.edge.node import Node


async def publish(node: Node, principal: Principal, fixes: Sequence[Fix | BadMessage]) -> list[BadMessage | None]:
    """Accept and broadcast fixes, and wait until they are in the log. For each: None, or why it was refused.

    Raises ``Problem`` 503 when they are more than their driver may send, of which nothing is seen then, and when they
    cannot be in the log soon. Those who watch have seen them then all the same; sent
    again they are stored once.
    """
    retry_after = node.settings.retry_after
    if node.draining:
        raise unavailable("the hub is going down", retry_after)
    if principal.driver is not None:
        heard = asyncio.get_running_loop().time()
        wait = node.fixes_of(principal, heard).take(len(fixes), heard)
        if wait:
            raise unavailable("more fixes of one driver than this hub takes at a time", wait)
    # Never connected: it stands for whoever posts, whose own positions nobody has to be spared.
    client = Client(0, principal, lambda frame: None)
    now = node.clock.now()
    away = node.appender is None or node.appender.problem is not None
    outcome: list[BadMessage | None] = []
    added = refused = 0
    for fix in fixes:
        if isinstance(fix, BadMessage):
            outcome.append(fix)
            continue
        try:
            # While the log is away nothing is put by: the client keeps it, and would fill our memory by repeating it.
            if _accept(node, client, fix, now, log=not away):
                added += 1
            else:
                refused += 1
            outcome.append(None)
        except BadMessage as bad:
            outcome.append(bad)
    if added or refused:
        node.turn()
    if refused:
        raise unavailable("the log does not answer" if away else "the log has no room", retry_after)
    if added:
        await _durable(node)
    return outcome


def _accept(node: Node, client: Client, fix: Fix, now: datetime, *, log: bool) -> bool:
    """Publish a fix; whether it will be logged. Raises ``BadMessage``."""
    fleet = node.hub.fleet(client.principal.fleet)
    try:
        payload, update = node.hub.publish(fleet, driver_of(client, fix), fix, now, client)
    except Rejected as rejected:
        raise BadMessage(ErrorCode.INVALID, rejected.detail, rejected.field, fix.msg_no) from rejected
    if not log or node.unlogged.full:
        return False
    node.unlogged.add(fleet.id, payload, update)
    return True


async def _durable(node: Node) -> None:
    """Wait for the group commit of what was added last. Raises ``Problem`` 503."""
    logged = asyncio.Event()
    node.unlogged.when_logged(logged.set)
    try:
        async with asyncio.timeout(node.settings.post_timeout):
            await logged.wait()
    except TimeoutError as error:
        raise unavailable("the log does not answer", node.settings.retry_after) from error
