"""The life of one text message: decode, authorise, accept, publish, log; a request is answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hub.core.live.accept import Rejected
from hub.core.live.client import Client
from hub.core.messages import Error, Pong
from hub.core.nouns import Fix
from hub.edge.ws.renewal import renew
from hub.wire.codec import Authenticate, BadMessage, Ping, Request, Subscribe, Unsubscribe, decode, subscription
from hub.wire.errors import ErrorCode

if TYPE_CHECKING:
    from hub.edge.node import Node


def receive(node: Node, client: Client, payload: bytes, now: datetime) -> tuple[int, int, int]:
    """Do what a text message asks. Returns how many (fixes, requests, errors) it was, for the limits."""
    try:
        message = decode(payload, node.settings.max_batch)
        if type(message) is Fix:
            publish(node, client, message, now)
            return 1, 0, 0
        if type(message) is list:
            return _publish_batch(node, client, message, now)
        request(node, client, message)  # type: ignore[arg-type]
        return 0, 1, 0
    except BadMessage as bad:
        refuse(node, client, bad)
        return 0, 0, 1


def _publish_batch(node: Node, client: Client, fixes: list[Fix | BadMessage], now: datetime) -> tuple[int, int, int]:
    errors = 0
    for fix in fixes:
        try:
            if isinstance(fix, BadMessage):
                raise fix
            publish(node, client, fix, now)
        except BadMessage as bad:
            refuse(node, client, bad)
            errors += 1
    # An empty array counts as a request, so that a flood of them is limited.
    return len(fixes) - errors, 0 if fixes else 1, errors


def publish(node: Node, client: Client, fix: Fix, now: datetime) -> None:
    """Accept a fix, broadcast it, and put it into the next batch of the log. Raises ``BadMessage``."""
    driver_id = driver_of(client, fix)
    hub, unlogged, msg_no = node.hub, node.unlogged, fix.msg_no
    fleet = hub.fleet(client.principal.fleet)
    try:
        payload, update = hub.publish(fleet, driver_id, fix, now, client)
    except Rejected as rejected:
        raise BadMessage(ErrorCode.INVALID, rejected.detail, rejected.field, msg_no) from rejected
    if unlogged.refuses(client, msg_no):
        # Said once: what follows a refused message is refused with it.
        if msg_no is None or msg_no == client.refused_from:
            retry_ms = int(node.settings.retry_after * 1000)
            detail = "the log does not take it; send it and what follows again"
            client.send(hub.message(Error(ErrorCode.UNAVAILABLE, detail, None, msg_no, retry_ms)))
        return
    unlogged.add(fleet.id, payload, update)
    if msg_no is not None:
        unlogged.acknowledge(client, msg_no)


def driver_of(client: Client, fix: Fix) -> str:
    """The driver that a fix is of: named by the token, or by the fix where the token leaves it open."""
    principal = client.principal
    if principal.driver is not None:
        if fix.driver_id is not None and fix.driver_id != principal.driver:
            raise BadMessage(ErrorCode.FORBIDDEN, "the token names another driver", "driverId", fix.msg_no)
        return principal.driver
    if not principal.publishes:
        raise BadMessage(ErrorCode.FORBIDDEN, f"the role {principal.role} does not publish", None, fix.msg_no)
    if fix.driver_id is None:
        raise BadMessage(ErrorCode.INVALID, "is needed: the token names no driver", "driverId", fix.msg_no)
    return fix.driver_id


def request(node: Node, client: Client, message: Request) -> None:
    """Answer a ``subscribe``, ``unsubscribe``, ``ping`` or ``auth``. Raises ``BadMessage``."""
    match message:
        case Ping():
            client.send(node.hub.message(Pong()))
        case Subscribe():
            if not client.principal.subscribes:
                raise BadMessage(ErrorCode.FORBIDDEN, f"the role {client.principal.role} does not subscribe", "type")
            settings, held = node.settings, client.subscriptions or {}
            if message.id not in held and len(held) >= settings.max_subscriptions:
                detail = f"at most {settings.max_subscriptions} subscriptions of a connection"
                raise BadMessage(ErrorCode.TOO_MANY, detail, "id")
            since = (message.since.epoch, message.since.seq) if message.since else None
            node.hub.subscribe(client, subscription(message, settings.max_subscription_drivers), since)
        case Unsubscribe(id=id):
            if not node.hub.unsubscribe(client, id):
                raise BadMessage(ErrorCode.INVALID, "there is no such subscription", "id")
        case Authenticate(token=token):
            renew(node, client, token)


def refuse(node: Node, client: Client, bad: BadMessage) -> None:
    """Tell a client what was wrong; the connection stays."""
    client.send(node.hub.message(Error(bad.code, bad.detail, bad.field, bad.msg_no)))
