"""Requests that wait for the log, each up to the same time, with one timer for all."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from hub.edge.http.problems import Problem, unavailable


class Wait:
    """A request that waits: ``then`` is called once, with None when the log has confirmed, or with the ``Problem`` of a
    log that does not confirm in time."""

    __slots__ = ("due", "then")

    def __init__(self, due: float, then: Callable[[Problem | None], object]) -> None:
        self.due = due
        self.then: Callable[[Problem | None], object] | None = then

    def end(self, problem: Problem | None = None) -> None:
        """End the wait; nothing happens if it has ended."""
        then, self.then = self.then, None
        if then is not None:
            then(problem)


class Waits:
    """Waits that end ``timeout`` seconds after they began, unless they have ended by then. A timer for each would cost
    a durable fix a microsecond."""

    def __init__(self, timeout: float, retry_after: float) -> None:
        """In seconds; ``retry_after`` is that of the ``Problem``."""
        self._timeout, self._retry_after = timeout, retry_after
        self._loop = asyncio.get_running_loop()
        # In the order of their ends.
        self._waiting: deque[Wait] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, then: Callable[[Problem | None], object]) -> Wait:
        """A new wait. ``then`` must not raise."""
        loop, waiting = self._loop, self._waiting
        while waiting and waiting[0].then is None:
            waiting.popleft()
        wait = Wait(loop.time() + self._timeout, then)
        waiting.append(wait)
        if self._timer is None:
            self._timer = loop.call_at(wait.due, self._ring)
        return wait

    def _ring(self) -> None:
        loop, waiting = self._loop, self._waiting
        now = loop.time()
        while waiting and (waiting[0].due <= now or waiting[0].then is None):
            waiting.popleft().end(unavailable("the log does not answer", self._retry_after))
        self._timer = loop.call_at(waiting[0].due, self._ring) if waiting else None
