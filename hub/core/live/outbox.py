"""What one client has not been sent yet: two lanes, so that a slow client costs little and delays nobody.

- The **lossless lane** (acks, errors, trip events) is never conflated and bounded in bytes; its overflow closes the
  client as a slow consumer.
- What is **owed** is a dict of key -> finished frame. A driver's position replaces the one before it in place, so the
  dict is bounded by the number of drivers, the oldest debt is paid first, and nobody starves.

While the transport takes data both are empty and a frame costs one ``write``. A snapshot is a debt too: it is owed and
paid in chunks, which bounds the memory of a subscription to a large fleet.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from itertools import islice

DRAIN_CHUNK = 32
"""Frames joined into one write while paying debts: about 8 KiB, half the transport's high-water mark."""

Write = Callable[[bytes], object]


class Outbox:
    """The unsent news of one client. ``write`` hands bytes to the transport and may call ``block`` meanwhile."""

    __slots__ = ("blocked", "conflated", "lane", "lane_bytes", "lane_limit", "overflowed", "owed", "write")

    def __init__(self, write: Write, lane_limit: int = 131_072) -> None:
        self.write = write
        self.lane_limit = lane_limit
        self.blocked = False
        self.overflowed = False
        self.conflated = 0
        self.lane: deque[bytes] | None = None
        self.lane_bytes = 0
        self.owed: dict[Hashable, bytes] | None = None

    def send(self, frame: bytes) -> None:
        """A message of the lossless lane. Sets ``overflowed`` when the lane is full."""
        if not self.blocked:
            self.write(frame)
            return
        if self.lane is None:
            self.lane = deque()
        self.lane.append(frame)
        self.lane_bytes += len(frame)
        if self.lane_bytes > self.lane_limit:
            self.overflowed = True

    def owe(self, key: Hashable, frame: bytes) -> None:
        """Remember ``frame`` as the newest of ``key``; an older one is replaced where it stands."""
        if self.owed is None:
            self.owed = {}
        if key in self.owed:
            self.conflated += 1
        self.owed[key] = frame

    def owe_last(self, key: Hashable, frame: bytes) -> None:
        """Remember ``frame`` behind everything that is owed now."""
        if self.owed is None:
            self.owed = {}
        self.owed.pop(key, None)
        self.owed[key] = frame

    def forget(self, key: Hashable) -> None:
        """Cancel a debt, if there is one."""
        if self.owed is not None:
            self.owed.pop(key, None)

    def close(self) -> None:
        """Drop everything that is unsent."""
        self.owed = self.lane = None

    def block(self) -> None:
        """The transport is above its high-water mark: from now on news is owed."""
        self.blocked = True

    def drain(self) -> None:
        """The transport takes data: pay the lossless lane, then debts oldest first, until it blocks again."""
        self.blocked = False
        while self.lane and not self.blocked:
            frame = self.lane.popleft()
            self.lane_bytes -= len(frame)
            self.write(frame)
        owed = self.owed
        while owed and not self.blocked:
            keys = list(islice(owed, DRAIN_CHUNK))
            self.write(b"".join([owed.pop(key) for key in keys]))
        if not owed:
            self.owed = None
        if not self.lane:
            self.lane = None
