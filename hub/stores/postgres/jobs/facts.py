"""What the fold of arrivals reads and writes: the jobs of drivers, checkpoints, and facts in the histories of jobs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from hub.core.fences.shapes import MultiPolygon, Polygon
from hub.core.jobs.status import Event, Happened, Status
from hub.stores.postgres.connection import Connection, columns, statements
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.trips import Checkpoint

SQL = statements(Path(__file__).with_name("facts.sql"))

Mine = Callable[[str], bool] | None


class Change(NamedTuple):
    """What the API told of a driver: ``since`` when its jobs may be others, and a message for subscribers."""

    fleet: str
    driver_id: str
    since: datetime | None
    message: str | None


class TargetRow(NamedTuple):
    """A job that a driver has; ``radius`` and ``shape`` are those of its place."""

    driver: Driver
    job_id: UUID
    latitude: float
    longitude: float
    radius: float | None
    shape: Polygon | MultiPolygon | None
    published_at: datetime
    until: datetime


class Past(NamedTuple):
    """An event of a history."""

    event: Event
    at: datetime
    by_position: bool
    command_id: str | None

    @property
    def happened(self) -> Happened:
        return Happened(self.event, self.by_position)


async def take_changes(connection: Connection, mine: Mine) -> list[Change]:
    """Take what the API told; of the fleets that are ``mine``."""
    fleets = None
    if mine is not None:
        fleets = [row["fleet"] for row in await connection.fetch(SQL.fleets_of_changes) if mine(row["fleet"])]
    return [Change(*row) for row in await connection.fetch(SQL.take_changes, fleets)]


async def targets(connection: Connection, driver: Driver | None = None) -> list[TargetRow]:
    """The jobs of a driver, or of all drivers."""
    rows = await connection.fetch(SQL.targets, *(driver or (None, None)))
    return [
        TargetRow(
            (row["fleet"], row["driver_id"]),
            row["job_id"],
            row["latitude"],
            row["longitude"],
            row["radius"],
            None if row["shape"] is None else msgspec.json.decode(row["shape"], type=Polygon | MultiPolygon),
            row["published_at"],
            row["until"],
        )
        for row in rows
    ]


async def checkpoints_before(
    connection: Connection, instants: Mapping[Driver, datetime]
) -> dict[Driver, tuple[datetime | None, bytes | None]]:
    """Instant and state of each driver's newest checkpoint before an instant; (None, None) without one."""
    asked = columns((*driver, instant) for driver, instant in instants.items())
    rows = await connection.fetch(SQL.checkpoints_before, *asked)
    return {driver: (row["recorded_at"], row["state"]) for driver, row in zip(instants, rows, strict=True)}


async def delete_checkpoints(connection: Connection, since: Mapping[Driver, datetime]) -> None:
    """Delete checkpoints of each driver from an instant on."""
    if since:
        await connection.execute(SQL.delete_checkpoints, *columns((*d, instant) for d, instant in since.items()))


async def put_checkpoints(connection: Connection, checkpoints: Collection[Checkpoint]) -> None:
    if checkpoints:
        names = Checkpoint._fields
        await connection.copy_records_to_table("arrival_checkpoints", columns=names, records=checkpoints)


async def expire_checkpoints(connection: Connection, before: datetime, limit: int) -> None:
    """Delete old checkpoints, at most ``limit``."""
    await connection.execute(SQL.expire_checkpoints, before, limit)


async def lock(connection: Connection, ids: Collection[UUID]) -> None:
    """Lock jobs, in the order in which the API locks them."""
    await connection.execute(SQL.lock_jobs, list(ids))


async def histories(connection: Connection, ids: Collection[UUID]) -> dict[UUID, list[Past]]:
    """The histories of jobs that are locked."""
    found: dict[UUID, list[Past]] = {id: [] for id in ids}
    for row in await connection.fetch(SQL.history, list(ids)):
        past = Past(Event(row["event"]), row["at"], row["source"] == "position", row["command_id"])
        found[row["job_id"]].append(past)
    return found


async def put_fact(
    connection: Connection,
    job_id: UUID,
    id: str,
    at: datetime,
    event: Event,
    status: Status,
    driver_id: str,
    route_id: UUID | None,
) -> datetime:
    """Add a fact, or give it another time. Returns when it was noticed."""
    values = job_id, id, at, event.value, status.value, driver_id, route_id
    noticed_at: datetime = await connection.fetchval(SQL.put_fact, *values)
    return noticed_at


async def mark(connection: Connection, job_id: UUID, ids: Collection[str], status: Status, version: int) -> None:
    """Note status and version of a job after facts."""
    await connection.execute(SQL.mark, job_id, list(ids), status.value, version)


async def delete_facts(connection: Connection, job_id: UUID, ids: Collection[str]) -> None:
    await connection.execute(SQL.delete_facts, job_id, list(ids))


async def set_status(connection: Connection, job_id: UUID, status: Status) -> int:
    """Give a job the status that follows from its history. Returns its version."""
    version: int = await connection.fetchval(SQL.set_status, job_id, status.value)
    return version


async def show(connection: Connection, job_id: UUID, *instants: datetime | None) -> None:
    """Show at the waypoint of a job: when the driver approached, arrived and departed by positions, and when it said
    that it arrived."""
    await connection.execute(SQL.show, job_id, *instants)


async def erase_checkpoints(connection: Connection, driver: Driver, checkpoint: Checkpoint) -> None:
    """Put one checkpoint in the place of all of a driver."""
    await connection.execute(SQL.erase_checkpoints, *driver)
    await put_checkpoints(connection, [checkpoint])


async def jobs_with_facts(connection: Connection, driver: Driver, until: datetime) -> list[UUID]:
    """Jobs that have facts of a driver up to an instant."""
    return [row["job_id"] for row in await connection.fetch(SQL.jobs_with_facts, *driver, until)]
