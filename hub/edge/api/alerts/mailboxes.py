"""The link of e-mails by which a mailbox takes itself out of a channel.

GET /api/v1/unsubscribe/{token}     a page with a button: programs that look at links in e-mails change nothing
POST /api/v1/unsubscribe/{token}    no more e-mails, by the button or by the mail program (RFC 8058)
"""

from __future__ import annotations

import html

from starlette.responses import HTMLResponse, Response

from hub.core.audit import Actor, ActorKind, Audited
from hub.edge.api.alerts.secrets import Vault
from hub.edge.api.registry.answers import unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain, request_id
from hub.edge.http.problems import Problem
from hub.edge.node import Node
from hub.stores.postgres.alerts import channels
from hub.stores.postgres.audit import audit
from hub.stores.unsubscribing import PATH, Link

BUTTON = '<form method="post"><button>Unsubscribe</button></form>'


def routes(node: Node, registry: Registry, vault: Vault) -> list[Operation]:
    def link(call: Plain) -> Link:
        found = vault.link(call.ids["token"])
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
        wanted = link(call)
        async with registry.transaction() as connection:
            found = await channels.mailboxes(connection, wanted.channel_id)
            if found is not None and any(map(wanted.of, found[2])):
                await channels.keep_mailboxes(
                    connection, wanted.channel_id, [one for one in found[2] if not wanted.of(one)]
                )
                actor = Actor(found[0], ActorKind.LINK, "", request_id())
                await audit(connection, actor, Audited.MAILBOX_UNSUBSCRIBED, wanted.channel_id)
        return _page("This mailbox gets no more e-mails of the channel.")

    path = f"{PATH}{{token}}"
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
