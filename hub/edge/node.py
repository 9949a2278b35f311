"""One running hub process: the hub, the batch not yet logged, the open sockets, and the turns of the loop."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hub.core.batch import Unlogged
from hub.core.hub import Hub
from hub.core.limits import TokenBucket, TokenBuckets
from hub.core.messages import Bye
from hub.core.principal import Principal
from hub.edge.clock import Clock
from hub.edge.figures import LIVE_BOUNDS, Histogram
from hub.edge.identity import Identity
from hub.edge.turns import Turns
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.wire.errors import Close
from hub.wire.frames import text_frame

if TYPE_CHECKING:
    from hub.edge.appender import Appender
    from hub.edge.socket import Socket

log = get_logger()

SLICES = 20
"""Each socket is looked after once a second, a slice of them at a time, so that no turn gets long."""

WRITE_COST = 6e-6
"""Seconds that a write to a socket takes, most of it in the kernel (measured; any machine of these years is close)."""

REST = 2
"""After a flush, small batches rest this many times as long as it took: writes take a third of a core at most, while
one position in a quiet fleet does not wait at all."""

LONGEST_REST = 0.004
LARGE_BATCH = 8
"""Positions from which on a write is worth its cost at once; under load a turn brings them by itself."""

REVOKE_CHUNK = 500
"""Sockets whose right to be here is looked at in one turn: 0.2 ms."""

PRESENCE_INTERVAL = 1.0
PACE_INTERVAL = 0.02
"""How exactly ``maxHz`` is kept: its least period is 50 ms."""


class Node:
    """Shared state of the edge. Everything runs on one loop; only ``appender`` and ``upkeep`` are tasks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock()
        self.hub = Hub(
            secrets.token_urlsafe(9), text_frame, max_future=settings.max_future, max_drivers=settings.max_drivers
        )
        self.identity = Identity(settings)
        self.answer_turns = Turns()
        # A message is taken whole, whatever the rate.
        burst = max(settings.max_driver_rate, settings.max_batch)
        self.driver_fixes = TokenBuckets(settings.max_driver_rate, burst, settings.max_drivers)
        self.unlogged = Unlogged(settings.max_unlogged, settings.max_entry_positions)
        self.appender: Appender | None = None
        self.sockets: list[dict[int, Socket]] = [{} for _ in range(SLICES)]
        self.connections = 0
        self.draining = False
        self.closed: dict[str, int] = {}
        self.renewals: set[asyncio.Task[None]] = set()
        # Turns of the loop in which something was published, and for each flush the time since the first of its turns.
        self.turns = 0
        self.latency = Histogram(LIVE_BOUNDS)
        self._waits_since: float | None = None
        self._turn = False
        self._resting = False
        self._rests_until = 0.0
        self._loop = asyncio.get_running_loop()
        self._stale_after = timedelta(seconds=settings.stale_after)
        self._offline_after = timedelta(seconds=settings.offline_after)

    def fixes_of(self, principal: Principal, now: float) -> TokenBucket:
        """The fixes that a connection may bring: those of its driver, or where no driver is named its own."""
        if principal.driver is not None:
            return self.driver_fixes.of((principal.fleet, principal.driver), now)
        return TokenBucket(self.settings.max_fix_rate, self.settings.max_fix_rate, now)

    # Turns -----------------------------------------------------------------------------------------------------

    def turn(self) -> None:
        """Something was published: flush at the end of this turn of the loop."""
        if not self._turn:
            self._turn = True
            if self._waits_since is None:
                self._waits_since = time.monotonic()  # the loop's own clock stands still during a turn
            self._loop.call_soon(self._end_turn)

    def _end_turn(self) -> None:
        self._turn = False
        self.turns += 1
        now = self._loop.time()
        if now >= self._rests_until or self.hub.broadcaster.waiting >= LARGE_BATCH:
            self._flush()
        elif not self._resting:
            self._resting = True
            self._loop.call_at(self._rests_until, self._end_rest)
        if self.unlogged.waiting and self.appender is not None:
            self.appender.wake()

    def _flush(self) -> None:
        broadcaster = self.hub.broadcaster
        before = broadcaster.writes
        broadcaster.flush()
        cost = (broadcaster.writes - before) * WRITE_COST
        self._rests_until = self._loop.time() + min(LONGEST_REST, cost * REST)
        if self._waits_since is not None:
            self.latency.observe(time.monotonic() - self._waits_since)
            self._waits_since = None

    def _end_rest(self) -> None:
        self._resting = False
        self._flush()

    # Sockets ---------------------------------------------------------------------------------------------------

    def add(self, socket: Socket) -> None:
        self.sockets[socket.client.id % SLICES][socket.client.id] = socket
        self.connections += 1

    def remove(self, socket: Socket, reason: str) -> None:
        """A socket is gone for the reason it was closed, a word of the table of close codes."""
        if self.sockets[socket.client.id % SLICES].pop(socket.client.id, None) is not None:
            self.connections -= 1
            self.closed[reason] = self.closed.get(reason, 0) + 1

    def upkeep(self) -> list[Coroutine[Any, Any, None]]:
        """What has to run for as long as the node does; none of it ends by itself."""
        return [self.sweep(), self.revoke(), *self.identity.upkeep()]

    async def sweep(self) -> None:
        """Look after sockets, presence and paced subscriptions until cancelled."""
        loop, hub = self._loop, self.hub
        slice_, presence = 0, loop.time()
        step, swept = 1 / SLICES, loop.time()
        while True:
            await asyncio.sleep(PACE_INTERVAL if hub.broadcaster.pacing else step)
            try:
                now = loop.time()
                if hub.broadcaster.pacing:
                    hub.tick(now)
                if now - swept >= step:
                    swept = now
                    slice_ = (slice_ + 1) % SLICES
                    for socket in list(self.sockets[slice_].values()):
                        self._look_after(socket, now)
                if now - presence >= PRESENCE_INTERVAL:
                    presence = now
                    hub.sweep_presence(self.clock.now(), self._stale_after, self._offline_after)
            except Exception:
                log.exception(Action.INTERNAL_ERROR, where="sweep")

    def _look_after(self, socket: Socket, now: float) -> None:
        try:
            socket.look_after(now)
        except Exception:
            # Cut, or it would keep those behind it in the slice from being looked after, every second.
            log.exception(Action.INTERNAL_ERROR, where="look_after")
            socket.abort(Close.INTERNAL)

    async def revoke(self) -> None:
        """Close the sockets of those who may not be here any more, each time the directory has changed."""
        directory = self.identity.directory
        while True:
            await directory.changed.wait()
            directory.changed.clear()
            for sockets in self.sockets:
                for count, socket in enumerate(list(sockets.values())):
                    if directory.refusal(socket.client.principal) is not None:
                        self._close_revoked(socket)
                        await asyncio.sleep(0)
                    elif count % REVOKE_CHUNK == 0:
                        await asyncio.sleep(0)

    def _close_revoked(self, socket: Socket) -> None:
        try:
            socket.close(Close.REVOKED)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="revoke")
            socket.abort(Close.REVOKED)

    def _dismiss(self, socket: Socket) -> None:
        try:
            if not socket.client.plain and not socket.closing:  # who is plain would take it for a location
                socket.client.send(self.hub.message(Bye(int(random.uniform(500, 5000)))))
            socket.close(Close.RESTART)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="drain")

    async def drain(self) -> None:
        """Say goodbye to every client, a few at a time, and wait for the log (P8)."""
        self.draining = True
        deadline = self._loop.time() + self.settings.drain_timeout
        spread = min(2.0, self.settings.drain_timeout / 4)
        log.info(Action.SERVE_DRAINING, connections=self.connections, unlogged=self.unlogged.size)
        # First the log, so that what has arrived is acked before its socket closes.
        if self.appender is not None:
            await self.appender.drained(spread)
        for sockets in self.sockets:
            for socket in list(sockets.values()):
                self._dismiss(socket)
            if self.connections > 100:
                await asyncio.sleep(spread / SLICES)
        while self.connections and self._loop.time() < deadline - spread:  # noqa: ASYNC110 - asked once, at the end
            await asyncio.sleep(0.02)
        for sockets in self.sockets:
            for socket in list(sockets.values()):
                socket.abort(Close.RESTART)
        if self.appender is not None:
            await self.appender.drained(max(0.1, deadline - self._loop.time()))
