"""Named locations of a fleet: depots and customers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from hub.core.fences.shapes import MultiPolygon, Polygon
from hub.core.jobs.fields import Contact
from hub.stores.postgres.connection import Connection, collect, statements
from hub.stores.postgres.jobs.rows import attributes_of, decoded, record, records

SQL = statements(Path(__file__).with_name("places.sql"))

Area = Polygon | MultiPolygon


class FleetPlace(Struct, rename="camel", omit_defaults=True):
    """A named location. A driver has arrived within ``radius`` metres, or inside the ``shape`` (GeoJSON).
    ``service_time`` in seconds. ``version`` rises with each change; instants are in UTC."""

    place_id: UUID
    name: str
    latitude: float
    longitude: float
    version: int
    created_at: datetime
    updated_at: datetime
    reference: str | None = None
    address: str = ""
    radius: float | None = None
    shape: Area | None = None
    service_time: float | None = None
    contact: Contact | None = None
    notes: str = ""
    attributes: Raw | UnsetType = UNSET


class PlaceFields(Struct, frozen=True):
    """The fields of a place that are edited."""

    name: str
    latitude: float
    longitude: float
    reference: str | None = None
    address: str = ""
    radius: float | None = None
    shape: Area | None = None
    service_time: float | None = None
    contact: Contact | None = None
    notes: str = ""
    attributes: Raw | UnsetType | None = UNSET

    @classmethod
    def of(cls, place: FleetPlace) -> PlaceFields:
        """Those of a place."""
        return cls(**{name: getattr(place, name) for name in cls.__struct_fields__})


class Change(NamedTuple):
    """What a place is to be."""

    place_id: UUID
    fields: PlaceFields


async def places(
    connection: Connection, fleet: str, limit: int, *, after: tuple[str, UUID] | None = None, text: str = ""
) -> list[FleetPlace]:
    """Places of a fleet by name and id, at most ``limit``: those after a name and id, with ``text`` in their name,
    address or reference."""
    return await collect(connection, _place, SQL.list_places, fleet, limit, *(after or (None, None)), text)


async def place(connection: Connection, fleet: str, id: UUID) -> FleetPlace | None:
    """A place of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.place, fleet, id)
    return None if row is None else _place(row)


async def service_times(connection: Connection, fleet: str, ids: Collection[UUID]) -> dict[UUID, float]:
    """Seconds that jobs take at places; those without are left out."""
    return {row["id"]: row["service_time"] for row in await connection.fetch(SQL.service_times, fleet, list(ids))}


async def lock_places(
    connection: Connection, fleet: str, ids: Sequence[UUID] = (), references: Sequence[str] = ()
) -> list[FleetPlace]:
    """The places with one of the ids or references, locked until the end of the transaction."""
    return list(map(_place, await connection.fetch(SQL.lock_places, fleet, list(ids), list(references))))


async def count_places(connection: Connection, fleet: str) -> int:
    number: int = await connection.fetchval(SQL.count_places, fleet)
    return number


async def references(connection: Connection, fleet: str) -> dict[UUID, str]:
    """The references of places by their ids."""
    return dict(map(tuple, await connection.fetch(SQL.references, fleet)))


async def add_places(connection: Connection, fleet: str, new: Sequence[PlaceFields]) -> list[FleetPlace]:
    """Add places by one statement. Raises ``asyncpg.UniqueViolationError`` for a reference that is taken."""
    ids = [uuid4() for _ in new]
    rows = records(record(fields, id) for id, fields in zip(ids, new, strict=True))
    now = await connection.fetchval(SQL.add_places, fleet, rows, ids, attributes_of(new))
    return [_made(id, fields, 1, now, now) for id, fields in zip(ids, new, strict=True)]


async def change_places(
    connection: Connection, fleet: str, changes: Sequence[Change], before: Sequence[FleetPlace]
) -> list[FleetPlace]:
    """Change places that are locked, ``before`` in the same order. Raises the same."""
    rows = records(record(fields, id) for id, fields in changes)
    ids, attributes = [id for id, _ in changes], attributes_of(fields for _, fields in changes)
    now = {row[0]: row[2] for row in await connection.fetch(SQL.change_places, fleet, rows, ids, attributes)}
    return [
        _made(id, fields, old.version + 1, old.created_at, now[id])
        for (id, fields), old in zip(changes, before, strict=True)
    ]


async def delete_place(connection: Connection, fleet: str, id: UUID, version: int | None) -> bool:
    """Delete a place of this ``version`` (None: any); False if there is none. Its jobs keep their location."""
    return await connection.fetchval(SQL.delete_place, fleet, id, version) is not None


def _place(row: Any) -> FleetPlace:
    return FleetPlace(**decoded(row, {"shape": Area, "contact": Contact}))


def _made(id: UUID, fields: PlaceFields, version: int, created_at: datetime, updated_at: datetime) -> FleetPlace:
    values = msgspec.structs.asdict(fields)
    if not values["attributes"]:
        values["attributes"] = UNSET
    return FleetPlace(place_id=id, version=version, created_at=created_at, updated_at=updated_at, **values)
