"""Tables of the fold of fences: visits, crossings, checkpoints, and the drivers to be folded again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from hub.stores.postgres.connection import Connection, columns, statements
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.reads import MANY_TILES, TILE
from hub.stores.postgres.history.trips import Checkpoint, Span

Mine = Callable[[str], bool] | None
"""Which fleets; None for all."""

SQL = statements(Path(__file__).with_name("facts.sql"))

Box = tuple[float, float, float, float]
"""west, south, east, north in degrees; west <= east."""


class VisitRow(NamedTuple):
    """A row of ``visits``."""

    id: UUID
    fleet: str
    driver_id: str
    fence_id: UUID
    entered_at: datetime
    exited_at: datetime | None
    last_inside_at: datetime
    dwelled_at: datetime | None
    entered_slack: float
    exited_slack: float
    cause: str
    exit_cause: str | None
    points: int
    distance: float
    max_speed: float | None
    fence_version: int


class CrossingRow(NamedTuple):
    """A row of ``crossings``."""

    fleet: str
    driver_id: str
    fence_id: UUID
    entered_at: datetime
    exited_at: datetime
    fence_version: int


class FenceKey(NamedTuple):
    """The primary key of ``visits`` and ``crossings``."""

    fleet: str
    driver_id: str
    fence_id: UUID
    entered_at: datetime


class FenceChange(NamedTuple):
    """A row of ``fence_changes``: of a fence, or of the groups of a driver."""

    fleet: str
    fence_id: UUID | None
    driver_id: str | None
    since: datetime


class VersionRow(NamedTuple):
    """A row of ``fence_versions``; ``definition`` is JSON."""

    fence_id: UUID
    version: int
    valid_from: datetime
    valid_until: datetime | None
    definition: str


class Refolding(NamedTuple):
    """A row of ``fence_refolds``."""

    fleet: str
    driver_id: str
    since: datetime
    until: datetime


async def take_changes(connection: Connection, mine: Mine = None) -> list[FenceChange]:
    """Take the changes that are not taken in yet; a transaction that is rolled back leaves them. ``mine``: those of
    these fleets."""
    some = await _fleets(connection, SQL.fleets_of_changes, mine)
    return [FenceChange(*row) for row in await connection.fetch(SQL.take_changes, some)]


async def fleets(connection: Connection) -> set[str]:
    """Fleets that have or had fences."""
    return {row["fleet"] for row in await connection.fetch(SQL.fleets)}


async def versions(connection: Connection, fleet: str) -> list[VersionRow]:
    """All versions of the fences of a fleet that were valid at some time."""
    return [VersionRow(*row) for row in await connection.fetch(SQL.versions, fleet)]


async def groups(connection: Connection, fleet: str) -> dict[str, list[tuple[datetime, frozenset[str]]]]:
    """Driver -> the changes of its groups, in the order of time."""
    found: dict[str, list[tuple[datetime, frozenset[str]]]] = {}
    for driver_id, since, names in await connection.fetch(SQL.groups, fleet):
        found.setdefault(driver_id, []).append((since, frozenset(names)))
    return found


async def checkpoints_before(
    connection: Connection, instants: dict[Driver, datetime]
) -> dict[Driver, tuple[datetime | None, bytes | None]]:
    """Instant and state of each driver's newest checkpoint before an instant; (None, None) without one."""
    asked = columns((*driver, instant) for driver, instant in instants.items())
    rows = await connection.fetch(SQL.checkpoints_before, *asked)
    return {driver: (row["recorded_at"], row["state"]) for driver, row in zip(instants, rows, strict=True)}


async def checkpoints_between(connection: Connection, spans: Collection[Span]) -> dict[Driver, dict[datetime, bytes]]:
    """The checkpoints of each driver in its span, both ends included: instant -> state."""
    rows = await connection.fetch(SQL.checkpoints_between, *columns(spans))
    drivers = [(span.fleet, span.driver_id) for span in spans]
    found: dict[Driver, dict[datetime, bytes]] = {driver: {} for driver in drivers}
    for n, recorded_at, state in rows:
        found[drivers[n - 1]][recorded_at] = state
    return found


async def delete_checkpoints(connection: Connection, spans: Collection[Span]) -> None:
    """Delete checkpoints of each driver after ``since``, up to and including ``until``."""
    await connection.execute(SQL.delete_checkpoints, *columns(spans))


async def erase(connection: Connection, driver: Driver, until: datetime, state: bytes) -> None:
    """Delete all visits, crossings and checkpoints of a driver, and put a checkpoint at ``until``."""
    for statement in (SQL.erase_visits, SQL.erase_crossings, SQL.erase_checkpoints, SQL.erase_refolds):
        await connection.execute(statement, *driver)
    await connection.execute(SQL.put_empty_checkpoint, *driver, until, state)


