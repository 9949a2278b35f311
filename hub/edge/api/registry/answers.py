"""Common parts of the registry's operations: queries of lists, answers and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Raw, Struct, UnsetType
from starlette.responses import Response

from hub.core.names import Name
from hub.core.nouns import ID_PATTERN
from hub.edge.api.pages import Instant, decode_cursor
from hub.edge.http.problems import Problem, invalid
from hub.edge.http.versions import etag, stale
from hub.stores.postgres.registry.shares import BEFORE_ALL

NO_STORE = {"cache-control": "no-store"}


class ListQuery(Struct):
    """``q``: text in the id or a name, in any case."""

    q: Name = ""
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None

    def after(self) -> str:
        """Id after which the page begins. Raises ``Problem`` 422."""
        if self.cursor is None:
            return ""
        (after,) = decode_cursor(self.cursor, tuple[str])
        if not ID_PATTERN.match(after):
            raise invalid("cursor", "is not a cursor of this hub")
        return after


class OldestFirst(Struct):
    """A list in the order of creation."""

    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None

    def after(self) -> tuple[datetime, UUID]:
        """Instant and id after which the page begins. Raises ``Problem`` 422."""
        if self.cursor is None:
            return BEFORE_ALL
        created_at, id = decode_cursor(self.cursor, tuple[Instant, UUID])
        return created_at.astimezone(UTC), id


class GroupedQuery(ListQuery):
    """``q``: text in the id or a name, in any case. ``group``: names of groups, separated by commas."""

    group: str | None = None

    def groups(self) -> frozenset[str] | None:
        """The groups. Raises ``Problem`` 422."""
        return groups_of(self.group)


def groups_of(text: str | None) -> frozenset[str] | None:
    """The groups of a parameter ``group``; None without it. Raises ``Problem`` 422."""
    if text is None:
        return None
    names = text.split(",")
    if not all(map(ID_PATTERN.match, names)):
        raise invalid("group", "must be names of groups, separated by commas: 1 to 64 letters, digits and . _ : -")
    return frozenset(names)


def in_order(names: Any) -> Any:
    """Names of groups in order, each once; None stays."""
    return None if names is None else sorted(set(names))


def answer(thing: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A struct as JSON that no cache keeps. With a ``version`` it has an ``ETag``."""
    versioned = {"etag": etag(thing.version)} if hasattr(thing, "version") else {}
    content = msgspec.json.encode(thing)
    return Response(content, status, {**NO_STORE, **versioned, **(headers or {})}, "application/json")


def no_content() -> Response:
    """204: done, without a body."""
    return Response(status_code=204, headers=NO_STORE)


def unstored(response: Response) -> Response:
    """The response, marked so that no cache keeps it."""
    response.headers.update(NO_STORE)
    return response


def refusal(kind: str, current: Any) -> Problem:
    """The refusal of a change that matched no row: 404 where ``current`` is None, 412 where it has another version."""
    if current is None:
        return Problem(404, f"there is no such {kind}")
    return stale(current.version)


def taken(field: str, detail: str) -> Problem:
    """409: the request conflicts with what exists."""
    return Problem(409, detail, errors=[{"field": field, "detail": detail}])


def given_fields(change: Struct, *values: str) -> dict[str, Any]:
    """Details of a change for the audit log: the names of its fields, and the values of those in ``values``, which are
    neither personal nor secret."""
    names = [
        (field.name, field.encode_name)
        for field in msgspec.structs.fields(change)
        if not _absent(getattr(change, field.name))
    ]
    said = {wire: getattr(change, name) for name, wire in names if name in values}
    return {"fields": [wire for _, wire in names], **said}


def _absent(value: Any) -> bool:
    # Raw JSON has no UNSET: what is absent is empty.
    return isinstance(value, UnsetType) or (isinstance(value, Raw) and not value)


def given(value: Any) -> Any:
    """The value of a field that may be absent in a change; None for no change."""
    return None if isinstance(value, UnsetType) else value
