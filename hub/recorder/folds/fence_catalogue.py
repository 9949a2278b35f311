"""The fences of all fleets in the memory of the recorder, and what their changes mean for the past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from hub.core.fences.geometry import padded
from hub.core.fences.index import FOREVER, Fences, Memberships, Version
from hub.core.fences.shapes import Definition
from hub.core.fences.state import FASTEST
from hub.recorder.folds.base import microseconds
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.fences import facts
from hub.stores.postgres.fences.facts import FenceChange, Refolding, VersionRow

END = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than any position. The last instant of Python would be stored as infinity."""

_definition = msgspec.json.Decoder(Definition)


class Catalogue:
    """The fences by fleet. A fence is prepared once; a change of another one costs only the index."""

    def __init__(self) -> None:
        self.fleets: dict[str, Fences] = {}
        self.names: dict[bytes, str] = {}
        self._known: dict[VersionRow, Version] = {}

    async def load(self, connection: Connection, fleets: Iterable[str]) -> None:
        """Read the fences of some fleets again."""
        for fleet in fleets:
            rows = await facts.versions(connection, fleet)
            found = {row: self._known.get(row) or _version(row) for row in rows}
            fences = Fences(found.values())
            if fences.watches_groups:
                changes = {
                    driver: [(microseconds(since), groups) for since, groups in of_driver]
                    for driver, of_driver in (await facts.groups(connection, fleet)).items()
                }
                fences = Fences(found.values(), Memberships(changes))
            self.fleets[fleet] = fences
            self._known.update(found)
            for version in sorted(found.values(), key=lambda version: version.number):
                self.names[version.fence] = version.definition.name

    async def queue(self, connection: Connection, changes: Iterable[FenceChange]) -> None:
        """Queue the drivers whose visits may be others after these changes, which are loaded already.

        Fences that a driver passed without a position inside its box are found as well: no way that counts as straight
        is longer than ``bridge`` at ``FASTEST``, so one of its ends is within half of that."""
        for change in changes:
            if change.driver_id is not None:
                await facts.queue(connection, Refolding(change.fleet, change.driver_id, change.since, END))
            elif change.fence_id is not None:
                since = microseconds(change.since)
                fences = self.fleets[change.fleet]
                boxes = [
                    box
                    for version in fences.versions_of(change.fence_id.bytes)
                    if version.until >= since
                    for box in padded(version.compiled.boxes, version.rules.bridge * FASTEST / 2)
                ]
                await facts.queue_near(connection, change.fleet, change.fence_id, boxes, change.since)


def _version(row: VersionRow) -> Version:
    until = FOREVER if row.valid_until is None else microseconds(row.valid_until)
    definition = _definition.decode(row.definition)
    return Version(row.fence_id.bytes, row.version, microseconds(row.valid_from), until, definition)
