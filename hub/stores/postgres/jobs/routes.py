"""Routes: the order in which a driver does jobs on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from hub.stores.postgres.connection import Connection, collect, statements
from hub.stores.postgres.jobs.jobs import Job, job_of

SQL = statements(Path(__file__).with_name("routes.sql"))


class Route(Struct, rename="camel", omit_defaults=True):
    """A driver's route of a day. ``state``: ``draft``; ``published``: the driver sees it; ``active``: a job was begun;
    ``done``: all jobs are; ``cancelled``. ``jobs``: how many it has. ``version`` rises with each change of the route,
    its state, its jobs and their order; instants are in UTC."""

    route_id: UUID
    driver_id: str
    day: date
    state: str
    jobs: int
    version: int
    created_at: datetime
    updated_at: datetime
    vehicle_id: str | None = None
    start_place_id: UUID | None = None
    end_place_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def seen(self) -> bool:
        """Whether its driver sees it."""
        return self.state in ("published", "active", "done")


class RouteFields(Struct, frozen=True):
    """The fields of a route that are edited."""

    vehicle_id: str | None = None
    start_place_id: UUID | None = None
    end_place_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def values(self) -> list[Any]:
        return [getattr(self, name) for name in self.__struct_fields__]


class Wanted(NamedTuple):
    """Which routes are wanted; all where None. ``among``: of one of these drivers."""

    since: date | None = None
    until: date | None = None
    driver_id: str | None = None
    states: list[str] | None = None
    among: list[str] | None = None


async def routes(
    connection: Connection, fleet: str, limit: int, wanted: Wanted, after: tuple[date, UUID]
) -> list[Route]:
    """Routes of a fleet by day and id, at most ``limit``, after a day and id."""
    return await collect(connection, lambda row: Route(**row), SQL.list_routes, fleet, limit, *after, *wanted)


async def route(connection: Connection, fleet: str, id: UUID) -> Route | None:
    """A route of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.route, fleet, id)
    return None if row is None else Route(**row)


async def route_of_driver(
    connection: Connection, fleet: str, driver_id: str, day: date | None, today: date
) -> Route | None:
    """The route that a driver sees on a day; without a day the next one that is not done, from ``today`` on."""
    row = await connection.fetchrow(SQL.route_of_driver, fleet, driver_id, day, today)
    return None if row is None else Route(**row)


async def lock_routes(connection: Connection, fleet: str, ids: Sequence[UUID]) -> dict[UUID, Route]:
    """Routes by id, locked until the end of the transaction. Jobs are locked before routes, so that two changes never
    wait for each other."""
    found: dict[UUID, Route] = {}
    for row in await connection.fetch(SQL.lock_routes, fleet, list(set(ids))):
        one = await route(connection, fleet, row["id"])
        assert one is not None
        found[one.route_id] = one
    return found


async def waypoints(connection: Connection, id: UUID) -> list[Job]:
    """The jobs of a route in their order."""
    return await collect(connection, job_of, SQL.waypoints, id)


async def waypoint_ids(connection: Connection, id: UUID) -> list[UUID]:
    return [row["job_id"] for row in await connection.fetch(SQL.waypoint_ids, id)]


async def add_route(connection: Connection, fleet: str, driver_id: str, day: date, fields: RouteFields) -> Route:
    """A new draft. Raises ``asyncpg.UniqueViolationError`` where the driver has a route of that day."""
    id = await connection.fetchval(SQL.add_route, fleet, driver_id, day, *fields.values)
    made = await route(connection, fleet, id)
    assert made is not None
    return made


async def change_route(connection: Connection, id: UUID, fields: RouteFields) -> None:
    await connection.execute(SQL.change_route, id, *fields.values)


async def set_state(connection: Connection, id: UUID, state: str) -> None:
    await connection.execute(SQL.set_state, id, state)


async def touch(connection: Connection, ids: Sequence[UUID]) -> None:
    """The jobs of these routes or their order have changed."""
    await connection.execute(SQL.touch, list(ids))


async def settle(connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
    """Give published routes the state that follows from their jobs. Returns those that have another one now."""
    return [id for id, _ in await settled(connection, ids)]


async def settled(connection: Connection, ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """The same. Returns their fleets, too."""
    return [(row["id"], row["fleet"]) for row in await connection.fetch(SQL.settle, list(ids))]


async def remove_waypoints(connection: Connection, job_ids: Sequence[UUID]) -> None:
    """Take jobs out of their routes."""
    await connection.execute(SQL.remove_waypoints, list(job_ids))


async def put_waypoints(connection: Connection, id: UUID, job_ids: Sequence[UUID], published: datetime | None) -> None:
    """Give a route these jobs, in this order. All others were taken out of it before; new ones were taken out of
    theirs, and the driver has them since ``published``."""
    await connection.execute(SQL.put_waypoints, id, list(job_ids), published)


async def publish_waypoints(connection: Connection, id: UUID, at: datetime) -> None:
    await connection.execute(SQL.publish_waypoints, id, at)


async def lock_waypoints(connection: Connection, id: UUID, job_ids: Sequence[UUID], locked: bool) -> None:
    await connection.execute(SQL.lock_waypoints, id, list(job_ids), locked)
