"""Plans: jobs distributed over routes by a search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from hub.core.plans.plan import Reason
from hub.stores.postgres.connection import Connection, columns, statements

SQL = statements(Path(__file__).with_suffix(".sql"))


class Versions(Struct, frozen=True):
    """What a plan is made of: routes and jobs by id, with their versions."""

    routes: dict[UUID, int]
    jobs: dict[UUID, int]


class PlannedJob(Struct, rename="camel", frozen=True):
    """A job of a route. It begins at ``start``, ``late`` seconds after its last window."""

    job_id: UUID
    arrival: datetime
    start: datetime
    departure: datetime
    late: float


class PlannedRoute(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """A route from where its driver is: the jobs that are not done, in their order. ``seconds`` and ``metres``:
    driving. ``pause``: when the break begins."""

    route_id: UUID
    driver_id: str
    jobs: list[PlannedJob]
    ends_at: datetime
    seconds: float
    metres: float
    pause: datetime | None = None


class UnassignedJob(Struct, rename="camel", frozen=True):
    """A job that is in no route, and why: the first reason is decisive."""

    job_id: UUID
    reasons: list[Reason]


class Result(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """``basis``: where durations are from: ``roads``, or straight lines by what the fleet has ``learned`` or by
    ``default``. ``no_roads``: why not from the routing engine that is set. ``unroutable``: pairs of places without a
    road between them."""

    routes: list[PlannedRoute]
    unassigned: list[UnassignedJob]
    basis: str
    rounds: int
    no_roads: str | None = None
    unroutable: int = 0


class Plan(NamedTuple):
    """A row of ``plans``."""

    plan_id: UUID
    state: str
    engine: str
    seconds: float
    made_of: Versions
    cost: float | None
    result: Result | None
    reason: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class Times(NamedTuple):
    """When a job of a route is planned for."""

    job_id: UUID
    arrival: datetime
    departure: datetime


async def add(connection: Connection, fleet: str, engine: str, seconds: float, made_of: Versions) -> Plan:
    """A plan that is being searched for."""
    row = await connection.fetchrow(SQL.add, fleet, engine, seconds, msgspec.json.encode(made_of).decode())
    return _plan(row)


async def plan(connection: Connection, fleet: str, id: UUID) -> Plan | None:
    """A plan of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.plan, fleet, id)
    return None if row is None else _plan(row)


async def lock(connection: Connection, fleet: str, id: UUID) -> Plan | None:
    """A plan, locked until the end of the transaction."""
    return None if await connection.fetchrow(SQL.lock, fleet, id) is None else await plan(connection, fleet, id)


async def better(connection: Connection, id: UUID, cost: float) -> None:
    """A lower cost, while the search goes on."""
    await connection.execute(SQL.better, id, cost)


async def found(connection: Connection, id: UUID, cost: float, result: Result) -> None:
    """The search has ended with a result."""
    await connection.execute(SQL.found, id, cost, msgspec.json.encode(result).decode())


async def failed(connection: Connection, id: UUID, reason: str) -> None:
    """The search has ended without a result."""
    await connection.execute(SQL.failed, id, reason)


async def applied(connection: Connection, id: UUID) -> None:
    """The routes are as planned."""
    await connection.execute(SQL.applied, id)


async def expire(connection: Connection, before: datetime) -> None:
    """Delete old plans."""
    await connection.execute(SQL.expire, before)


async def time_waypoints(connection: Connection, times: Sequence[Times]) -> None:
    """Note when jobs of routes are planned for."""
    if times:
        await connection.execute(SQL.time_waypoints, *columns(times))


def _plan(row: asyncpg.Record) -> Plan:
    values: dict[str, Any] = dict(row)
    values["made_of"] = msgspec.json.decode(values["made_of"], type=Versions)
    if values["result"] is not None:
        values["result"] = msgspec.json.decode(values["result"], type=Result)
    return Plan(**values)
