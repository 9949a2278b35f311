"""Follows the log, so that this node shows what every other node has accepted, as soon as it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Protocol

import msgspec
from redis.asyncio import Redis

from hub.clock import SYSTEM, SystemClock
from hub.core.live.fleet import Fleet
from hub.core.live.hub import Hub, last_heard
from hub.core.live.log_place import entry_number
from hub.core.live.others import Others, Row
from hub.core.live.partitioned import Partitioned
from hub.core.live.unlogged import Unlogged
from hub.core.live.update import Update
from hub.core.nouns import Position
from hub.edge.clock import Clock
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.redis import latest
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.log.reader import Entry
from hub.stores.redis.log.tail import ENTRIES_PER_READ, Extent, LogTail
from hub.wire.layout import Layout, Partition
from hub.wire.log import AGAIN, is_of, rows

log = get_logger()

KEPT = 60
"""Seconds of the log before its end that a node reads at its start, to know from where on clients can resume. The
recorder leaves as many in the log."""

BLOCK = 1.0
"""Seconds that a read waits for the next entry."""

RETRY = 0.5

PAUSE = 0.01
"""Seconds between two reads: a read of one entry costs half as much as one of eight."""

LONGEST_PAUSE = 0.05
"""The longest pause, after some reads of entries of this node alone, which are shown already: the next entry of another
node comes that much later."""

AT_ONCE = 200
"""Positions that are applied in one turn: a millisecond."""

LATE_AFTER = 2.0
"""Seconds without an answer from which on the positions of other nodes are behind: a read and its wait take one."""

_row = msgspec.json.Decoder(Row)

Heard = Mapping[str, Mapping[str, datetime]]
"""Fleet -> driver -> when it was last heard without a position."""


class Turning(Protocol):
    """The part of ``Turns`` that a tail uses."""

    def publish(self) -> None: ...


class Tail:
    """The end of one partition of the log at one node. ``begin`` loads the latest positions; ``run`` follows."""

    def __init__(
        self,
        settings: Settings,
        hub: Hub,
        partition: Partition,
        unlogged: Unlogged | Partitioned,
        turns: Turning,
        clock: Clock,
        system: SystemClock = SYSTEM,
    ) -> None:
        self._unlogged, self.partition = unlogged, partition
        self.place = hub.log_places[partition.number]
        self._hub, self._turns, self._clock, self._monotonic = hub, turns, clock, system.monotonic
        self._others = Others(hub, self._restore)
        self._settings = settings
        # When everything in the log had been applied.
        self._current_at = self._monotonic()
        self._pause = PAUSE
        self.positions = 0
        """Positions in them."""
        self.shown = 0
        """Those that were newer than what this node had."""
        self.reloads = 0
        """Times that entries had been missed, and the latest positions were loaded again."""
        self.read_back = 0
        """Numbers of the hub that latest positions took when they were loaded while it served."""
        self.place.behind_ms = self.behind_ms
        self.reloaded: Callable[[], None] = lambda: None
        """Called when entries had been missed, and the latest positions were loaded again."""

    @cached_property
    def _reader(self) -> LogTail:
        return LogTail(self._settings.redis_url, self.partition, timeout=self._settings.redis_timeout, block=BLOCK)

    def behind_ms(self) -> int | None:
        """Milliseconds since everything in the log had been applied, if the positions of other nodes are behind."""
        if not self.place.loaded:
            return None
        passed = self._monotonic() - self._current_at
        return None if passed < LATE_AFTER else round(passed * 1_000)

    async def begin(self, redis: Redis) -> tuple[int, int]:
        """Load the latest positions, before the first client; numbers of drivers and fleets. Raises one of
        ``UNAVAILABLE``."""
        extent, window, known_from = await self._open()
        fleets = await latest.load(redis, [self.partition])
        for fleet, positions in fleets.items():
            self._hub.load(fleet, positions, known_from or 1)
        await self._catch_up(window, extent.last)
        return sum(map(len, fleets.values())), len(fleets)

    async def load(self, heard: Heard, settle: Callable[[Fleet], None]) -> tuple[int, int]:
        """The same while the hub serves, in short turns. ``heard``: fleet -> driver -> when it was heard without a
        position. ``settle`` finds the drivers of a fleet that are silent."""
        hub, place = self._hub, self.place
        extent, window, known_from = await self._open()
        drivers = fleets = 0
        async for fleet, positions in latest.each_fleet(self._reader.client, self.partition):
            of_fleet = heard.get(fleet, {})
            async for some in _by_hearing(positions, of_fleet):
                before = hub.seq
                hub.load(fleet, some, known_from or 1, of_fleet)
                self.read_back += hub.seq - before
                settle(hub.fleet(fleet))
                await asyncio.sleep(0)
            drivers += len(positions)
            fleets += 1
        await self._catch_up(window, extent.last)
        place.loaded = True
        return drivers, fleets

    async def unload(self) -> None:
        """Forget the latest positions, and leave the connection."""
        before = self._hub.seq
        old = self._hub.unload(self.place)
        self._others.forget()
        self.read_back += self._hub.seq - before
        for items in old:
            while items:
                for _ in range(min(len(items), AT_ONCE * 10)):
                    items.popitem()
                await asyncio.sleep(0)
        await self._reader.lost()

    async def _open(self) -> tuple[Extent, str, int]:
        """Begin at the present end of the log: its extent, where the entries begin that are read first, and from which
        entry on clients can resume."""
        generation, extent = await self._reader.generation(), await self._reader.extent()
        milliseconds = int(extent.last.partition("-")[0])
        window = f"{max(0, milliseconds - KEPT * 1_000)}-0"
        # Nothing came between the entry before the window and the window, however long that was.
        before = await self._reader.before(window)
        known_from = entry_number(before or extent.first)
        if before is None and extent.whole:
            known_from = 0
        self.place.begin(generation, known_from)
        return extent, window, known_from

    async def _catch_up(self, window: str, last: str) -> None:
        """Read what came up to the entry ``last``, which tells the entries of the latest positions."""
        hub, place, end = self._hub, self.place, entry_number(last)
        self._reader.start(window)
        while place.read < end:
            entries = await self._reader.read(wait=False)
            if not entries:
                break
            for entry_id, fields in entries:
                number = entry_number(entry_id)
                for fleet_id, raws in rows(fields):
                    await self._place(hub.fleet(fleet_id), raws, number)
                place.advance(number, hub.seq)
        self._current_at = self._monotonic()

    async def run(self) -> None:
        """Follow the log until cancelled."""
        try:
            await self.follow(lambda: False)
        finally:
            await self.close()

    async def follow(self, enough: Callable[[], bool]) -> None:
        """Follow the log until there is ``enough``, which is asked after each answer of Redis."""
        while True:
            try:
                await self._step()
            except UNAVAILABLE:
                # The appender reports that Redis is away.
                await self._reader.lost()
                await asyncio.sleep(RETRY)
            else:
                if enough():
                    return

    async def close(self) -> None:
        await self._reader.close()

    async def _step(self) -> None:
        entries = await self._reader.read()
        if entries is None:
            await self._reload()
            return
        others = await self.apply(entries)
        if len(entries) < ENTRIES_PER_READ:
            self._current_at = self._monotonic()
            if not self.place.generation and not entries:
                # Redis had no room for it.
                self.place.generation = await self._reader.generation()
            if entries:
                self._pause = PAUSE if others else min(LONGEST_PAUSE, self._pause * 1.5)
                await asyncio.sleep(self._pause)

    async def apply(self, entries: list[Entry]) -> int:
        """Apply entries; the number of those of other nodes."""
        hub, others = self._hub, 0
        for entry_id, fields in entries:
            number = entry_number(entry_id)
            if not is_of(fields, hub.epoch) and not is_of(fields, AGAIN):
                others += 1
                for fleet_id, raws in rows(fields):
                    await self._apply_rows(hub.fleet(fleet_id), raws, number)
            self.place.advance(number, hub.seq)
        return others

    async def _apply_rows(self, fleet: Fleet, raws: list[msgspec.Raw], number: int) -> None:
        for start in range(0, len(raws), AT_ONCE):
            if start:
                await asyncio.sleep(0)
            self._apply_some(fleet, raws[start : start + AT_ONCE], number, self._clock.now())

    def _apply_some(self, fleet: Fleet, raws: list[msgspec.Raw], number: int, now: datetime) -> None:
        shown, found, encoded = 0, [], []
        for raw in raws:
            row = _decoded(raw)
            if row is not None:
                found.append(row)
                encoded.append(raw)
        for index in self._others.needed(fleet, found, now):
            shown += self._apply_one(fleet, found[index], encoded[index], number, now)
        self.positions += len(raws)
        if shown:
            self.shown += shown
            self._turns.publish()

    async def _place(self, fleet: Fleet, raws: list[msgspec.Raw], number: int) -> None:
        """Note the entry of the latest positions that were loaded, and apply newer ones. Drivers that are not among the
        latest positions were removed."""
        now = self._clock.now()
        for start in range(0, len(raws), AT_ONCE):
            await asyncio.sleep(0)
            for raw in raws[start : start + AT_ONCE]:
                row = _decoded(raw)
                if row is None or row.driver_id not in fleet.latest:
                    continue
                if self._apply_one(fleet, row, raw, number, now):
                    self._restore(fleet, fleet.latest[row.driver_id])

    def _apply_one(self, fleet: Fleet, row: Row, raw: msgspec.Raw, number: int, now: datetime) -> bool:
        """Apply a position; whether it was spread. One that cannot be applied is left out: it would end every node, and
        end it again at its next start."""
        try:
            return self._others.apply(fleet, row, bytes(raw), number, now)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="tail")
            return False

    def _restore(self, fleet: Fleet, update: Update) -> None:
        self._unlogged.restore(fleet.id, update)
        self._turns.publish()

    async def _reload(self) -> None:
        """Entries were missed: take the latest positions from Redis, and read on from the end of the log."""
        hub, place, reader = self._hub, self.place, self._reader
        truncated = await reader.truncated()
        generation = await reader.generation("" if truncated else place.generation)
        extent = await reader.extent()
        found = await latest.load_raw(reader.client, [self.partition])
        end = entry_number(extent.last)
        place.begin(generation, end)
        for fleet_id, raws in found.items():
            await self._apply_rows(hub.fleet(fleet_id), raws, end)
        await self._give_back(reader)
        reader.start(extent.last)
        self.reloads += 1
        self.reloaded()
        action = Action.LOG_TRIMMED if truncated else Action.LOG_TAIL_LOST
        log.warning(action, offset=extent.last, drivers=sum(map(len, found.values())))

    async def _give_back(self, reader: LogTail) -> None:
        """Store again the latest positions that an emptied Redis lacks: parked drivers would be missing at nodes
        that start later."""
        for fleet in [fleet for fleet in self._hub.fleets.values() if fleet.log_place is self.place]:
            stored = await latest.drivers(reader.client, self.partition, fleet.id)
            lacking = [update for driver_id, update in fleet.latest.items() if driver_id not in stored]
            for start in range(0, len(lacking), AT_ONCE):
                for update in lacking[start : start + AT_ONCE]:
                    if fleet.latest.get(update.driver_id) is update:
                        self._unlogged.restore(fleet.id, update)
                self._turns.publish()
                await asyncio.sleep(0)


async def _by_hearing(positions: list[Position], heard: Mapping[str, datetime]) -> AsyncIterator[list[Position]]:
    """Positions in pieces, those of the drivers that were heard the longest ago first, sorted in short turns."""

    def when(position: Position) -> datetime:
        return last_heard(position, heard)

    pieces = []
    for start in range(0, len(positions), AT_ONCE * 10):
        pieces.append(sorted(positions[start : start + AT_ONCE * 10], key=when))
        await asyncio.sleep(0)
    merged = merge(*pieces, key=when)
    while some := list(islice(merged, AT_ONCE)):
        yield some


def _decoded(raw: msgspec.Raw) -> Row | None:
    """A position; None if it cannot be read: the recorder keeps it as a dead letter."""
    try:
        return _row.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


class Tails:
    """The ends of all partitions, with their figures added up. The only one is followed always, several where they are
    needed (``needs.py``)."""

    def __init__(
        self,
        settings: Settings,
        hub: Hub,
        layout: Layout,
        unlogged: Unlogged | Partitioned,
        turns: Turning,
        clock: Clock,
        system: SystemClock = SYSTEM,
    ) -> None:
        self.all = [Tail(settings, hub, each, unlogged, turns, clock, system) for each in layout.partitions]

    async def begin(self, redis: Redis) -> tuple[int, int]:
        """Load the latest positions, before the first client; numbers of drivers and fleets. Raises one of
        ``UNAVAILABLE``."""
        return await self.all[0].begin(redis) if len(self.all) == 1 else (0, 0)

    def behind_ms(self) -> int | None:
        """That of the partition that is most behind."""
        return max(filter(None, (tail.behind_ms() for tail in self.all)), default=None)

    @property
    def followed(self) -> int:
        """Number of partitions that are followed."""
        return sum(tail.place.loaded for tail in self.all)

    @property
    def read_back(self) -> int:
        return sum(tail.read_back for tail in self.all)

    @property
    def positions(self) -> int:
        return sum(tail.positions for tail in self.all)

    @property
    def shown(self) -> int:
        return sum(tail.shown for tail in self.all)

    @property
    def reloads(self) -> int:
        return sum(tail.reloads for tail in self.all)
