"""Fixes in flight over a connection, and the effect of the hub's answers on them. No I/O."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from clients.outbox import Outbox, Waiting


class Window:
    """Go-back-N over the fixes of an outbox, without a socket.

    At most ``max_in_flight`` fixes are unacknowledged: few enough that a lost connection resends little, and enough to
    send the next message while the hub stores the last one. A message has at most ``max_batch`` fixes and ``max_bytes``
    bytes, the hub's limits.
    """

    def __init__(
        self, outbox: Outbox, max_batch: int = 500, max_bytes: int = 60_000, max_in_flight: int = 2_000
    ) -> None:
        self.outbox = outbox
        self._max_batch, self._max_bytes, self._max_in_flight = max_batch, max_bytes, max_in_flight
        self._sent: list[int] = []
        self._cursor = 0

    @property
    def in_flight(self) -> int:
        """Fixes sent over this connection and not acknowledged."""
        return len(self._sent)

    def restart(self) -> None:
        """A new connection: no fix has been sent over it."""
        self._sent.clear()
        self._cursor = 0

    def next_message(self) -> bytes | None:
        """The next message to send: one fix or an array; None when all fixes are sent or enough are in flight."""
        # Room for a whole batch is required: otherwise messages would become small under load.
        if len(self._sent) > self._max_in_flight - self._max_batch:
            return None
        fixes = list(self._fitting(self.outbox.after(self._cursor, self._max_batch)))
        if not fixes:
            return None
        return fixes[0] if len(fixes) == 1 else b"[" + b",".join(fixes) + b"]"

    def _fitting(self, waiting: list[Waiting]) -> Iterator[bytes]:
        size = 0
        for number, fix in waiting:
            numbered = b'{"msgNo":%d,%b' % (number, fix[1:])
            size += len(numbered) + 1
            if size > self._max_bytes and size > len(numbered) + 1:
                return
            self._sent.append(number)
            self._cursor = number
            yield numbered

    def acked(self, msg_no: int) -> int:
        """The hub has stored everything up to ``msg_no``; returns the number of fixes removed."""
        through = min(msg_no, self._cursor)
        del self._sent[: bisect_right(self._sent, through)]
        return self.outbox.remove_through(through)

    def nacked(self, msg_no: int) -> None:
        """The hub has not stored ``msg_no`` and later fixes: send them again."""
        del self._sent[bisect_left(self._sent, msg_no) :]
        self._cursor = min(self._cursor, msg_no - 1)

    def rejected(self, msg_no: int) -> bytes | None:
        """The hub refuses this fix for good. Returns it; None if it is not in the outbox (a second refusal)."""
        if msg_no in self._sent:
            self._sent.remove(msg_no)
        return self.outbox.remove(msg_no)
