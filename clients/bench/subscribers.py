"""Two kinds of subscribers: one checks every message, the other only counts, because checking is slow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import msgspec
from msgspec import Struct

from clients.bench.websocket import Connection

MARK = b'sent_ns":'
"""Occurs once in every location. A text with a rare last byte is found fast: 0.14 µs per location."""

_KEEP = len(MARK) - 1
_buffer = bytearray(_KEEP + 262_144)
_room = memoryview(_buffer)[_KEEP:]


class Tracking(Struct):
    """``attributes`` of a publisher: its name, the message number from 0, and the planned time of sending."""

    of: str
    seq: int
    sent_ns: int


class Delivered(Struct):
    # Absent in positions of the ingest part, which a snapshot may contain.
    attributes: Tracking | None = None


_delivered = msgspec.json.Decoder(Delivered)


class Checker(Connection):
    """Parses every message, and counts missing, duplicated and reordered ones and latencies per publisher."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.count = 0
        self.duplicates = self.reordered = 0
        self.latencies_ns: list[int] = []
        self.expected: dict[str, int] = {}
        self.absent: set[tuple[str, int]] = set()
        self.reached: Callable[[int, int], None] | None = None

    def reset(self) -> None:
        """Reset the latencies; counts and order continue."""
        self.latencies_ns = []

    def restart(self) -> None:
        """Reset everything received so far, which is a snapshot."""
        self.count = self.duplicates = self.reordered = 0
        self.expected.clear()
        self.absent.clear()
        self.reset()

    def data_received(self, data: bytes) -> None:
        before = self.count
        super().data_received(data)
        if self.reached is not None and self.count != before:
            self.reached(before, self.count)

    def message(self, payload: bytes) -> None:
        now, location = time.monotonic_ns(), self.dialect.location(payload)
        if location is None:
            super().message(payload)
            return
        tracking = _delivered.decode(location).attributes
        if tracking is None:
            return
        self.latencies_ns.append(now - tracking.sent_ns)
        self.count += 1
        of, seq = tracking.of, tracking.seq
        next_seq = self.expected.get(of, 0)
        if seq >= next_seq:
            self.absent.update((of, number) for number in range(next_seq, seq))
            self.expected[of] = seq + 1
        elif (of, seq) in self.absent:
            self.absent.remove((of, seq))
            self.reordered += 1
        else:
            self.duplicates += 1


class Counter(asyncio.BufferedProtocol):
    """Takes over an open connection, and counts the locations in the received bytes.

    All counters read into one buffer, without a copy. A mark may be split between two reads: the last bytes of a read,
    too few for a mark, are kept before the next one.
    """

    def __init__(self, connection: Connection) -> None:
        self.count = 0
        self.reached: Callable[[int, int], None] | None = None
        self._tail = bytes(_KEEP)
        self.transport = connection.transport
        self.transport.set_protocol(self)

    def restart(self) -> None:
        self.count = 0

    def reset(self) -> None:
        pass

    def get_buffer(self, sizehint: int) -> memoryview:
        return _room

    def buffer_updated(self, nbytes: int) -> None:
        _buffer[:_KEEP] = self._tail
        found = _buffer.count(MARK, 0, nbytes + _KEEP)
        self._tail = bytes(_buffer[nbytes : nbytes + _KEEP])
        if found:
            before = self.count
            self.count = before + found
            if self.reached is not None:
                self.reached(before, before + found)


Subscriber = Checker | Counter
