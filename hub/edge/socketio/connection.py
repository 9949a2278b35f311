"""A client of Socket.IO as a client of the hub: its events out, its limits, and its end.

Engine.IO's queue has no bound. Only a bounded part of the output is put into it; the rest stays in the client's
outbox, where positions replace older ones, as behind a slow socket of ``/ws``.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from engineio import packet
from msgspec import Struct

from hub.core.limits import TokenBucket
from hub.core.principal import Principal
from hub.edge.ws.socket import CLOSE_TIMEOUT, ERROR_WINDOW
from hub.edge.ws.sockets import Sockets
from hub.logs import Action, get_logger
from hub.wire.errors import Close
from hub.wire.frames import text_frame, texts_of

log = get_logger()

PING_INTERVAL, PING_TIMEOUT = 25, 30
"""Seconds, told to clients in the handshake: those that apps of the protocol are used to."""

MOST_PACKETS = 8
"""Packets in Engine.IO's queue from which on frames wait. Clients in Python refuse a polling answer of more than 16;
the other half is for acknowledgements and pings."""


class _Kind(Struct):
    type: str


_kind = msgspec.json.Decoder(_Kind)


def event(payload: bytes) -> str:
    """The Socket.IO packet of a message: an event with the name of its ``type``."""
    return f'2["{_kind.decode(payload).type}",{payload.decode()}]'


class Connection:
    """One connected client. ``queue`` is Engine.IO's; ``end`` closes the session, at once if its argument is True."""

    def __init__(
        self, sockets: Sockets, principal: Principal, queue: asyncio.Queue[Any], end: Callable[[bool], None]
    ) -> None:
        settings = sockets.settings
        self.sockets, self.queue, self.end = sockets, queue, end
        self.loop = asyncio.get_running_loop()
        now = self.loop.time()
        self.heard = self.beat = self.progressed = now
        self.closing = 0.0
        self.reason = Close.NORMAL.reason
        self.errors = TokenBucket(settings.max_errors / ERROR_WINDOW, settings.max_errors, now)
        self.fixes = TokenBucket(settings.max_fix_rate, settings.max_fix_rate, now)
        # Packets of a write for which the queue had no room, at most those of one chunk of the outbox.
        self.rest: deque[str] = deque()
        self.queued = 0
        self.passing: asyncio.Task[None] | None = None
        self.client = sockets.hub.connect(principal, self._write, lane_limit=settings.max_lane_bytes)
        sockets.add(self)

    # Writing ---------------------------------------------------------------------------------------------------

    def _write(self, frames: bytes) -> None:
        self.rest.extend(_events(frames))
        if not self._pass_on() and self.passing is None:
            self.client.block()
            self.progressed = self.loop.time()
            self.passing = self.loop.create_task(self._pass_rest())

    def _pass_on(self) -> bool:
        """Put waiting packets into the queue while it has room. Whether it has room for more."""
        if self.queue.empty():
            self.queued = 0
        most = self.sockets.settings.write_high_water
        while self.queued < most and self.queue.qsize() < MOST_PACKETS:
            if not self.rest:
                return True
            text = self.rest.popleft()
            self.queued += len(text)
            self.queue.put_nowait(packet.Packet(packet.MESSAGE, text))
        return False

    async def _pass_rest(self) -> None:
        """Pass on what waits each time the queue was sent, then what the outbox holds."""
        while True:
            await self.queue.join()
            self.progressed = self.loop.time()
            if self._pass_on():
                break
        self.passing = None
        self.client.drain()

    async def caught_up(self) -> None:
        """Wait until nothing is unsent: a subscription must not be changed before that."""
        while self.passing is not None:
            await asyncio.wait([self.passing])

    # Ending ----------------------------------------------------------------------------------------------------

    def limit(self, errors: int) -> None:
        """Count invalid messages; too many end the connection."""
        if errors and self.errors.spend(errors, self.loop.time()):
            self.close(Close.ABUSE)

    def close(self, code: Close) -> None:
        """Send the event ``close`` and end the session."""
        self._stop(code, at_once=False)

    def abort(self, code: Close) -> None:
        """Cut the connection without waiting for anything."""
        self._stop(code, at_once=True)

    def _stop(self, code: Close, *, at_once: bool) -> None:
        if not self.closing:
            self.reason, self.closing = code.reason, self.loop.time()
            log.info(Action.CLIENT_CLOSED, reason=code.reason, code=int(code), role=self.client.principal.role)
            blocked = self.client.blocked
            if not blocked and not at_once:
                told = {"type": "close", "code": int(code), "reason": code.reason, "reconnect": code.reconnect}
                self._write(text_frame(msgspec.json.encode(told)))
            self._forget()
            at_once = at_once or blocked
        self.end(at_once)

    def _forget(self) -> None:
        if self.passing is not None:
            self.passing.cancel()
            self.passing = None
        self.sockets.hub.disconnect(self.client)

    def ended(self) -> None:
        """The session has ended."""
        self.sockets.remove(self, self.reason if self.closing else "lost")
        self._forget()

    # Looking after ---------------------------------------------------------------------------------------------

    def look_after(self, now: float) -> None:
        """Once a second: limits that time decides, heartbeat."""
        client, settings = self.client, self.sockets.settings
        if self.closing:
            if now - self.closing > CLOSE_TIMEOUT:
                self.end(True)
        elif client.overflowed or (client.blocked and now - self.progressed > settings.stall_timeout):
            self.abort(Close.SLOW_CONSUMER)
        elif now - self.heard > PING_INTERVAL + PING_TIMEOUT:
            self.abort(Close.PING_TIMEOUT)
        elif client.principal.expires is not None and client.principal.expires <= datetime.now(UTC).timestamp():
            self.close(Close.TOKEN_EXPIRED)
        elif client.watching and now - self.beat >= settings.heartbeat_interval:
            self.beat = max(self.beat + settings.heartbeat_interval, now - settings.heartbeat_interval / 2)
            self.sockets.hub.heartbeat(client, self.sockets.clock.now())


def _events(frames: bytes) -> Iterator[str]:
    return (event(payload) for payload in texts_of(frames))
