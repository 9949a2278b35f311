"""Nodes and a log without sockets and Redis. The hub, its queues and tails are those that serve; time is virtual."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from hub.clock import SystemClock
from hub.core.live.client import Client
from hub.core.live.hub import Hub
from hub.core.live.log_place import entry_number
from hub.core.live.partitioned import Partitioned
from hub.core.nouns import Fix
from hub.core.principal import Principal, Role
from hub.edge.clock import Clock
from hub.edge.log.tail import Tail, Tails
from hub.settings import Settings
from hub.stores.redis.log.reader import Entry
from hub.wire.codec import decode
from hub.wire.frames import text_frame, text_of
from hub.wire.layout import Layout
from hub.wire.log import encode_entry

START = 1_767_225_600.0
"""When the virtual time begins: 2026-01-01, in seconds since 1970."""


class VirtualClock(SystemClock):
    """A clock that stands still until it is moved."""

    __slots__ = ("seconds",)

    def __init__(self) -> None:
        self.seconds = 0.0

    def time(self) -> float:
        return START + self.seconds

    def monotonic(self) -> float:
        return self.seconds


class VirtualLog:
    """The entries of each partition, as Redis would answer them."""

    def __init__(self, layout: Layout, clock: VirtualClock) -> None:
        self.entries: list[list[Entry]] = [[] for _ in layout.partitions]
        self._clock, self._sequence = clock, 0

    def append(self, partition: int, fields: dict[str, bytes]) -> int:
        """Append an entry; its number."""
        self._sequence += 1
        entry_id = f"{int(self._clock.time() * 1_000)}-{self._sequence}"
        self.entries[partition].append((entry_id, {name.encode(): value for name, value in fields.items()}))
        return entry_number(entry_id)


class Sink:
    """The end of a connection: counts what is written to it."""

    __slots__ = ("bytes", "writes")

    def __init__(self) -> None:
        self.writes = self.bytes = 0

    def __call__(self, data: bytes) -> None:
        self.writes += 1
        self.bytes += len(data)


class _Turn:
    """The turn ends when the simulation says so."""

    def publish(self) -> None:
        """Nothing is flushed before."""


class VirtualNode:
    """One node, with figures of what it has done: ``ingested`` positions, ``appended`` entries, entries and
    positions that were ``received`` of other nodes, and entries of its own that were ``skipped``."""

    def __init__(self, number: int, log: VirtualLog, layout: Layout, clock: VirtualClock) -> None:
        settings = Settings()
        self.log, self.layout, self.clock_of = log, layout, clock
        self.clock = Clock(clock)
        count = len(layout.partitions)
        self.hub = hub = Hub(
            f"node-{number}",
            text_frame,
            text_of,
            partitions=count,
            partition_of=lambda fleet: layout.holding(fleet)[0].number,
        )
        self.unlogged = Partitioned(
            settings.max_unlogged,
            settings.max_entry_positions,
            count,
            lambda fleet, driver_id: layout.of(fleet, driver_id).number,
        )
        self.tails: list[Tail] = Tails(settings, hub, layout, self.unlogged, _Turn(), self.clock, clock).all
        for place in hub.log_places:
            place.begin("log", 0)
        self.sinks: list[Sink] = []
        self._read = [0] * count
        self._before = [0] * count
        self.ingested = self.appended = self.reads = 0
        self.received_entries = self.skipped_entries = 0

    def connect(self, fleet: str, driver_id: str | None = None) -> Client:
        """A driver's client, or a screen's, whose writes are counted."""
        if driver_id is not None:
            return self.hub.connect(Principal(fleet, Role.DRIVER, driver=driver_id), Sink())
        self.sinks.append(Sink())
        return self.hub.connect(Principal(fleet, Role.DISPATCHER), self.sinks[-1])

    def take(self, client: Client, message: bytes, now: datetime) -> None:
        """A message of a driver with one fix."""
        fix = cast(Fix, decode(message, 1))
        fleet, driver_id = self.hub.fleet(client.principal.fleet), cast(str, client.principal.driver)
        payload, update = self.hub.publish(fleet, driver_id, fix, now, client.origin)
        self.unlogged.of(fleet.id, driver_id).add(fleet.id, payload, update)
        self.ingested += 1

    def commit(self) -> None:
        """Append what waits: one entry for each partition, as the group commit does."""
        for number, queue in enumerate(self.unlogged.queues):
            while (batch := queue.take()) is not None:
                if batch.size:
                    fields = encode_entry(self.hub.epoch, batch.payloads, self._before[number])
                    entry = self.log.append(number, fields)
                    self._before[number] += batch.size
                    self.appended += 1
                    for latest in batch.latest.values():
                        for update, _ in latest.values():
                            update.entry = entry
                queue.settle(batch)

    async def read(self, partitions: list[int]) -> None:
        """Read what is new in partitions, each by one read."""
        for number in partitions:
            entries = self.log.entries[number][self._read[number] :]
            if entries:
                self._read[number] += len(entries)
                self.reads += 1
                others = await self.tails[number].apply(entries)
                self.received_entries += others
                self.skipped_entries += len(entries) - others

    def pass_by(self, partition: int) -> None:
        """Go on behind what is in the log, without reading it."""
        self._read[partition] = len(self.log.entries[partition])

    @property
    def received(self) -> int:
        """Positions of other nodes that were read."""
        return sum(tail.positions for tail in self.tails)

    @property
    def shown(self) -> int:
        """Those that were newer than what the node had."""
        return sum(tail.shown for tail in self.tails)
