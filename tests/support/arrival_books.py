"""A recorder without its log, for the fold of arrivals: jobs of a route, points, and what they make."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from hub.recorder.folds.arrivals import Arrivals
from hub.recorder.folds.base import instant
from hub.settings import Settings
from tests.support.fence_books import NINE, FenceBooks, moved


def when(seconds: float) -> datetime:
    """An instant so long after nine."""
    return instant(NINE + round(seconds * 1e6))


class ArrivalBooks(FenceBooks):
    """Jobs of the driver ``d`` in one route, whose day is that of the points."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        super().__init__(connection)
        self.fold: Any = Arrivals(Settings())
        self.route_id = uuid4()
        self.jobs: list[UUID] = []

    def restart(self) -> None:
        self.fold = Arrivals(Settings())

    async def route(self) -> None:
        # The fold reads the routes of the last month; the points are of 2023.
        await self.connection.execute(
            "INSERT INTO routes (id, fleet, driver_id, day, state) VALUES ($1, 'f', 'd', $2, 'published')",
            self.route_id, date.today(),
        )  # fmt: skip

    async def job(self, east: float, since: float = -3_600, shape: str | None = None) -> UUID:
        """A job so many metres east of ``PLACE`` that the driver has since so many seconds after nine."""
        id, place = uuid4(), None
        latitude, longitude = moved(east, 0)
        if shape is not None:
            place = await self.connection.fetchval(
                "INSERT INTO places (fleet, name, latitude, longitude, shape) VALUES ('f', '', $1, $2, $3)"
                " RETURNING id",
                latitude, longitude, shape,
            )  # fmt: skip
        await self.connection.execute(
            "INSERT INTO jobs (id, fleet, kind, latitude, longitude, status, place_id)"
            " VALUES ($1, 'f', 'delivery', $2, $3, 'dispatched', $4)",
            id, latitude, longitude, place,
        )  # fmt: skip
        await self.connection.execute(
            "INSERT INTO waypoints (route_id, number, job_id, published_at) VALUES ($1, $2, $3, $4)",
            self.route_id, len(self.jobs), id, when(since),
        )  # fmt: skip
        for event, status in (("assign", "planned"), ("publish", "dispatched")):
            await self.say(id, event, status, since, told=False)
        self.jobs.append(id)
        await self.tell(since)
        return id

    async def say(self, id: UUID, event: str, status: str, at: float, told: bool = True) -> None:
        """What a person told of a job."""
        ended = when(at) if status in ("done", "cancelled") else None
        await self.connection.execute(
            "WITH changed AS (UPDATE jobs SET status = $3, ended_at = $5, version = version + 1 WHERE id = $1)"
            " INSERT INTO job_events (job_id, at, event, source, status, version) VALUES ($1, $4, $2, 'person', $3, 1)",
            id, event, status, when(at), ended,
        )  # fmt: skip
        if told:
            await self.tell(at)

    async def tell(self, since: float) -> None:
        await self.connection.execute(
            "INSERT INTO job_changes (fleet, driver_id, since) VALUES ('f', 'd', $1)", when(since)
        )

    async def status(self, id: UUID) -> str:
        status: str = await self.connection.fetchval("SELECT status FROM jobs WHERE id = $1", id)
        return status

    async def facts(self) -> list[tuple[int, str, float]]:
        """(number of the job, event, seconds after nine) of all facts, by time."""
        rows = await self.connection.fetch(
            "SELECT job_id, event, at FROM job_events WHERE source = 'position' ORDER BY at, event"
        )
        return [(self.jobs.index(row[0]), row[1], round(row[2].timestamp() - NINE / 1e6, 1)) for row in rows]

    async def waypoint(self, id: UUID) -> dict[str, Any]:
        row = await self.connection.fetchrow("SELECT * FROM waypoints WHERE job_id = $1", id)
        return dict(row)
