"""Requests that wait for the log, each up to the same time, with one timer for all."""

from __future__ import annotations

import asyncio
from collections import deque


class Waits:
    """Futures that get False ``timeout`` seconds after they were made, unless they have a result by then. A timer for
    each would cost a durable fix a microsecond."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        # (when it ends, future), in this order.
        self._waiting: deque[tuple[float, asyncio.Future[bool]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> asyncio.Future[bool]:
        """A new future; ``resolve`` it."""
        loop, waiting = asyncio.get_running_loop(), self._waiting
        while waiting and waiting[0][1].done():
            waiting.popleft()
        future: asyncio.Future[bool] = loop.create_future()
        due = loop.time() + self._timeout
        waiting.append((due, future))
        if self._timer is None:
            self._timer = loop.call_at(due, self._ring)
        return future

    def _ring(self) -> None:
        loop, waiting = asyncio.get_running_loop(), self._waiting
        now = loop.time()
        while waiting and (waiting[0][0] <= now or waiting[0][1].done()):
            resolve(waiting.popleft()[1], False)
        self._timer = loop.call_at(waiting[0][0], self._ring) if waiting else None


def resolve(future: asyncio.Future[bool], outcome: bool) -> None:
    """Set the result of a future that may be done: its request may have ended, at its deadline or by a cancellation."""
    if not future.done():
        future.set_result(outcome)
