"""API keys: credentials of programs, each revoked by itself.

GET, POST /api/v1/keys      the fleet's keys, or a new one
DELETE /api/v1/keys/{id}    revoke one
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import KeyName
from hub.edge.api.pages import Instant, encode_cursor, page, written
from hub.edge.api.registry.answers import OldestFirst, answer, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.edge.node import Node
from hub.settings import Settings
from hub.stores.postgres.accounts.keys import ApiKey, KeyRole, add_key, delete_key, keys
from hub.stores.postgres.audit import audit

PATH = "/api/v1/keys"


class NewKey(Struct, rename="camel", forbid_unknown_fields=True):
    """``name``: which program it is for. Without ``expiresAt`` the key is valid until it is revoked."""

    name: KeyName
    role: KeyRole
    expires_at: Instant | None = None

    def until(self, now: datetime) -> datetime | None:
        """When it expires, in UTC. Raises ``Problem`` 422."""
        if self.expires_at is None:
            return None
        if self.expires_at <= now:
            raise invalid("expiresAt", "must be in the future")
        return self.expires_at.astimezone(UTC)


class MadeKey(Struct, rename="camel"):
    """``key`` is shown this once."""

    id: UUID
    key: str
    name: str
    role: KeyRole
    prefix: str
    created_at: datetime
    expires_at: datetime | None


class KeyPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    keys: list[ApiKey]
    next: str | None = None


def require_guarded(settings: Settings) -> None:
    """Raises ``Problem`` 409 on an open hub."""
    if settings.open:
        raise Problem(409, "an open hub has no API keys; they need HUB_JWT_SECRET or HUB_JWKS_URL")


def routes(node: Node, registry: Registry) -> list[Operation]:
    settings = node.settings

    async def list_keys(call: Call[OldestFirst, None]) -> Response:
        query = call.query
        after = query.after()
        async with registry.transaction() as connection:
            found = await keys(connection, call.fleet, query.limit, after)
        following = encode_cursor(found[-1].created_at, found[-1].id) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "keys", found, following))

    async def create(call: Call[None, NewKey]) -> Response:
        new = call.body
        until = new.until(node.clock.now())
        async with registry.transaction() as connection:
            made = await add_key(connection, call.fleet, new.role, new.name, until, settings.max_keys)
            if made is None:
                raise taken("name", f"the fleet has its {settings.max_keys} API keys already: revoke one first")
            key, kept = made
            said = {"name": kept.name, "role": kept.role, "expiresAt": None if until is None else written(until)}
            await audit(connection, call.actor, Audited.API_KEY_CREATED, kept.id, **said)
        shown = MadeKey(kept.id, key, kept.name, kept.role, kept.prefix, kept.created_at, kept.expires_at)
        return answer(shown, 201)

    async def delete(call: Plain) -> Response:
        id = call.ids["key_id"]
        async with registry.transaction() as connection:
            if not await delete_key(connection, call.fleet, id):
                raise refusal("API key", None)
            await audit(connection, call.actor, Audited.API_KEY_REVOKED, id)
        return no_content()

    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_keys,
            access=Access.MANAGE,
            summary="The fleet's API keys",
            query=OldestFirst,
            answer=KeyPage,
            requires=require_guarded,
        ),
        Operation(
            node.door,
            "POST",
            PATH,
            create,
            access=Access.MANAGE,
            summary="A new API key for a program; shown once",
            body=NewKey,
            answer=MadeKey,
            status=201,
            requires=require_guarded,
        ),
        Operation(
            node.door,
            "DELETE",
            f"{PATH}/{{key_id}}",
            delete,
            access=Access.MANAGE,
            summary="Revoke an API key",
            status=204,
            requires=require_guarded,
        ),
    ]
