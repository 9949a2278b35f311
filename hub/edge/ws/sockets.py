"""The open sockets of a node: shared parts, checks every second, and closing."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Protocol

from hub.core.live.client import Client
from hub.core.live.hub import Hub
from hub.core.messages import Bye
from hub.edge.clock import Clock
from hub.edge.turns import Turns
from hub.edge.ws.ingest import Ingest
from hub.identity.directory import Directory
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.wire.errors import Close

log = get_logger()

SLICES = 20
"""Slices of the sockets: each socket is checked once a second, a slice at a time, so that no turn gets long."""

REVOKE_CHUNK = 500
"""Sockets whose access is checked in one turn: 0.2 ms."""

LOOK_AHEAD = 1.5
"""Seconds before ``idle_timeout`` at which silence ends a socket. Sockets are checked once a second, later under load,
and are closed when ``idle_timeout`` is over."""

HEARD = 2.0
"""Seconds: a driver's socket that was heard since its last check is a sign of life of the driver. Sockets are checked
once a second, later under load."""

PRESENCE_INTERVAL = 1.0
"""Seconds."""

PACE_INTERVAL = 0.02
"""Seconds: the precision of ``maxHz``, whose least period is 50 ms."""


class Open(Protocol):
    """The part of a socket that ``Sockets`` uses."""

    client: Client
    closing: float
    heard: float

    def look_after(self, now: float) -> None: ...
    def close(self, code: Close) -> None: ...
    def abort(self, code: Close) -> None: ...


class Sockets:
    """Open sockets by client id, in slices."""

    def __init__(self, settings: Settings, clock: Clock, hub: Hub, turns: Turns, ingest: Ingest) -> None:
        self.settings, self.clock, self.hub, self.turns, self.ingest = settings, clock, hub, turns, ingest
        self.slices: list[dict[int, Open]] = [{} for _ in range(SLICES)]
        self.count = 0
        self.closed: dict[str, int] = {}
        """Closed sockets by reason, a word of the table of close codes."""
        # If the time between ping and end is short, the peer gets most of it.
        answer_time = settings.idle_timeout - settings.ping_interval
        self.longest_silence = settings.idle_timeout - min(LOOK_AHEAD, answer_time / 4)
        self._stale_after = timedelta(seconds=settings.stale_after)
        self._offline_after = timedelta(seconds=settings.offline_after)

    def add(self, socket: Open) -> None:
        self.slices[socket.client.id % SLICES][socket.client.id] = socket
        self.count += 1

    def remove(self, socket: Open, reason: str) -> None:
        """Forget a socket that was closed for ``reason``."""
        if self.slices[socket.client.id % SLICES].pop(socket.client.id, None) is not None:
            self.count -= 1
            self.closed[reason] = self.closed.get(reason, 0) + 1

    async def sweep(self) -> None:
        """Check sockets, presence and paced subscriptions until cancelled."""
        loop, hub = asyncio.get_running_loop(), self.hub
        slice_, presence = 0, loop.time()
        step, swept = 1 / SLICES, loop.time()
        while True:
            rest = max(0.0, swept + step - loop.time())
            await asyncio.sleep(min(rest, PACE_INTERVAL) if hub.broadcaster.pacing else rest)
            try:
                now = loop.time()
                if hub.broadcaster.pacing:
                    hub.tick(now)
                if now - swept >= step:
                    swept = max(swept + step, now - step)  # on time, so that a second stays one; late under load
                    slice_ = (slice_ + 1) % SLICES
                    for socket in list(self.slices[slice_].values()):
                        self._look_after(socket, now)
                if now - presence >= PRESENCE_INTERVAL:
                    presence = now
                    hub.sweep_presence(self.clock.now(), self._stale_after, self._offline_after)
            except Exception:
                log.exception(Action.INTERNAL_ERROR, where="sweep")

    def _look_after(self, socket: Open, now: float) -> None:
        try:
            socket.look_after(now)
            driver_id = socket.client.driver
            if driver_id is not None and now - socket.heard < HEARD and not socket.closing:
                self.hub.hear(self.hub.fleet(socket.client.principal.fleet), driver_id, self.clock.now())
        except Exception:
            # Cut, or it would keep the rest of the slice from being checked, every second.
            log.exception(Action.INTERNAL_ERROR, where="look_after")
            socket.abort(Close.INTERNAL)

    async def revoke(self, directory: Directory) -> None:
        """Close the sockets whose access the directory has withdrawn, each time it has changed, until cancelled."""
        while True:
            await directory.changed.wait()
            directory.changed.clear()
            for sockets in self.slices:
                for count, socket in enumerate(list(sockets.values())):
                    if directory.refusal(socket.client.principal) is not None:
                        self._close_revoked(socket)
                        await asyncio.sleep(0)
                    elif count % REVOKE_CHUNK == 0:
                        await asyncio.sleep(0)

    def _close_revoked(self, socket: Open) -> None:
        try:
            socket.close(Close.REVOKED)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="revoke")
            socket.abort(Close.REVOKED)

    async def dismiss(self, spread: float, deadline: float) -> None:
        """Send ``bye`` and close every socket, over ``spread`` seconds; cut the rest at ``deadline`` (loop time)."""
        for sockets in self.slices:
            for socket in list(sockets.values()):
                self._dismiss(socket)
            if self.count > 100:
                await asyncio.sleep(spread / SLICES)
        while self.count and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 - asked once, at the end
            await asyncio.sleep(0.02)
        for sockets in self.slices:
            for socket in list(sockets.values()):
                socket.abort(Close.RESTART)

    def _dismiss(self, socket: Open) -> None:
        try:
            if not socket.client.plain and not socket.closing:  # a plain client would take it for a location
                socket.client.send(self.hub.message(Bye(int(random.uniform(500, 5000)))))
            socket.close(Close.RESTART)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="drain")
