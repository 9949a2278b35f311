"""Fences as they are edited, and the versions that the recorder reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from hub.core.fences.shapes import Definition, FenceRules, FenceWatch, Shape
from hub.stores.postgres.connection import collect, columns, statements

SQL = statements(Path(__file__).with_name("definitions.sql"))

FIRST = UUID(int=0)
"""Before all ids."""


class Fence(Struct, rename="camel", omit_defaults=True):
    """A fence. ``shape`` is GeoJSON; ``radius`` in metres, of the circle or half the width of the corridor. ``version``
    rises with each change; instants are in UTC."""

    fence_id: UUID
    name: str
    shape: Shape
    version: int
    created_at: datetime
    updated_at: datetime
    radius: float | None = None
    rules: FenceRules = FenceRules()
    watch: FenceWatch = FenceWatch()
    colour: str | None = None
    category: str | None = None
    attributes: Raw | UnsetType = UNSET

    @property
    def definition(self) -> Definition:
        """The part that visits depend on, and the name."""
        return Definition(self.name, self.shape, self.radius, self.rules, self.watch)


class FenceFields(Struct, frozen=True):
    """The fields of a fence that are edited."""

    name: str
    shape: Shape
    radius: float | None
    rules: FenceRules
    watch: FenceWatch
    colour: str | None
    category: str | None
    attributes: Raw | UnsetType | None

    def columns(self) -> list[Any]:
        """Values of the statements."""
        return [
            self.name,
            _json(self.shape),
            self.radius,
            _json(self.rules),
            _json(self.watch),
            self.colour,
            self.category,
            bytes(self.attributes).decode() if isinstance(self.attributes, Raw) else None,
        ]


async def fences(
    connection: asyncpg.Connection, fleet: str, limit: int, *, after: UUID = FIRST, text: str = ""
) -> list[Fence]:
    """Fences of a fleet by id, at most ``limit``: those after an id, with ``text`` in their name or category."""
    return await collect(connection, _fence, SQL.list_fences, fleet, after, text, limit)


async def fence(connection: asyncpg.Connection, fleet: str, id: UUID) -> Fence | None:
    """A fence of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.fence, fleet, id)
    return None if row is None else _fence(row)


async def lock_fence(connection: asyncpg.Connection, fleet: str, id: UUID) -> Fence | None:
    """The same, locked until the end of the transaction."""
    row = await connection.fetchrow(SQL.lock_fence, fleet, id)
    return None if row is None else _fence(row)


async def count(connection: asyncpg.Connection, fleet: str) -> int:
    """How many fences a fleet has."""
    number: int = await connection.fetchval(SQL.count_fences, fleet)
    return number


class NewFence(NamedTuple):
    """A fence that is to be added, and its columns."""

    id: UUID
    fields: FenceFields
    row: tuple[Any, ...]


def new_fence(fields: FenceFields) -> NewFence:
    """Encodes the fields, which takes a millisecond for a large shape."""
    id = uuid4()
    definition = Definition(fields.name, fields.shape, fields.radius, fields.rules, fields.watch)
    return NewFence(id, fields, (id, *fields.columns(), _json(definition)))


async def add_fences(connection: asyncpg.Connection, fleet: str, new: Sequence[NewFence]) -> list[Fence]:
    """Add fences, valid from now on, by one statement."""
    now = await connection.fetchval(SQL.add_fences, fleet, *columns([one.row for one in new]))
    return [
        Fence(fence_id=one.id, version=1, created_at=now, updated_at=now, **_given(one.fields))
        for one in new
    ]  # fmt: skip


async def change_fence(connection: asyncpg.Connection, fleet: str, before: Fence, fields: FenceFields) -> Fence:
    """Change a fence that is locked. What visits depend on is valid from now on. Needs a transaction."""
    changed = _fence(await connection.fetchrow(SQL.change_fence, fleet, before.fence_id, *fields.columns()))
    if changed.definition != before.definition:
        await connection.execute(SQL.end_version, changed.fence_id)
        await connection.execute(SQL.add_version, changed.fence_id, fleet, changed.version, _json(changed.definition))
        await connection.execute(SQL.note_change, fleet, changed.fence_id, None)
    return changed


async def delete_fence(connection: asyncpg.Connection, fleet: str, id: UUID, version: int | None) -> bool:
    """Delete a fence of this ``version`` (None: any); False if there is none. Its visits stay, and end now."""
    if await connection.fetchval(SQL.delete_fence, fleet, id, version) is None:
        return False
    await connection.execute(SQL.end_version, id)
    await connection.execute(SQL.note_change, fleet, id, None)
    return True


async def valid_since(connection: asyncpg.Connection, fleet: str, id: UUID) -> datetime | None:
    """When the first version of a fence begins; None for an unknown id."""
    instant: datetime | None = await connection.fetchval(SQL.valid_since, fleet, id)
    return instant


async def open_earlier(connection: asyncpg.Connection, fleet: str, id: UUID, since: datetime) -> None:
    """The first version of a fence begins at ``since``, which is earlier. Needs a transaction."""
    await connection.execute(SQL.open_earlier, id, since)
    await connection.execute(SQL.note_change, fleet, id, since)


def _fence(row: Any) -> Fence:
    texts = ("shape", "rules", "watch")
    kinds: tuple[Any, ...] = (Shape, FenceRules, FenceWatch)
    decoded = {
        name: None if row[name] is None else msgspec.json.decode(row[name], type=kind)
        for name, kind in zip(texts, kinds, strict=True)
    }
    attributes = row["attributes"]
    decoded["attributes"] = UNSET if attributes is None else Raw(attributes.encode())
    return Fence(**{**row, **decoded})


def _json(thing: Any) -> str:
    return msgspec.json.encode(thing).decode()


def _given(fields: FenceFields) -> dict[str, Any]:
    """The fields that a fence has; it has no null attributes."""
    given = msgspec.structs.asdict(fields)
    if given["attributes"] is None:
        given["attributes"] = UNSET
    return given
