"""``GET /api/v1/audit``: who changed or exported what, for admins; JSON in pages, or the whole as CSV."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response, StreamingResponse

from hub.core.audit import Audited
from hub.core.names import Name
from hub.edge.api.pages import Instant, decode_cursor, encode_cursor, page, written
from hub.edge.api.registry.answers import NO_STORE, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.problems import Problem, faulty, invalid
from hub.edge.node import Node
from hub.stores.postgres.audit import AuditEntry, AuditFilter, audit, audit_entries
from hub.wire.files.tables import cell, lines_of
from hub.wire.validation import Code, Fault

PATH = "/api/v1/audit"

CSV = "text/csv"

PIECE = 200
"""Entries of a file that are read at a time."""

ACTIONS = sorted(action.value for action in Audited)
KINDS = sorted({action.kind for action in Audited})


FORMATS = ["json", "csv"]


class AuditQuery(Struct, rename={"since": "from", "until": "to"}):
    """``from`` (included) and ``to`` (not included); by default all entries. ``actor`` is an id or the name of a user,
    ``id`` that of the subject. ``format``: json, or csv for all entries at once."""

    since: Instant | None = None
    until: Instant | None = None
    actor: Name | None = None
    action: Annotated[str, Meta(extra_json_schema={"enum": ACTIONS})] | None = None
    kind: Annotated[str, Meta(extra_json_schema={"enum": KINDS})] | None = None
    id: Name | None = None
    format: Annotated[str, Meta(extra_json_schema={"enum": FORMATS})] | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] | None = None
    cursor: str | None = None

    def filter(self) -> AuditFilter:
        """Raises ``Problem`` 422."""
        for field, allowed in (("action", ACTIONS), ("kind", KINDS), ("format", FORMATS)):
            value = getattr(self, field)
            if value is not None and value not in allowed:
                detail = f"must be one of: {', '.join(allowed)}"
                raise faulty(Fault(field, Code.NOT_ALLOWED, detail, None, allowed))
        since, until = (None if one is None else one.astimezone(UTC) for one in (self.since, self.until))
        return AuditFilter(since, until, self.actor, self.action, self.kind, self.id)


class AuditPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    entries: list[AuditEntry]
    next: str | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def entries(call: Call[AuditQuery, None]) -> Response:
        query = call.query
        wanted = query.filter()
        by_accept = query.format is None and call.request.headers.get("accept", "").startswith(CSV)
        if query.format == "csv" or by_accept:
            if query.limit is not None or query.cursor is not None:
                raise invalid("format", "a file has no pages: leave out limit and cursor")
            return await export(call, wanted)
        limit = query.limit or 200
        after = None
        if query.cursor is not None:
            instant, id = decode_cursor(query.cursor, tuple[Instant, Annotated[int, Meta(ge=0, le=2**63 - 1)]])
            after = instant.astimezone(UTC), id
        async with registry.transaction() as connection:
            found = await audit_entries(connection, call.fleet, limit, wanted, after)
        following = encode_cursor(found[-1].happened_at, found[-1].id) if len(found) == limit else None
        return unstored(await page(node.slices, call.request, "entries", found, following))

    async def export(call: Call[AuditQuery, None], wanted: AuditFilter) -> Response:
        span = {"from": wanted.since, "to": wanted.until}
        said = {name: written(instant) for name, instant in span.items() if instant is not None}
        others = {"actor": wanted.actor, "action": wanted.action, "kind": wanted.kind, "id": wanted.subject_id}
        said |= {name: value for name, value in others.items() if value is not None}
        async with registry.transaction() as connection:
            # First, so that an export that is cut off is recorded, too.
            await audit(connection, call.actor, Audited.AUDIT_EXPORTED, call.fleet, **said)
            found = await audit_entries(connection, call.fleet, PIECE, wanted)
        headers = {**NO_STORE, "content-disposition": 'attachment; filename="audit.csv"'}
        return StreamingResponse(_file(node, registry, call.fleet, wanted, found), 200, headers, CSV)

    return [
        Operation(
            node.door,
            "GET",
            PATH,
            entries,
            access=Access.MANAGE,
            summary="Who changed or exported what, newest first, in pages or as CSV",
            query=AuditQuery,
            answer=AuditPage,
            media=(CSV,),
        )
    ]


async def _file(
    node: Node, registry: Registry, fleet: str, wanted: AuditFilter, found: list[AuditEntry]
) -> AsyncIterator[bytes]:
    """The file from its first entries on. If PostgreSQL stops answering, it is cut off, which the client notices."""
    yield lines_of([AuditEntry.__struct_encode_fields__])
    while found:
        count, after = len(found), (found[-1].happened_at, found[-1].id)
        async for text in node.slices.written(found, lambda entries: lines_of(map(csv_row, entries))):
            yield text
        if count < PIECE:
            return
        try:
            async with registry.transaction() as connection:
                found = await audit_entries(connection, fleet, PIECE, wanted, after)
        except Problem as problem:
            raise ConnectionAbortedError(problem.detail) from problem


def csv_row(entry: AuditEntry) -> list[Any]:
    """The cells of an entry; ``details`` are JSON."""
    *values, details = msgspec.structs.astuple(entry)
    return [*map(cell, values), msgspec.json.encode(details).decode()]
