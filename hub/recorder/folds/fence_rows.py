"""The changes of visits and crossings by one batch, as rows of tables and events for subscribers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from hub.core.fences.state import Crossing, Kind, Visit
from hub.recorder.folds.base import instant
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.fences import facts
from hub.stores.postgres.fences.facts import CrossingRow, FenceKey, VisitRow
from hub.stores.postgres.history import events
from hub.stores.postgres.history.events import NewEvent
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.trips import Checkpoint
from hub.wire.events import LATE, FenceMessage

NAMESPACE = UUID("2f0a9a52-3f3c-4a0e-8f29-5b0a7f6f2d11")
"""UUIDv5 namespace of the ids of visits, crossings and their events."""


def visit_row(driver: Driver, visit: Visit) -> VisitRow:
    """The row of a visit, rounded to what is meaningful: distance to 10 cm, speed to 1 cm/s, silence to 1 ms."""
    fleet, driver_id = driver
    fence_id = UUID(bytes=visit.fence)
    return VisitRow(
        id=uuid5(NAMESPACE, f"{fleet}/{driver_id}/{fence_id}/{visit.entered_at}"),
        fleet=fleet,
        driver_id=driver_id,
        fence_id=fence_id,
        entered_at=instant(visit.entered_at),
        exited_at=None if visit.exited_at is None else instant(visit.exited_at),
        last_inside_at=instant(visit.last_inside_at),
        dwelled_at=None if visit.dwelled_at is None else instant(visit.dwelled_at),
        entered_slack=round(visit.entered_slack, 3),
        exited_slack=round(visit.exited_slack, 3),
        cause=visit.cause.value,
        exit_cause=None if visit.exit_cause is None else visit.exit_cause.value,
        points=visit.points,
        distance=round(visit.distance, 1),
        max_speed=None if visit.max_speed is None else round(visit.max_speed, 2),
        fence_version=visit.version,
    )


def crossing_row(driver: Driver, crossing: Crossing) -> CrossingRow:
    fence_id = UUID(bytes=crossing.fence)
    return CrossingRow(*driver, fence_id, instant(crossing.entered_at), instant(crossing.exited_at), crossing.version)


def crossing_id(row: CrossingRow) -> UUID:
    """Id of a crossing in events; the table needs none."""
    return uuid5(NAMESPACE, f"{row.fleet}/{row.driver_id}/{row.fence_id}/{row.entered_at.isoformat()}/crossing")


class Changes:
    """Collects what one batch changes; ``write`` stores it. ``noticed_at`` is the time of its events, by the hub's
    clock, and ``names`` are the names of fences."""

    def __init__(self, noticed_at: datetime, names: Mapping[bytes, str]) -> None:
        self._noticed_at, self._names = noticed_at, names
        self._visits: dict[FenceKey, VisitRow] = {}
        self._gone_visits: list[FenceKey] = []
        self._crossings: list[CrossingRow] = []
        self._gone_crossings: list[FenceKey] = []
        self._checkpoints: list[Checkpoint] = []
        self._events: list[NewEvent] = []

    def tell(self, driver: Driver, told: Iterable[tuple[Kind, Visit | Crossing]]) -> None:
        """What a tracker told of points in order."""
        for kind, row in told:
            if isinstance(row, Crossing):
                self._put_crossing(crossing_row(driver, row))
                continue
            visit = visit_row(driver, row)
            self._visits[_key(visit)] = visit
            if kind is not Kind.SHOWN:
                self._announce_visit(kind, visit)

    def replace(
        self,
        driver: Driver,
        before: Iterable[VisitRow],
        after: Iterable[Visit],
        crossed_before: Iterable[CrossingRow],
        crossed_after: Iterable[Crossing],
    ) -> None:
        """Rows of a time that was folded again: store and tell where they differ from the stored ones."""
        old = {_key(row): row for row in before}
        new = {_key(row): row for row in (visit_row(driver, visit) for visit in after)}
        gone = [old[key] for key in old.keys() - new.keys()]
        for key in sorted(old.keys() | new.keys(), key=lambda key: (key.entered_at, key.fence_id)):
            if key not in new:
                self._gone_visits.append(key)
                self._announce_removed(old[key])
            elif key not in old:
                visit = self._visits[key] = new[key]
                replaced = [str(other.id) for other in gone if _overlap(other, visit)]
                self._announce_visit(Kind.ENTERED, visit, replaced)
                self._announce_progress(visit, None)
            elif old[key] != new[key]:
                visit = self._visits[key] = new[key]
                if old[key].exited_at is not None:
                    self._announce_visit("revised", visit)
                else:
                    self._announce_progress(visit, old[key])
        had = {FenceKey(*row[:4]): row for row in crossed_before}
        have = {FenceKey(*row[:4]): row for row in (crossing_row(driver, crossing) for crossing in crossed_after)}
        self._gone_crossings += sorted(had.keys() - have.keys())
        for gone_key in sorted(had.keys() - have.keys()):
            self._announce_removed_crossing(had[gone_key])
        for new_key in sorted(have.keys(), key=lambda key: (key.entered_at, key.fence_id)):
            if had.get(new_key) != have[new_key]:
                self._put_crossing(have[new_key])

    def put_checkpoint(self, driver: Driver, at: int, state: bytes) -> None:
        self._checkpoints.append(Checkpoint(instant(at), *driver, state))

    def _put_crossing(self, row: CrossingRow) -> None:
        self._crossings.append(row)
        self._announce(
            row.fleet, Kind.CROSSED, row, crossing_id(row), row.exited_at,
            exited_at=row.exited_at, duration=(row.exited_at - row.entered_at).total_seconds(), cause="crossed",
        )  # fmt: skip

    def _announce_progress(self, visit: VisitRow, before: VisitRow | None) -> None:
        """What an open visit has reached since."""
        if visit.dwelled_at is not None and (before is None or before.dwelled_at is None):
            self._announce_visit(Kind.DWELLED, visit)
        if visit.exited_at is not None:
            self._announce_visit(Kind.EXITED, visit)

    def _announce_visit(self, event: str, row: VisitRow, replaces: list[str] | None = None) -> None:
        ends = event in (Kind.EXITED, "revised") and row.exited_at is not None
        at = {Kind.ENTERED: row.entered_at, Kind.DWELLED: row.dwelled_at}.get(event, row.exited_at)  # type: ignore[call-overload]
        known_to = (row.dwelled_at if event == Kind.DWELLED else row.exited_at) or row.last_inside_at
        figures = {} if event == Kind.ENTERED else {
            "dwelled_at": row.dwelled_at,
            "duration": (known_to - row.entered_at).total_seconds(),
            "distance": row.distance,
            "max_speed": row.max_speed,
            "points": row.points,
        }  # fmt: skip
        self._announce(
            row.fleet, event, row, row.id, at or row.last_inside_at,
            exited_at=row.exited_at if ends else None,
            slack=(row.exited_slack if ends else row.entered_slack) or None,
            cause=row.exit_cause if ends else row.cause,
            replaces=replaces or None,
            **figures,
        )  # fmt: skip

    def _announce_removed(self, row: VisitRow) -> None:
        self._announce(row.fleet, "revised", row, row.id, row.entered_at, removed=True)

    def _announce_removed_crossing(self, row: CrossingRow) -> None:
        self._announce(row.fleet, "revised", row, crossing_id(row), row.entered_at, removed=True)

    def _announce(
        self, fleet: str, event: str, row: VisitRow | CrossingRow, visit_id: UUID, at: datetime, **more: object
    ) -> None:
        late = (self._noticed_at - at).total_seconds()
        message = FenceMessage(
            event=str(event),
            id="",
            visit_id=str(visit_id),
            fence_id=str(row.fence_id),
            fence_name=self._names.get(row.fence_id.bytes, ""),
            fence_version=row.fence_version,
            driver_id=row.driver_id,
            at=at,
            noticed_at=self._noticed_at,
            entered_at=row.entered_at,
            late=round(late, 3) if late > LATE else None,
            **more,  # type: ignore[arg-type]
        )
        # The text is stored: a repeated event has the same id.
        message.id = str(uuid5(NAMESPACE, f"{fleet}/{msgspec.json.encode(message).decode()}"))
        self._events.append(NewEvent(fleet, row.driver_id, msgspec.json.encode(message).decode()))

    async def write(self, connection: Connection) -> int:
        """Store everything in the open transaction. Returns the number of events."""
        await facts.write(
            connection,
            visits=self._visits.values(),
            gone_visits=self._gone_visits,
            crossings=self._crossings,
            gone_crossings=self._gone_crossings,
            checkpoints=self._checkpoints,
        )
        return await events.put(connection, self._events)


def _key(row: VisitRow) -> FenceKey:
    return FenceKey(row.fleet, row.driver_id, row.fence_id, row.entered_at)


def _overlap(one: VisitRow, other: VisitRow) -> bool:
    """Whether two visits of a driver are of one fence and one time."""
    return (
        one.fence_id == other.fence_id
        and one.entered_at <= (other.exited_at or other.last_inside_at)
        and other.entered_at <= (one.exited_at or one.last_inside_at)
    )