async def last_before(
    connection: Connection, instants: dict[Driver, datetime], accuracy: float
) -> dict[Driver, datetime | None]:
    """``recorded_at`` of each driver's last position up to an instant that is at least as exact as ``accuracy``."""
    asked = columns((*driver, instant) for driver, instant in instants.items())
    rows = await connection.fetch(SQL.last_before, *asked, accuracy)
    return {driver: row["recorded_at"] for driver, row in zip(instants, rows, strict=True)}


async def stored_visits(connection: Connection, spans: Collection[Span]) -> dict[Driver, list[VisitRow]]:
    """Visits of each driver that began from ``since`` up to ``until``, both included."""
    rows = await connection.fetch(SQL.stored_visits, *columns(spans))
    return _by_driver([(span.fleet, span.driver_id) for span in spans], ((row[0], VisitRow(*row[1:])) for row in rows))


async def stored_crossings(connection: Connection, spans: Collection[Span]) -> dict[Driver, list[CrossingRow]]:
    """Crossings of each driver that began from ``since`` up to ``until``, both included."""
    rows = await connection.fetch(SQL.stored_crossings, *columns(spans))
    drivers = [(span.fleet, span.driver_id) for span in spans]
    return _by_driver(drivers, ((row[0], CrossingRow(*row[1:])) for row in rows))


async def write(
    connection: Connection,
    *,
    visits: Collection[VisitRow],
    gone_visits: Collection[FenceKey],
    crossings: Collection[CrossingRow],
    gone_crossings: Collection[FenceKey],
    checkpoints: Collection[Checkpoint],
) -> None:
    """Delete what is gone, insert or replace the others, and add the checkpoints, in the open transaction."""
    for statement, rows in (
        (SQL.delete_visits, gone_visits),
        (SQL.put_visits, visits),
        (SQL.delete_crossings, gone_crossings),
        (SQL.put_crossings, crossings),
    ):
        if rows:
            await connection.execute(statement, *columns(rows))
    if checkpoints:
        await connection.copy_records_to_table("fence_checkpoints", columns=Checkpoint._fields, records=checkpoints)


async def queue_near(connection: Connection, fleet: str, fence_id: UUID, boxes: Sequence[Box], since: datetime) -> None:
    """Queue the drivers that a change of a fence since an instant may concern: those that were inside ``boxes``, and
    those with a visit or crossing of the fence then."""
    if boxes:
        statement = SQL.queue_wide if is_wide(boxes) else SQL.queue_inside
        await connection.execute(statement, fleet, edges_of(boxes), since)
    await connection.execute(SQL.queue_visitors, fleet, fence_id, since)


def edges_of(boxes: Sequence[Box]) -> list[int]:
    """Boxes as statements take them: west, south, east, north in e7, one after the other."""
    return [round(edge * 1e7) for box in boxes for edge in box]


def is_wide(boxes: Sequence[Box]) -> bool:
    """Whether boxes have so many tiles of the index that the index of tracks is faster."""
    tiles = sum(((e - w) * 1e7 // TILE + 1) * ((n - s) * 1e7 // TILE + 1) for w, s, e, n in boxes)
    return tiles > MANY_TILES


async def queue(connection: Connection, refolding: Refolding) -> None:
    """Queue a driver."""
    await connection.execute(SQL.queue_driver, *refolding)


async def take_refolds(connection: Connection, limit: int, mine: Mine = None) -> list[Refolding]:
    """Take the drivers with the newest changes, at most ``limit``. ``mine``: of these fleets."""
    some = await _fleets(connection, SQL.fleets_of_refolds, mine)
    return [Refolding(*row) for row in await connection.fetch(SQL.take_refolds, limit, some)]


async def now(connection: Connection) -> datetime:
    """The time of the transaction."""
    instant: datetime = await connection.fetchval(SQL.now)
    return instant


async def _fleets(connection: Connection, statement: str, mine: Mine) -> list[str] | None:
    """Those of the fleets of a statement that are ``mine``; None for all."""
    if mine is None:
        return None
    return [row["fleet"] for row in await connection.fetch(statement) if mine(row["fleet"])]


def _by_driver(drivers: Iterable[Driver], rows: Iterable[tuple[int, Any]]) -> dict[Driver, list[Any]]:
    """(n, value) pairs by driver; ``n`` numbers the drivers from 1."""
    numbered = list(drivers)
    lists: dict[Driver, list[Any]] = {driver: [] for driver in numbered}
    for n, value in rows:
        lists[numbered[n - 1]].append(value)
    return lists
