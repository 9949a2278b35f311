"""From log entries to rows: decode what can be decoded, set the rest aside as dead letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from hub.core.nouns import Position
from hub.recorder.missing import Gap
from hub.recorder.partitions import Month
from hub.stores.redis.log_reader import Entry
from hub.wire.log import NODE_FIELD, BadEntry, Span, decode_entry, span

_raws = msgspec.json.Decoder(list[msgspec.Raw])
_position = msgspec.json.Decoder(Position)

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

COLUMNS = (
    "recorded_at", "received_at", "latitude_e7", "longitude_e7", "speed", "heading", "accuracy", "altitude", "battery",
    "fleet", "driver_id", "attributes",
)  # fmt: skip
"""Columns of ``positions`` in the order of a record."""


Record = tuple[Any, ...]


class Chunk(NamedTuple):
    """Positions of one fleet from one entry."""

    entry_id: str
    fleet: str
    positions: list[Position]


class DeadLetter(NamedTuple):
    """What cannot be stored, as it stood in the log, and why."""

    entry_id: str
    fleet: str | None
    reason: str
    payload: bytes


class Batch:
    """Positions of consecutive entries, to be committed together with the id of the last one."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.dead: list[DeadLetter] = []
        self.rows = 0
        self.entries = 0
        self.last_id = ""
        self.spans: list[Span] = []
        # What ``hub/recorder/missing.py`` makes of the spans: its state after the batch, and what is missing.
        self.passed = "{}"
        self.gaps: list[Gap] = []

    def add(self, entries: Iterable[Entry]) -> None:
        """Take entries in, in the order of the log."""
        for entry_id, fields in entries:
            try:
                _, fleets = decode_entry(fields)
            except BadEntry:
                fleets = self._salvage(entry_id, fields)
            for fleet, positions in fleets.items():
                self.chunks.append(Chunk(entry_id, fleet, positions))
                self.rows += len(positions)
            if (numbers := span(fields)) is not None:
                self.spans.append(numbers)
            self.entries += 1
            self.last_id = entry_id

    @property
    def lost(self) -> int:
        """Positions that are missing in the log before or between the entries."""
        return sum(gap.positions for gap in self.gaps)

    def months(self) -> set[Month]:
        """The months of the positions."""
        return {
            p.recorded_at.year * 12 + p.recorded_at.month - 1 for chunk in self.chunks for p in chunk.positions
        }  # as month_of, without a call per row

    def _salvage(self, entry_id: str, fields: Mapping[bytes, bytes]) -> dict[str, list[Position]]:
        """The positions of an entry that can be read one by one; the others become dead letters."""
        fleets: dict[str, list[Position]] = {}
        for name, value in fields.items():
            fleet = None
            try:
                fleet = name.decode()
                if fleet != NODE_FIELD:
                    raws = _raws.decode(value)
                    fleets[fleet] = [p for raw in raws if (p := self._salvage_one(entry_id, fleet, raw)) is not None]
            except UNREADABLE as error:
                self.dead.append(DeadLetter(entry_id, fleet, str(error), value))
        return fleets

    def _salvage_one(self, entry_id: str, fleet: str, raw: msgspec.Raw) -> Position | None:
        try:
            return _position.decode(raw)
        except UNREADABLE as error:
            self.dead.append(DeadLetter(entry_id, fleet, str(error), bytes(raw)))
            return None


def records(chunk: Chunk) -> list[Record]:
    """Rows of ``COLUMNS``. Raises ``ValueError`` or ``OverflowError`` for what no column can hold.

    The JSON decoder does not look inside attributes, so they may hold bytes that are not UTF-8; those are replaced,
    since the position around them was acknowledged.
    """
    fleet = chunk.fleet
    return [
        (
            p.recorded_at, p.received_at, round(p.latitude * 1e7), round(p.longitude * 1e7),
            p.speed, p.heading, p.accuracy, p.altitude, p.battery, fleet, p.driver_id,
            None if p.attributes is UNSET else bytes(p.attributes).decode(errors="replace"),
        )
        for p in chunk.positions
    ]  # fmt: skip


def halves(chunks: list[Chunk]) -> tuple[list[Chunk], list[Chunk]] | None:
    """The same positions in two parts; None for a single position."""
    if len(chunks) > 1:
        middle = len(chunks) // 2
        return chunks[:middle], chunks[middle:]
    (chunk,) = chunks
    if len(chunk.positions) <= 1:
        return None
    middle = len(chunk.positions) // 2
    return [chunk._replace(positions=chunk.positions[:middle])], [chunk._replace(positions=chunk.positions[middle:])]
