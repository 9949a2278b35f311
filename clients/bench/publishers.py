"""Publishers of tracked locations: in a closed loop (a window of messages in flight) or an open one (a rate)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from clients.bench.servers import Running
from clients.bench.subscribers import Subscriber
from clients.bench.websocket import Connection, connect

STALLED = 2.0
"""Seconds without any received location after which the messages in flight count as missing."""

_LOCATION = (
    b'{"latitude":25.%04d,"longitude":55.%04d,"driverId":"%b","msgNo":%d,'
    b'"attributes":{"of":"%b","seq":%d,"sent_ns":%d}}'
)


class Publishers:
    """Connections that publish in turn, each for one driver; ``total`` messages so far."""

    def __init__(self, running: Running, count: int) -> None:
        self.connections = [Connection(running.dialect, running.port, subscribe=False) for _ in range(count)]
        self.dialect = running.dialect
        self.names = [b"driver-%d" % number for number in range(count)]
        self.total = 0

    async def connect(self) -> None:
        await connect(self.connections)

    def publish(self, sent_ns: int) -> None:
        """Send one message, planned for ``sent_ns`` of the monotonic clock."""
        seq, turn = divmod(self.total, len(self.connections))
        name, place = self.names[turn], self.total * 37 % 9000
        location = _LOCATION % (place, 9000 - place, name, seq, name, seq, sent_ns)
        self.connections[turn].send(self.dialect.publish(location, seq))
        self.total += 1


class Window:
    """Closed loop: a message is in flight until every subscriber has it, and ``size`` of them are.

    Every subscriber gets the same messages, so the one with the lowest count decides. ``given_up`` locations did not
    arrive within ``STALLED``.
    """

    def __init__(self, publishers: Publishers, subscribers: Sequence[Subscriber], size: int) -> None:
        self.publishers, self.subscribers, self.size = publishers, subscribers, size
        self.given_up = 0
        self._level = self._behind = 0
        self._on = True
        for subscriber in subscribers:
            subscriber.reached = self._reached

    async def run(self, seconds: float) -> None:
        """Keep the window full for ``seconds``."""
        self._on = True
        self._fill()
        end = time.monotonic() + seconds
        heard, since = -1, time.monotonic()
        while (now := time.monotonic()) < end:
            await asyncio.sleep(min(0.1, end - now))
            total = self.delivered
            if total != heard:
                heard, since = total, time.monotonic()
            elif time.monotonic() - since > STALLED:
                self._give_up()
        self._on = False

    @property
    def delivered(self) -> int:
        return sum(subscriber.count for subscriber in self.subscribers) - self.given_up

    def _reached(self, before: int, now: int) -> None:
        if before < self._level <= now:
            self._behind -= 1
            if not self._behind and self._on:
                self._fill()

    def _fill(self) -> None:
        counts = [subscriber.count for subscriber in self.subscribers]
        least = min(counts)
        sent_ns = time.monotonic_ns()
        for _ in range(self.size - (self.publishers.total - least)):
            self.publishers.publish(sent_ns)
        self._level = least + 1
        self._behind = counts.count(least)

    def _give_up(self) -> None:
        for subscriber in self.subscribers:
            if subscriber.count < self.publishers.total:
                self.given_up += self.publishers.total - subscriber.count
                subscriber.count = self.publishers.total
        self._fill()


async def at_rate(publishers: Publishers, rate: float, seconds: float) -> None:
    """Open loop: a message every 1/``rate`` seconds, stamped with the time at which it was due."""
    start = time.monotonic_ns()
    interval = 1e9 / rate
    for number in range(int(rate * seconds)):
        due = start + int(number * interval)
        if (wait := due - time.monotonic_ns()) > 0:
            await asyncio.sleep(wait / 1e9)
        publishers.publish(due)


async def drained(publishers: Publishers, subscribers: Sequence[Subscriber]) -> None:
    """Wait until every subscriber has every message, or none arrived for ``STALLED``."""
    counts: list[int] = []
    since = time.monotonic()
    while True:
        now = [subscriber.count for subscriber in subscribers]
        if min(now) >= publishers.total:
            return
        if now != counts:
            counts, since = now, time.monotonic()
        elif time.monotonic() - since > STALLED:
            return
        await asyncio.sleep(0.02)


async def quiet(subscribers: Sequence[Subscriber]) -> None:
    """Wait until a snapshot is complete (0.15 s without a location), and reset the counts."""
    counts: list[int] | None = None
    while (now := [subscriber.count for subscriber in subscribers]) != counts:
        counts = now
        await asyncio.sleep(0.15)
    for subscriber in subscribers:
        subscriber.restart()
