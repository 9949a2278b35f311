"""One channel at work: its lanes side by side, each in order, and what failures mean for the channel."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hub.clock import SystemClock
from hub.core.alerts import backoff
from hub.logs import Action, get_logger
from hub.notifier.ending import ended
from hub.notifier.send.disabling import disable, why
from hub.notifier.send.results import Result
from hub.notifier.send.sender import Sender
from hub.settings import Settings
from hub.stores.postgres.alerts import channels, deliveries
from hub.stores.postgres.alerts.channels import Working
from hub.stores.postgres.alerts.deliveries import Waiting
from hub.stores.postgres.pool import Pool
from hub.stores.seal import Unreadable
from hub.wire.notices.notice import Notice

IN_A_ROW = 3
"""Lanes that fail, without a success between them, until the channel counts as failing."""

READ_AT_ONCE = 32
"""Deliveries of a lane that are read together."""

HEADS_AT_ONCE = 64
"""Lanes that are found together: the search passes every lane in which something waits."""

LONGEST = 10.0
"""Seconds after which no delivery is read any more: the next run reads the channel again, as users may have changed it,
and another process may take it."""

log = get_logger()


class Lanes:
    """Sends what is due of one channel, until nothing is. The caller has the lock of the channel."""

    def __init__(self, settings: Settings, pool: Pool, sender: Sender, clock: SystemClock, id: UUID) -> None:
        self._settings, self._pool, self._sender, self._clock, self._id = settings, pool, sender, clock, id
        self._failed: set[str] = set()
        """Lanes that failed since the last success."""
        self._failures = False
        """Whether the table may count failures of the channel."""
        self._stopped = False
        self._until = clock.monotonic() + LONGEST

    @property
    def _ends(self) -> bool:
        return self._stopped or self._clock.monotonic() > self._until

    async def run(self) -> None:
        """Raises ``DatabaseAway``."""
        channel = await self._load()
        if channel is None:
            return
        self._failures = channel.failures > 0
        if channel.state == "failing":
            await self._probe(channel)
            return
        busy: dict[str, asyncio.Task[None]] = {}
        waiting: list[Waiting] = []
        try:
            while True:
                # A lane that ends reads its next deliveries itself, so only free places ask for others.
                # Failed lanes keep their places until one succeeds: a channel that begins to fail gets no more tries.
                places = max(1, self._settings.hook_inflight - len(self._failed))
                if len(busy) < places and not waiting and not self._ends:
                    waiting = await self._heads(busy, HEADS_AT_ONCE)
                    waiting.reverse()
                while waiting and len(busy) < places and not self._ends:
                    head = waiting.pop()
                    busy[head.lane] = asyncio.create_task(self._lane(channel, head))
                if not busy:
                    return
                done, _ = await asyncio.wait(busy.values(), return_when=asyncio.FIRST_COMPLETED)
                for lane in [lane for lane, task in busy.items() if task in done]:
                    busy.pop(lane).result()
        finally:
            await ended(busy.values())

    async def _load(self) -> Working | None:
        """The channel, if it may send now."""
        async with self._pool.connection() as connection:
            channel = await channels.working(connection, self._id)
            if channel is None or channel.state not in ("active", "failing"):
                return None
            if channel.failing_since is not None:
                before = self._clock.now() - timedelta(seconds=self._settings.hook_retry_for)
                if dead := await deliveries.give_up(connection, self._id, before):
                    self._sender.tally.add("dead", channel.kind, dead)
                    log.warning(Action.DELIVERIES_DEAD, channel=str(self._id), deliveries=dead)
            return channel

    async def _heads(self, busy: dict[str, asyncio.Task[None]], limit: int) -> list[Waiting]:
        async with self._pool.connection() as connection:
            return await deliveries.heads(connection, self._id, self._clock.now(), busy, limit)

    async def _probe(self, channel: Working) -> None:
        """One try, of the delivery that was tried least."""
        for head in await self._heads({}, 1):
            await self._try(channel, head)

    async def _lane(self, channel: Working, head: Waiting) -> None:
        """Send a lane until it fails or is empty."""
        found = [head]
        while found and not self._ends:
            for waiting in found:
                if self._stopped or not await self._try(channel, waiting):
                    return
            async with self._pool.connection() as connection:
                found = await deliveries.following(connection, self._id, head.lane, found[-1].sequence, READ_AT_ONCE)

    async def _try(self, channel: Working, waiting: Waiting) -> bool:
        """Send one delivery and note the result; returns whether its lane may continue."""
        notice = Notice(
            waiting.message_id, waiting.type, channel.fleet, waiting.at, waiting.driver_id,
            msgspec.Raw(waiting.data.encode()), waiting.lane, waiting.sequence, waiting.missed,
        )  # fmt: skip
        began = self._clock.monotonic()
        try:
            result = await self._sender.send(channel, notice)
        except Unreadable as error:
            await self._disable(channel, str(error))
            return False
        milliseconds = round((self._clock.monotonic() - began) * 1000)
        if result.ok:
            await self._succeeded(waiting, result, milliseconds)
            return True
        await self._note(channel, waiting, result, milliseconds)
        return False

    async def _succeeded(self, waiting: Waiting, result: Result, milliseconds: int) -> None:
        async with self._pool.connection() as connection:
            await deliveries.sent(connection, waiting.id, self._clock.now(), result.status, milliseconds)
            if self._failures:
                await channels.succeeded(connection, self._id)
        self._failures = False
        self._failed.clear()

    async def _note(self, channel: Working, waiting: Waiting, result: Result, milliseconds: int) -> None:
        """A failed try: when is the next, and does the whole channel fail?"""
        now = self._clock.now()
        if result.gone and channel.kind == "webpush":
            async with self._pool.connection() as connection:
                await deliveries.stop_lane(connection, self._id, waiting.lane, result.error)
            return
        next_at = self._next(waiting, now, result.asked)
        if result.unmade:
            async with self._pool.connection() as connection:
                await deliveries.failed(connection, waiting.id, result.status, result.error, milliseconds, next_at)
            self._tell(channel, waiting, result, next_at)
            return
        self._failed.add(waiting.lane)
        self._failures = True
        failing = channel.state == "failing" or len(self._failed) >= IN_A_ROW
        async with self._pool.connection() as connection:
            present = await channels.working(connection, self._id)
            if present is None:
                return
            retry_at = None
            if failing:
                self._stopped = True
                failing_for = (now - (present.failing_since or now)).total_seconds()
                pause = backoff.probe_pause(failing_for, result.asked, random.random())
                # Tries that were in flight when the channel began to fail do not prolong its pause.
                retry_at = present.retry_at or now + timedelta(seconds=pause)
                if channel.state == "failing":
                    retry_at = now + timedelta(seconds=pause)
            async with connection.transaction():
                await deliveries.failed(connection, waiting.id, result.status, result.error, milliseconds, next_at)
                await channels.failed(connection, self._id, now, result.error, retry_at)
        self._tell(channel, waiting, result, next_at)
        since = present.failing_since or now
        if reason := why(self._settings, result, since, now, "delivery"):
            await self._disable(channel, reason)

    def _tell(self, channel: Working, waiting: Waiting, result: Result, next_at: datetime | None) -> None:
        if next_at is None:
            self._sender.tally.add("dead", channel.kind)
        what = {"channel": str(self._id), "kind": channel.kind, "status": result.status, "error": result.error}
        log.warning(Action.DELIVERY_FAILED, **what, attempts=waiting.attempts + 1, dead=next_at is None)

    def _next(self, waiting: Waiting, now: datetime, asked: float | None) -> datetime | None:
        pause = backoff.pause(waiting.attempts + 1, asked, random.random())
        if pause is None:
            return None
        next_at = now + timedelta(seconds=pause)
        return next_at if next_at - waiting.created_at <= timedelta(seconds=self._settings.hook_retry_for) else None

    async def _disable(self, channel: Working, reason: str) -> None:
        self._stopped = True
        await disable(self._pool, channel, reason, self._clock.now())
