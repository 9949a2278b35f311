"""``python -m hub.preview``: who was in a fence that does not exist yet. One request on stdin, the answer on stdout.

The same fold as the recorder's over stored positions, in a process of its own: the hub's loop sends positions
meanwhile, and the memory of the geometry is gone afterwards. Nothing is stored. The answer is ``{"visits": […],
"positions": n}``, ``{"error": …}`` or ``{"away": …}``."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import numpy as np
from msgspec import Struct

from hub.core.fences.geometry import padded
from hub.core.fences.index import FOREVER, Fences, Points, Version
from hub.core.fences.shapes import Definition
from hub.core.fences.state import FASTEST, Visit
from hub.core.fences.tracker import Tracker, counts
from hub.core.trips.state import Point
from hub.recorder.folds.base import instant
from hub.recorder.folds.fence_rows import visit_row
from hub.stores.postgres.connection import AWAY, Connection, connect
from hub.stores.postgres.fences import preview
from hub.stores.reasons import reason
from hub.wire import stored

PATIENCE = 30.0
"""Seconds for one answer of PostgreSQL."""

PAGE = 20_000
"""Positions that are read and folded at once."""

NICENESS = 10

AROUND = timedelta(hours=1)
"""Before the first and after the last position near the fence: for the way in, and the end of the visit."""

FENCE = UUID(int=1)
"""Id of the fence in the answer."""


class Request(Struct, rename="camel"):
    """``drivers``: whose visits are wanted; all where None. ``most``: how many positions may be read."""

    fleet: str
    definition: Definition
    since: datetime
    until: datetime
    drivers: list[str] | None
    most: int


class Answer(Struct, rename="camel", omit_defaults=True):
    """``error``: why there are no visits; ``away``: why PostgreSQL does not answer."""

    visits: list[stored.Visit] = []
    positions: int = 0
    error: str | None = None
    away: str | None = None


async def look(connection: Connection, request: Request) -> Answer:
    """The visits of a request."""
    definition = request.definition
    version = Version(FENCE.bytes, 1, -FOREVER, FOREVER, definition)
    fences = Fences([version])
    boxes = padded(version.compiled.boxes, definition.rules.bridge * FASTEST / 2)
    found = await preview.candidates(connection, request.fleet, boxes, request.since, request.until, request.drivers)
    after = timedelta(seconds=definition.rules.exit_after) + AROUND
    answer = Answer()
    watched = version.drivers
    for driver_id, first, last in found:
        if watched is not None and not version.groups and driver_id not in watched:
            continue
        tracker = Tracker(driver_id)
        start, end = max(request.since, first - AROUND), min(request.until, last + after)
        while True:
            page = await preview.positions(connection, request.fleet, driver_id, start, end, PAGE)
            fold(fences, tracker, page)
            answer.positions += len(page)
            if answer.positions > request.most:
                return Answer(error=f"more than {request.most} positions are near the fence: use a shorter span")
            if len(page) < PAGE:
                break
            start = instant(page[-1][0] + 1)
        rows = {row.entered_at: row for _, row in tracker.told if isinstance(row, Visit)}
        answer.visits += [shown(driver_id, row) for row in rows.values()]
    answer.visits.sort(key=lambda visit: (visit.entered_at, visit.driver_id))
    return answer


def fold(fences: Fences, tracker: Tracker, points: list[Point]) -> None:
    """Take in points in the order of time."""
    counted = [(n, point) for n, point in enumerate(points) if counts(point)]
    last = tracker.state.last
    at = np.array([point[0] for _, point in counted], dtype=np.int64)
    latitude, longitude, accuracy = np.array([(p[1], p[2], p[4] or 0.0) for _, p in counted]).reshape(-1, 3).T
    before = [None if last is None else last[:3]]
    near, passed = fences.surroundings(Points(at, latitude, longitude, accuracy, [0], before))
    number = {n: k for k, (n, _) in enumerate(counted)}
    for n, point in enumerate(points):
        k = number.get(n, -1)
        tracker.add(fences, point, near.get(k, ()), passed.get(k, ()))


def shown(driver_id: str, row: Visit) -> stored.Visit:
    """A visit as the API returns it."""
    columns = visit_row(("", driver_id), row)._asdict()
    columns["visit_id"] = columns.pop("id")
    del columns["fleet"]
    end = columns["exited_at"] or columns["last_inside_at"]
    return stored.Visit(**columns, duration=(end - columns["entered_at"]).total_seconds())


async def main() -> int:
    os.nice(NICENESS)  # live positions go first, as before the recorder
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    try:
        connection = await connect(os.environ["HUB_DATABASE_URL"], role="preview", patience=PATIENCE)
        try:
            answer = await look(connection, request)
        finally:
            connection.terminate()
    except AWAY as error:
        answer = Answer(away=reason(error))
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
