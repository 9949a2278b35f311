"""A recorder without its log, for the fold of fences: what arrives is stored and folded in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec

from hub.core.nouns import Position
from hub.core.trips.state import Point
from hub.recorder.batch import Batch
from hub.recorder.folds.base import instant
from hub.recorder.folds.fences import Fences
from hub.recorder.store import store
from hub.settings import Settings
from hub.wire.log import encode_entry
from tests.support.fence_shapes import moved

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)

TABLES = {
    "visits": "fleet, driver_id, fence_id, entered_at",
    "crossings": "fleet, driver_id, fence_id, entered_at",
    "fence_checkpoints": "fleet, driver_id, recorded_at",
}


def at(
    seconds: float, east: float, north: float = 0.0, accuracy: float | None = None, speed: float | None = None
) -> Point:
    """A point so many metres from ``PLACE``, ``seconds`` after nine."""
    latitude, longitude = moved(east, north)
    return NINE + round(seconds * 1e6), round(latitude, 7), round(longitude, 7), speed, accuracy


NINE = 1_700_000_000_000_000


class FenceBooks:
    """Fences, points, and what they make."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.fold = Fences(Settings())
        self.entries = 0

    def restart(self) -> None:
        self.fold = Fences(Settings())

    async def fence(
        self,
        shape: dict[str, Any],
        radius: float | None = None,
        *,
        since: datetime = ALWAYS,
        rules: dict[str, Any] | None = None,
        watch: dict[str, Any] | None = None,
        id: UUID | None = None,
        fleet: str = "f",
        name: str = "fence",
    ) -> UUID:
        """A new fence, or another version of one."""
        definition = {"name": name, "shape": shape, "rules": rules or {}, "watch": watch or {}}
        if radius is not None:
            definition["radius"] = radius
        version = 1
        if id is None:
            id = uuid4()
        else:
            version = 1 + await self.end(id, since)
        await self.connection.execute(
            "INSERT INTO fence_versions (fence_id, version, fleet, valid_from, definition) VALUES ($1, $2, $3, $4, $5)",
            id, version, fleet, since, json.dumps(definition),
        )  # fmt: skip
        await self.change(id, since, fleet)
        return id

    async def end(self, id: UUID, until: datetime) -> int:
        """End the valid version of a fence; its number."""
        number: int = await self.connection.fetchval(
            "UPDATE fence_versions SET valid_until = $2 WHERE fence_id = $1 AND valid_until IS NULL RETURNING version",
            id, until,
        )  # fmt: skip
        await self.change(id, until)
        return number

    async def change(self, id: UUID, since: datetime, fleet: str = "f") -> None:
        await self.connection.execute(
            "INSERT INTO fence_changes (fleet, fence_id, since) VALUES ($1, $2, $3)", fleet, id, since
        )

    async def arrive(
        self, points: Iterable[Point | tuple[str, Point]], fleet: str = "f", received: datetime | None = None
    ) -> list[dict[str, Any]]:
        """Store points of driver ``d``, or (driver, point)s; the messages of the events. They are received when the
        newest one was recorded, or at ``received``."""
        named = [(point if isinstance(point[0], str) else ("d", point)) for point in points]
        newest = received or instant(max((point[0] for _, point in named), default=0))
        arrived = [
            Position(driver, lat, lon, instant(moment), newest, 1, speed, accuracy=accuracy)
            for driver, (moment, lat, lon, speed, accuracy) in named
        ]
        batch = Batch()
        fields: Any = encode_entry("n", {fleet: [msgspec.json.encode(p) for p in arrived]}, 0)
        previous, self.entries = self.entries, self.entries + 1
        batch.add([(f"{self.entries}-0", {name.encode(): value for name, value in fields.items()})])
        before = await self.last_event()
        async with self.connection.transaction():
            inserted = await store(self.connection, batch, f"{previous}-0")
            count = await self.fold.apply(self.connection, inserted, ALWAYS)
        return await self.told(before, count)

    async def idle(self) -> list[dict[str, Any]]:
        """What the fold does while nothing arrives."""
        before = await self.last_event()
        async with self.connection.transaction():
            count = await self.fold.idle(self.connection)
        return await self.told(before, count)

    async def last_event(self) -> int:
        number: int = await self.connection.fetchval("SELECT coalesce(max(id), 0) FROM events")
        return number

    async def told(self, after: int, count: int) -> list[dict[str, Any]]:
        rows = await self.connection.fetch("SELECT payload FROM events WHERE id > $1 ORDER BY id", after)
        assert len(rows) == count
        return [msgspec.json.decode(row["payload"]) for row in rows]

    async def visits(self) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = await self.connection.fetch("SELECT * FROM visits ORDER BY entered_at, fence_id")
        return found

    async def crossings(self) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = await self.connection.fetch("SELECT * FROM crossings ORDER BY entered_at")
        return found

    async def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that the fold keeps."""
        return {
            table: [tuple(row) for row in await self.connection.fetch(f"SELECT * FROM {table} ORDER BY {order}")]
            for table, order in TABLES.items()
        }

    async def forget_points(self) -> None:
        """Everything but the fences."""
        self.restart()
        await self.connection.execute(
            "TRUNCATE positions, visits, crossings, fence_checkpoints, fence_refolds, events RESTART IDENTITY"
        )
        await self.connection.execute("UPDATE log_offsets SET last_id = '0-0'")
        self.entries = 0


def outline(events: Iterable[dict[str, Any]]) -> list[tuple[str, float]]:
    """(event, seconds after nine at which it happened), removals as such."""
    return [
        (
            "removed" if event.get("removed") else event["event"],
            round(datetime.fromisoformat(event["at"]).timestamp() - NINE / 1e6, 1),
        )
        for event in events
    ]
