"""The channels of a fleet: where alerts are sent.

GET, POST /api/v1/channels                  the channels in pages, or a new one
GET, PATCH, DELETE /api/v1/channels/{id}    one of them; a change needs ``If-Match``
POST /api/v1/channels/{id}/secret           a new secret for a webhook; the present one remains valid for a day
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Name
from hub.edge.api.alerts.secrets import OVERLAP, Vault, rotated
from hub.edge.api.pages import decode_cursor, encode_cursor, page
from hub.edge.api.registry.answers import answer, given, given_fields, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.edge.http.versions import stale
from hub.edge.node import Node
from hub.stores.postgres.alerts import channels as stored
from hub.stores.postgres.alerts.alerts import channel_works
from hub.stores.postgres.alerts.channels import FIRST, Channel
from hub.stores.postgres.audit import audit
from hub.wire.notices.kinds import MACHINES, STREAMS, joined, split, unsent

PATH = "/api/v1/channels"

Kind = Literal[
    "webhook", "traccar", "mqtt", "nats", "slack", "discord", "teams", "telegram", "ntfy", "email", "apprise", "webpush"
]
EventType = Literal["trip", "fence", "position", "channel"]
Events = Annotated[list[EventType], Meta(max_length=4)]


class PageQuery(Struct):
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None

    def after(self) -> UUID:
        """Id after which the page begins. Raises ``Problem`` 422."""
        return FIRST if self.cursor is None else decode_cursor(self.cursor, tuple[UUID])[0]


class NewChannel(Struct, rename="camel", forbid_unknown_fields=True):
    """``config`` depends on the kind (docs/webhooks.md). ``events``: types of events that are sent without a rule;
    ``position``: by the kinds traccar, mqtt and nats only; ``channel``: another channel is disabled, the default of the
    kinds that people read."""

    name: Name
    kind: Kind
    config: dict[str, Any] = {}
    events: Events | UnsetType = UNSET


class ChannelChange(Struct, rename="camel", forbid_unknown_fields=True):
    """Absent fields do not change. ``config`` changes the fields that it has. ``state`` ``active`` also ends the pause
    of a channel that is failing or disabled."""

    name: Name | UnsetType = UNSET
    config: dict[str, Any] | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    state: Literal["active", "paused"] | UnsetType = UNSET


class MadeChannel(Struct, rename="camel"):
    """A new channel. ``secret``: of a webhook, to verify signatures with; it is shown once."""

    channel: Channel
    secret: str | None


class NewSecret(Struct, rename="camel"):
    """``secret`` is shown once. The one before signs, too, until ``previous_until``."""

    secret: str
    previous_until: datetime


class ChannelPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    channels: list[Channel]
    next: str | None = None


def routes(node: Node, registry: Registry, vault: Vault) -> list[Operation]:
    async def list_channels(call: Call[PageQuery, None]) -> Response:
        after = call.query.after()
        async with registry.transaction() as connection:
            found = await stored.channels(connection, call.fleet, call.query.limit, after)
        following = encode_cursor(found[-1].id) if len(found) == call.query.limit else None
        return unstored(await page(node.slices, call.request, "channels", found, following))

    async def create(call: Call[None, NewChannel]) -> Response:
        new, id = call.body, uuid4()
        events = given(new.events)
        if events is None:
            events = [] if new.kind in MACHINES else ["channel"]
        _check_events(new.kind, events)
        config, secrets = vault.made(id, new.kind, vault.checked(new.kind, new.config))
        sealed = vault.close(id, secrets)
        async with registry.transaction() as connection:
            if await stored.count(connection, call.fleet) >= node.settings.max_channels:
                raise Problem(409, f"the fleet has its {node.settings.max_channels} channels already")
            made = await stored.add(
                connection,
                call.fleet,
                id,
                name=new.name,
                kind=new.kind,
                config=_text(config),
                events=list(dict.fromkeys(events)),
                sealed=sealed,
            )
            await audit(connection, call.actor, Audited.CHANNEL_CREATED, id, kind=new.kind)
        secret = secrets.keys[0].secret if secrets.keys else None
        return answer(MadeChannel(made, secret), 201, {"location": f"{PATH}/{id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await stored.channel(connection, call.fleet, call.ids["channel_id"])
        if found is None:
            raise refusal("channel", None)
        return answer(found)

    async def change(call: Call[None, ChannelChange]) -> Response:
        id, wanted = call.ids["channel_id"], call.body
        async with registry.transaction() as connection:
            before = await stored.sealed(connection, call.fleet, id)
            present = await stored.channel(connection, call.fleet, id)
            if before is None or present is None:
                raise refusal("channel", None)
            if call.version not in (None, present.version):
                raise stale(present.version)
            config = sealed = None
            if not isinstance(wanted.config, UnsetType):
                config, sealed = _changed(vault, present, before[1], wanted.config)
            if wanted.state == "active" and present.kind == "email":
                _check_mailboxes(present.config if config is None else config)
            events = given(wanted.events)
            _check_events(present.kind, events or [])
            changed = await stored.change(
                connection,
                call.fleet,
                id,
                call.version,
                name=given(wanted.name),
                config=config,
                events=None if events is None else list(dict.fromkeys(events)),
                sealed=sealed,
                state=given(wanted.state),
            )
            if changed is None:
                raise refusal("channel", present)
            if present.state == "disabled" and changed.state != "disabled":
                await channel_works(connection, call.fleet, id, datetime.now(UTC))
            await audit(connection, call.actor, Audited.CHANNEL_CHANGED, id, **given_fields(wanted, "state"))
        return answer(changed)

    async def delete(call: Plain) -> Response:
        id = call.ids["channel_id"]
        async with registry.transaction() as connection:
            if not await stored.delete(connection, call.fleet, id, call.version):
                raise refusal("channel", await stored.channel(connection, call.fleet, id))
            await channel_works(connection, call.fleet, id, datetime.now(UTC))
            await audit(connection, call.actor, Audited.CHANNEL_DELETED, id)
        return no_content()

    async def rotate(call: Plain) -> Response:
        id, now = call.ids["channel_id"], datetime.now(UTC)
        async with registry.transaction() as connection:
            before = await stored.sealed(connection, call.fleet, id)
            if before is None:
                raise refusal("channel", None)
            kind, sealed = before
            if kind != "webhook":
                raise taken("kind", f"a channel of the kind {kind} has no secret to verify with")
            secrets = rotated(vault.open(id, sealed), now)
            await stored.change(connection, call.fleet, id, None, sealed=vault.close(id, secrets))
            await audit(connection, call.actor, Audited.CHANNEL_SECRET_REPLACED, id)
        return answer(NewSecret(secrets.keys[0].secret, now + OVERLAP))

    one = f"{PATH}/{{channel_id}}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_channels,
            access=Access.MANAGE,
            summary="The fleet's channels",
            query=PageQuery,
            answer=ChannelPage,
        ),
        Operation(
            node.door,
            "POST",
            PATH,
            create,
            access=Access.MANAGE,
            summary="Create a channel",
            body=NewChannel,
            answer=MadeChannel,
            status=201,
            problems=(409,),
        ),
        Operation(
            node.door, "GET", one, read, access=Access.MANAGE, summary="One channel", answer=Channel, versioned=True
        ),
        Operation(
            node.door,
            "PATCH",
            one,
            change,
            access=Access.MANAGE,
            summary="Change, pause or resume a channel",
            body=ChannelChange,
            answer=Channel,
            versioned=True,
        ),
        Operation(
            node.door,
            "DELETE",
            one,
            delete,
            access=Access.MANAGE,
            summary="Delete a channel, with its log",
            status=204,
            versioned=True,
        ),
        Operation(
            node.door,
            "POST",
            f"{one}/secret",
            rotate,
            access=Access.MANAGE,
            summary="A new secret for a webhook",
            answer=NewSecret,
            problems=(409,),
        ),
    ]


def _changed(vault: Vault, present: Channel, sealed: bytes, wanted: dict[str, Any]) -> tuple[str, bytes]:
    """Config and sealed secrets with some fields changed. Raises ``Problem`` 422."""
    secrets = vault.open(present.id, sealed)
    if present.kind == "webpush":
        if wanted:
            raise invalid("config", "a channel of the kind webpush has nothing to configure")
        return bytes(present.config).decode(), sealed
    try:
        before = joined(present.kind, bytes(present.config), secrets)
    except msgspec.ValidationError:  # its secrets cannot be read any more: they have to be given
        before, whole = None, msgspec.json.decode(present.config)
    else:
        whole = msgspec.to_builtins(before)
    after = vault.checked(present.kind, wanted, whole)
    if before is not None and (kept := unsent(present.kind, before, after, wanted)):
        raise invalid(f"config.{kept[0]}", "must be given again, because the URL leads to another server")
    shown, secrets.fields = split(present.kind, after)
    return _text(shown), vault.close(present.id, secrets)


def _check_events(kind: str, events: Sequence[str]) -> None:
    """Raises ``Problem`` 422."""
    if "position" in events and kind not in STREAMS:
        raise invalid("events", f"position needs a channel of the kind {' or '.join(sorted(STREAMS))}")


def _check_mailboxes(config: Raw | str) -> None:
    """Raises ``Problem`` 422 if all mailboxes of a channel have unsubscribed."""
    if not msgspec.json.decode(config)["to"]:
        raise invalid("config.to", "required: the last mailbox has unsubscribed")


def _text(config: dict[str, Any]) -> str:
    return msgspec.json.encode(config).decode()
