"""Forwards positions: each channel reads on from its cursor, which moves when the receiver has confirmed."""

from __future__ import annotations

import asyncio
import contextlib
import random
from datetime import timedelta
from functools import partial
from uuid import UUID

import msgspec

from hub.clock import SystemClock
from hub.core.alerts import backoff
from hub.logs import Action, get_logger
from hub.notifier.send.disabling import disable, why
from hub.notifier.send.exclusive import Exclusive
from hub.notifier.send.results import Result
from hub.notifier.send.sender import Sender
from hub.settings import Settings
from hub.stores.postgres.alerts import channels, streams
from hub.stores.postgres.alerts.channels import Working
from hub.stores.postgres.alerts.streams import Waiting
from hub.stores.postgres.alerts.waking import POSITIONS, listen
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.pool import Pool
from hub.stores.seal import Unreadable

POLL = 1.0
"""Seconds between two looks for another try that is due; PostgreSQL notifies of new positions."""

REQUEST = 500
"""Positions in one request: about 350 kB."""

AHEAD = 20_000
"""Positions among which the newest of each driver is chosen, where more wait than fit into one request."""

LONGEST = 10.0
"""Seconds after which the channel is read again, as users may have changed it."""

EXPIRE_EVERY = 60.0
"""Seconds between two deletions of what was forwarded; younger rows are kept for channels that begin."""

log = get_logger()


class Forward:
    """The streams of this process. ``connection`` has the locks; nothing else may use it meanwhile."""

    def __init__(
        self, settings: Settings, pool: Pool, sender: Sender, connection: Connection, clock: SystemClock
    ) -> None:
        self._settings, self._pool, self._sender, self._clock = settings, pool, sender, clock
        self._connection = connection
        self._streams = Exclusive(connection, streams.lock, streams.unlock, "forwarding")

    async def run(self) -> None:
        """Forward until cancelled. Raises errors of PostgreSQL; then the locks may be lost."""
        expired = float("-inf")
        added = asyncio.Event()
        await listen(self._connection, POSITIONS, added.set)
        try:
            while True:
                added.clear()
                await self._round()
                if self._clock.monotonic() - expired >= EXPIRE_EVERY:
                    expired, now = self._clock.monotonic(), self._clock.now()
                    oldest = now - timedelta(seconds=self._settings.hook_retry_for)
                    await streams.expire(self._connection, oldest, now - timedelta(seconds=EXPIRE_EVERY))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await added.wait()
        finally:
            await self._streams.end()

    async def _round(self) -> None:
        await self._streams.collect()
        await streams.begin(self._connection)
        for id in await streams.due(self._connection, self._clock.now()):
            await self._streams.start(id, partial(self._stream, id))

    async def _stream(self, id: UUID) -> None:
        """Forward what waits, until nothing does or a request fails. Raises ``DatabaseAway``."""
        until = self._clock.monotonic() + LONGEST
        async with self._pool.connection() as connection:
            channel = await channels.working(connection, id)
        if channel is None:
            return
        lossless = bool(msgspec.json.decode(channel.config).get("lossless"))
        while channel is not None and channel.state in ("active", "failing"):
            async with self._pool.connection() as connection:
                found = await streams.waiting(connection, id, REQUEST if lossless else AHEAD)
            if not found:
                return
            wanted = found if len(found) <= REQUEST else newest(found)
            for start in range(0, len(wanted), REQUEST):
                if not await self._request(channel, wanted[start : start + REQUEST]):
                    return
            async with self._pool.connection() as connection:
                await streams.advance(connection, id, found[-1])
                await channels.succeeded(connection, id)
                channel = None if self._clock.monotonic() > until else await channels.working(connection, id)

    async def _request(self, channel: Working, wanted: list[Waiting]) -> bool:
        """Send one request; returns whether the receiver has confirmed it."""
        async with self._pool.connection() as connection:
            found = await streams.positions(connection, channel.fleet, wanted)
        if not found:  # erased since
            return True
        try:
            result = await self._sender.forward(channel, found)
        except Unreadable as error:
            await disable(self._pool, channel, str(error), self._clock.now())
            return False
        if not result.ok:
            await self._failed(channel, result)
        return result.ok

    async def _failed(self, channel: Working, result: Result) -> None:
        now = self._clock.now()
        async with self._pool.connection() as connection:
            present = await channels.working(connection, channel.id)
            if present is None:
                return
            since = present.failing_since or now
            pause = backoff.probe_pause((now - since).total_seconds(), result.asked, random.random())
            await channels.failed(connection, channel.id, now, result.error, now + timedelta(seconds=pause))
        what = {"channel": str(channel.id), "kind": channel.kind, "status": result.status, "error": result.error}
        log.warning(Action.DELIVERY_FAILED, **what, attempts=present.failures + 1, dead=False)
        if reason := why(self._settings, result, since, now, "request"):
            await disable(self._pool, channel, reason, now)


def newest(found: list[Waiting]) -> list[Waiting]:
    """The newest position of each driver."""
    latest: dict[str, Waiting] = {}
    for one in found:
        before = latest.get(one.driver_id)
        if before is None or one.recorded_at >= before.recorded_at:
            latest[one.driver_id] = one
    return list(latest.values())
