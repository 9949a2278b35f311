"""The layout of the log: its partitions, the names of their keys in Redis, and the partition of each driver.

A log with one partition has the keys ``hub:log``, ``hub:events``, ``hub:latest:<fleet>`` and so on, as it always had.
With more, each partition has a tag in braces, ``hub:{3of16c}:log``: a Redis Cluster keeps all keys with the same tag at
the same primary, so one transaction may change all of them. The tags are chosen so that the partitions lie evenly in
the 16,384 slots of a cluster, whose primaries have a range of slots each.
"""

from __future__ import annotations

import binascii
import itertools
import string
import zlib
from typing import NamedTuple

import msgspec
from msgspec import Struct

from hub.wire.events import EVENTS_KEY
from hub.wire.log import FLEETS_KEY, LOG_KEY, RECORDER_KEY

LAYOUT_KEY = "hub:layout"
"""``Stored`` as JSON, written by the first start."""

SLOTS = 16_384
"""Slots of a Redis Cluster."""

MOST = 256
"""Partitions of a log at most: a hub has a connection to each."""


class Stored(Struct, frozen=True):
    """What Redis keeps of a layout. ``id`` differs for each log that is made."""

    id: str
    partitions: int


_stored = msgspec.json.Decoder(Stored)


class Partition(NamedTuple):
    """One partition: its number from 0, and its keys."""

    number: int
    prefix: str
    log: str
    """The Redis Stream of positions (``hub/wire/log.py``), also the name of the log in PostgreSQL."""
    events: str
    """The Redis Stream of events (``hub/wire/events.py``). It keeps those that a hub misses while it reconnects."""
    recorder: str
    """Hash with the recorder's state (``hub/recorder/report.py`` lists the fields); it expires when no recorder
    runs."""
    fleets: str
    """Set of the fleet ids that have a hash of latest positions."""

    def latest(self, fleet: str) -> str:
        """Hash driver id -> ``location`` JSON of the driver's latest position."""
        return f"{self.prefix}latest:{fleet}"


ONLY = Partition(0, "hub:", LOG_KEY, EVENTS_KEY, RECORDER_KEY, FLEETS_KEY)
"""The partition of a log that has one."""


class Layout:
    """The partitions of a log. ``spread``: over how many of them the drivers of a fleet are distributed."""

    def __init__(self, id: str, partitions: int, spread: int = 1) -> None:
        self.id, self.spread = id, min(spread, partitions)
        self.partitions = [_partition(number, partitions) for number in range(partitions)]
        # Of a fleet; with ``spread`` that of its first drivers.
        self._first: dict[str, int] = {}

    def of(self, fleet: str, driver_id: str) -> Partition:
        """The partition of a driver. It never changes, so the positions of a driver are in one order."""
        first = self._first.get(fleet)
        if first is None:
            first = self._first[fleet] = _hash(fleet) % len(self.partitions)
        if self.spread == 1:
            return self.partitions[first]
        return self.partitions[(first + _hash(driver_id) % self.spread) % len(self.partitions)]

    def holding(self, fleet: str) -> list[Partition]:
        """The partitions that may have drivers of a fleet."""
        first = _hash(fleet) % len(self.partitions)
        return [self.partitions[(first + number) % len(self.partitions)] for number in range(self.spread)]

    def dump(self) -> bytes:
        """As Redis keeps it."""
        return msgspec.json.encode(Stored(self.id, len(self.partitions)))


def load(text: bytes) -> Layout:
    """The layout of ``Layout.dump``. Raises ``ValueError``."""
    stored = _stored.decode(text)
    if not 1 <= stored.partitions <= MOST:
        raise ValueError(f"{LAYOUT_KEY} has {stored.partitions} partitions: from 1 to {MOST} are allowed")
    return Layout(stored.id, stored.partitions)


def slot(key: str) -> int:
    """The slot of a key in a Redis Cluster: CRC-16 (XMODEM) of what is in its first braces, or of all of it."""
    tag, end, _ = key.partition("{")[2].partition("}")
    return binascii.crc_hqx((tag if end and tag else key).encode(), 0) % SLOTS


def _partition(number: int, count: int) -> Partition:
    if count == 1:
        return ONLY
    prefix = f"hub:{{{_tag(number, count)}}}:"
    return Partition(number, prefix, f"{prefix}log", f"{prefix}events", f"{prefix}recorder", f"{prefix}fleets")


def _tag(number: int, count: int) -> str:
    """The shortest tag that lies in the middle half of the partition's share of the slots. The middle, so that ranges
    that end elsewhere still have whole partitions."""
    share, stem = SLOTS / count, f"{number}of{count}".encode()
    # The checksum of the stem goes on with each ending.
    begun = binascii.crc_hqx(stem, 0)
    for length in itertools.count():
        for letters in itertools.product(string.ascii_lowercase.encode(), repeat=length):
            ending = bytes(letters)
            if 0.25 <= binascii.crc_hqx(ending, begun) % SLOTS / share - number < 0.75:
                return (stem + ending).decode()
    raise AssertionError


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())


ONE = Layout("", 1)
"""The layout of a log with one partition, where its id does not matter."""
