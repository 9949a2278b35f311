"""From log entries to rows: decode what can be decoded, keep the rest as dead letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET

from hub.core.nouns import Position
from hub.core.traces import trace_id, valid
from hub.recorder.missing import Gap
from hub.stores.postgres.history.partitions import Month
from hub.stores.postgres.history.positions import DeadLetter, PositionRow
from hub.stores.postgres.traces import TracedPosition
from hub.stores.redis.log.reader import Entry
from hub.wire.log import NODE_FIELD, BadEntry, Span, decode_entry, span
from hub.wire.validation import in_words

_raws = msgspec.json.Decoder(list[msgspec.Raw])
_position = msgspec.json.Decoder(Position)

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Chunk(NamedTuple):
    """Positions of one fleet from one entry."""

    entry_id: str
    fleet: str
    positions: list[Position]


class Batch:
    """Positions of consecutive entries, to be committed together with the id of the last one."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.dead: list[DeadLetter] = []
        self.rows = 0
        self.entries = 0
        # Positions that were left out, because the history that they belong to is erased.
        self.erased = 0
        self.last_id = ""
        self.spans: list[Span] = []
        # From the spans, by ``hub/recorder/missing.py``: its state after the batch, and the lost positions.
        self.passed = "{}"
        self.gaps: list[Gap] = []
        # Whether positions are missing that were not known to be.
        self.damaged = False
        # ``traceparent`` of the positions that were stored, each once.
        self.traces: dict[str, None] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries, in the order of the log."""
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
        """Positions that are lost for good, as the entries have shown."""
        return sum(gap.positions for gap in self.gaps)

    @property
    def reached(self) -> float:
        """Unix time at which the last entry was written."""
        return int(self.last_id.partition("-")[0]) / 1000

    def leave_out(self, erased: Mapping[str, Mapping[str, datetime]]) -> int:
        """Leave out the positions that an erasure covers: fleet -> driver -> its instant. Returns how many."""
        count = 0
        for number, chunk in enumerate(self.chunks):
            drivers = erased.get(chunk.fleet)
            if not drivers:
                continue
            kept = [p for p in chunk.positions if (until := drivers.get(p.driver_id)) is None or not covers(p, until)]
            if len(kept) < len(chunk.positions):
                count += len(chunk.positions) - len(kept)
                self.chunks[number] = chunk._replace(positions=kept)
        self.chunks = [chunk for chunk in self.chunks if chunk.positions]
        self.rows -= count
        self.erased += count
        return count

    def months(self) -> set[Month]:
        """The months of the positions."""
        # As month_of, without a call per row.
        return {p.recorded_at.year * 12 + p.recorded_at.month - 1 for chunk in self.chunks for p in chunk.positions}

    def _salvage(self, entry_id: str, fields: Mapping[bytes, bytes]) -> dict[str, list[Position]]:
        """Decode the positions of an entry one by one; those that cannot be decoded become dead letters."""
        fleets: dict[str, list[Position]] = {}
        for name, value in fields.items():
            fleet = None
            try:
                fleet = name.decode()
                if fleet != NODE_FIELD:
                    raws = _raws.decode(value)
                    fleets[fleet] = [p for raw in raws if (p := self._salvage_one(entry_id, fleet, raw)) is not None]
            except UNREADABLE as error:
                self.dead.append(DeadLetter(entry_id, fleet, in_words(error), value))
        return fleets

    def _salvage_one(self, entry_id: str, fleet: str, raw: msgspec.Raw) -> Position | None:
        try:
            return _position.decode(raw)
        except UNREADABLE as error:
            self.dead.append(DeadLetter(entry_id, fleet, in_words(error), bytes(raw)))
            return None


def covers(position: Position, until: datetime) -> bool:
    """Whether an erasure up to ``until`` covers a position: it was received by then, or recorded by then according to
    its device, whose clock is corrected if it is known to be wrong."""
    if position.received_at <= until:
        return True
    ahead = position.clock_offset
    try:
        return position.recorded_at - timedelta(seconds=ahead or 0.0) <= until
    except OverflowError:
        return position.recorded_at <= until


def rows(chunk: Chunk) -> list[PositionRow]:
    """The rows of a chunk. Raises ``ValueError`` or ``OverflowError`` for values that do not fit into a column.

    The JSON decoder does not look inside attributes, so they may hold bytes that are not UTF-8. Those bytes are
    replaced, because the position around them was acknowledged."""
    fleet = chunk.fleet
    return [
        PositionRow(
            p.recorded_at, p.received_at, round(p.latitude * 1e7), round(p.longitude * 1e7),
            p.speed, p.heading, p.accuracy, p.altitude, p.battery, fleet, p.driver_id,
            None if p.attributes is UNSET else bytes(p.attributes).decode(errors="replace"),
        )
        for p in chunk.positions
    ]  # fmt: skip


def traced_in(chunks: list[Chunk]) -> list[tuple[str, TracedPosition]]:
    """The positions that belong to a trace, each with its ``traceparent``."""
    return [
        (
            parent,
            TracedPosition(
                chunk.fleet, position.driver_id, position.recorded_at, UUID(trace_id(parent)), chunk.entry_id
            ),
        )
        for chunk in chunks
        for position in chunk.positions
        if position.traceparent is not None and (parent := valid(position.traceparent))
    ]


def halves(chunks: list[Chunk]) -> tuple[list[Chunk], list[Chunk]] | None:
    """The positions in two parts; None for a single position."""
    if len(chunks) > 1:
        middle = len(chunks) // 2
        return chunks[:middle], chunks[middle:]
    (chunk,) = chunks
    if len(chunk.positions) <= 1:
        return None
    middle = len(chunk.positions) // 2
    return [chunk._replace(positions=chunk.positions[:middle])], [chunk._replace(positions=chunk.positions[middle:])]
