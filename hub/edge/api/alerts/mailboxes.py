"""The link of e-mails by which a mailbox takes itself out of a channel.

GET /api/v1/unsubscribe/{mailboxToken}     a page with a button: programs that look at links in e-mails change nothing
POST /api/v1/unsubscribe/{mailboxToken}    no more e-mails, by the button or by the mail program (RFC 8058)
"""

from __future__ import annotations

import html
from datetime import UTC, datetime

from starlette.responses import HTMLResponse, Response

from hub.core.audit import Actor, ActorKind, Audited
from hub.edge.api.alerts.secrets import Vault
from hub.edge.api.registry.answers import unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain, request_id
from hub.edge.http.problems import Problem
from hub.edge.node import Node
from hub.logs import Action, get_logger
from hub.stores.postgres.alerts import channels, disabling
from hub.stores.postgres.audit import audit
from hub.stores.unsubscribing import PATH, Link

LAST = "the last mailbox has unsubscribed"
"""Why the channel is disabled then."""

BUTTON = '<form method="post"><button>Unsubscribe</button></form>'


log = get_logger()


def routes(node: Node, registry: Registry, vault: Vault) -> list[Operation]:
    def link(call: Plain) -> Link:
        found = vault.link(call.ids["mailbox_token"])
        if found is None:
            raise Problem(404, "there is no such link")
        return found

    async def look(call: Plain) -> Response:
        wanted = link(call)
        async with registry.transaction() as connection:
            found = await channels.mailboxes(connection, wanted.channel_id)
        if found is None or not any(map(wanted.of, found[2])):
            return _page("This mailbox gets no e-mails of the channel.")
        return _page(f"No more e-mails of the channel {found[1]} to this mailbox?", BUTTON)

    async def leave(call: Plain) -> Response:
        wanted, disabled = link(call), False
        id = wanted.channel_id
        async with registry.transaction() as connection:
            await channels.one_disables(connection)
            found = await channels.mailboxes(connection, id)
            if found is not None and any(map(wanted.of, found[2])):
                left = [one for one in found[2] if not wanted.of(one)]
                await channels.keep_mailboxes(connection, id, left)
                actor = Actor(found[0], ActorKind.LINK, "", request_id())
                await audit(connection, actor, Audited.MAILBOX_UNSUBSCRIBED, id)
                if not left and (channel := await channels.working(connection, id)) is not None:
                    disabled = await disabling.disable(connection, channel, LAST, datetime.now(UTC))
        if disabled:
            log.error(Action.CHANNEL_DISABLED, channel=str(id), kind="email", reason=LAST)
        return _page("This mailbox gets no more e-mails of the channel.")

    path = f"{PATH}{{mailbox_token}}"
    return [
        Operation(
            node.door,
            "GET",
            path,
            look,
            access=Access.PUBLIC,
            summary="The page on which the receiver of e-mails unsubscribes",
            media=("text/html",),
        ),
        Operation(
            node.door,
            "POST",
            path,
            leave,
            access=Access.PUBLIC,
            summary="Take a mailbox out of a channel (RFC 8058)",
            media=("text/html",),
        ),
    ]


def _page(words: str, form: str = "") -> Response:
    return unstored(
        HTMLResponse(
            '<!DOCTYPE html><html lang="en"><head><meta name="viewport" content="width=device-width">'
            f"<title>Unsubscribe</title></head><body><main><h1>Unsubscribe</h1><p>{html.escape(words)}</p>{form}</main>"
            "</body></html>"
        )
    )
