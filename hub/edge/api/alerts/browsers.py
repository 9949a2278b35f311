"""Browsers that want the notices of a webpush channel.

GET /api/v1/push                                      the channels that a browser can subscribe to
POST /api/v1/channels/{id}/subscriptions              subscribe this browser
DELETE /api/v1/channels/{id}/subscriptions/{id}       unsubscribe it
"""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.principal import MANAGERS
from hub.edge.api.alerts.secrets import Vault
from hub.edge.api.registry.answers import answer, no_content, refusal
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.stores.postgres.alerts import channels
from hub.stores.postgres.audit import audit
from hub.wire.notices.addresses import Refused, check_url, networks
from hub.wire.notices.push import Browser, check


class PushChannel(Struct, rename="camel"):
    """``public_key``: ``applicationServerKey`` of ``PushManager.subscribe``."""

    id: UUID
    name: str
    public_key: str


class PushChannels(Struct):
    channels: list[PushChannel]


class Subscribed(Struct, rename="camel"):
    subscription_id: UUID


class _Config(Struct, rename="camel"):
    public_key: str


def routes(node: Node, registry: Registry, vault: Vault) -> list[Operation]:
    async def offered(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await channels.channels(connection, call.fleet, node.settings.max_channels)
        return answer(
            PushChannels(
                [
                    PushChannel(one.id, one.name, msgspec.json.decode(one.config, type=_Config).public_key)
                    for one in found
                    if one.kind == "webpush"
                ]
            )
        )

    async def subscribe(call: Call[None, Browser]) -> Response:
        browser, channel_id, id = call.body, call.ids["channel_id"], uuid4()
        try:
            check_url(browser.endpoint, networks(node.settings.hooks_allow))
        except Refused as error:
            raise invalid("endpoint", str(error)) from error
        try:
            check(browser)
        except ValueError as error:
            raise invalid("keys", str(error)) from error
        digest = hashlib.sha256(browser.endpoint.encode()).digest()
        sealed = vault.close(id, browser)
        async with registry.transaction() as connection:
            channel = await channels.channel(connection, call.fleet, channel_id)
            if channel is None or channel.kind != "webpush":
                raise refusal("channel of the kind webpush", None)
            made = await channels.subscribe(
                connection, call.fleet, channel_id, digest, call.principal.subject, id, sealed
            )
            if made is None:
                raise refusal("channel of the kind webpush", None)
            if made == id:  # else it was subscribed before
                await audit(connection, call.actor, Audited.BROWSER_SUBSCRIBED, id, channelId=str(channel_id))
        return answer(Subscribed(made), 201)

    async def unsubscribe(call: Plain) -> Response:
        user = None if call.principal.role in MANAGERS else call.principal.subject
        ids = call.ids["channel_id"], call.ids["subscription_id"]
        async with registry.transaction() as connection:
            if not await channels.unsubscribe(connection, call.fleet, *ids, user):
                raise refusal("subscription", None)
            channel_id, id = map(str, ids)
            await audit(connection, call.actor, Audited.BROWSER_UNSUBSCRIBED, id, channelId=channel_id)
        return no_content()

    path = "/api/v1/channels/{channel_id}/subscriptions"
    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/push",
            offered,
            access=Access.FLEET,
            summary="Channels that a browser can subscribe to",
            answer=PushChannels,
        ),
        Operation(
            node.door,
            "POST",
            path,
            subscribe,
            access=Access.FLEET,
            summary="Send the notices of a channel to a browser",
            body=Browser,
            answer=Subscribed,
            status=201,
        ),
        Operation(
            node.door,
            "DELETE",
            f"{path}/{{subscription_id}}",
            unsubscribe,
            access=Access.FLEET,
            summary="Send no more notices to a browser",
            status=204,
        ),
    ]
