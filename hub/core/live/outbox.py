"""The unsent frames of one client, in two lanes, so that a slow client costs little and delays no other.

- The **lossless lane** (acks, errors, trip events) is never conflated and bounded in bytes; its overflow closes the
  client as a slow consumer.
- **Owed** frames are a dict of key -> finished frame. A driver's position replaces the one before it in place, so the
  dict is bounded by the number of drivers, the oldest frame is sent first, and no driver starves.

While the transport takes data both are empty and a frame costs one ``write``. A snapshot is owed too, and sent in
chunks, which bounds the memory of a subscription to a large fleet.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from itertools import islice

DRAIN_CHUNK = 32
"""Owed frames joined into one write: about 8 KiB, half the transport's high-water mark."""

Write = Callable[[bytes], object]


class Outbox:
    """The unsent frames of one client. ``write`` passes bytes to the transport and may call ``block`` meanwhile."""

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
        """Remember ``frame`` as the newest of ``key``; it replaces an older one in place."""
        if self.owed is None:
            self.owed = {}
        if key in self.owed:
            self.conflated += 1
        self.owed[key] = frame

    def owe_last(self, key: Hashable, frame: bytes) -> None:
        """Remember ``frame`` after everything that is owed now."""
        if self.owed is None:
            self.owed = {}
        self.owed.pop(key, None)
        self.owed[key] = frame

    def forget(self, key: Hashable) -> None:
        """Drop the owed frame of a key, if there is one."""
        if self.owed is not None:
            self.owed.pop(key, None)

    def close(self) -> None:
        """Drop everything that is unsent."""
        self.owed = self.lane = None

    def block(self) -> None:
        """The transport is above its high-water mark: from now on frames are owed."""
        self.blocked = True

    def drain(self) -> None:
        """The transport takes data: send the lossless lane, then owed frames oldest first, until it blocks again."""
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
