"""Removes drivers from the live fleet of this node: on request, after an erasure, and when they are silent for long."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta

import msgspec

from hub.core.live.facts.removal import forget_up_to, note_removed, unheard
from hub.core.live.fleet import Fleet
from hub.core.live.hub import Hub
from hub.core.live.partitioned import Partitioned
from hub.core.live.unlogged import Unlogged
from hub.edge.clock import Clock
from hub.edge.log.appender import Appender
from hub.edge.log.appenders import Appenders
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.history.erasures import removals
from hub.stores.postgres.pool import DatabaseAway, NoTables, Pool
from hub.wire.events import Removal
from hub.wire.frames import text_of
from hub.wire.stored import StoredPosition

log = get_logger()

INTERVAL = 60.0
"""Seconds between two looks for drivers that are silent for long."""

RETRY = 5.0
"""Seconds between two tries to read past removals while PostgreSQL is away."""

RECENT = timedelta(hours=1)
"""Age of past removals of which clients that resume are told. Tokens are valid for a minute while positions come, and
longer without any."""

FIRST_TRY = 1.0
"""Seconds that a start waits for past removals, so that screens that changed hubs need no snapshot. It goes on without
PostgreSQL."""

AT_ONCE = 200
"""Offline drivers of a fleet that are looked at, and perhaps removed, in one turn: some milliseconds, and as many
messages to each screen."""

_received_at = msgspec.json.Decoder(StoredPosition).decode


class Removals:
    """Removals at one node. The latest positions in Redis are deleted by the appender, their only writer."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        hub: Hub,
        unlogged: Unlogged | Partitioned,
        appender: Appender | Appenders,
    ) -> None:
        self.clock, self.hub, self.unlogged, self.appender = clock, hub, unlogged, appender
        self._limit = timedelta(days=settings.live_days)
        # Until they are loaded, a client that comes from another node gets a snapshot.
        hub.knows_past = False
        self._loaded = False
        self._tried, self._awake = asyncio.Event(), asyncio.Event()

    def remove(self, fleet_id: str, driver_id: str, until: datetime) -> bool:
        """Remove a driver whose latest position was received up to ``until``; whether it was in the live fleet.
        Redis follows with the next transaction of the log."""
        fleet = self.hub.fleet(fleet_id)
        forget_up_to(fleet, driver_id, until)
        update = fleet.latest.get(driver_id)
        found = update is not None and _received_at(text_of(update.frame)).received_at <= until
        if found:
            self.hub.remove(fleet, driver_id)
        elif not fleet.log_place.loaded:
            self._note(fleet, driver_id)
        if found or update is None:
            self.unlogged.remove(fleet_id, driver_id, until)
            self.appender.wake()
        return found

    def apply(self, fleet_id: str, driver_id: str, until: datetime, history: datetime | None) -> None:
        """Apply a removal of another process. ``history``: up to when the driver's history is erased."""
        if history is not None:
            erased = self.hub.fleet(fleet_id).erased
            erased[driver_id] = max(history, erased.get(driver_id, history))
        self.remove(fleet_id, driver_id, until)

    def receive(self, fleet_id: str, payload: bytes) -> None:
        """Apply an event of the recorder. Raises ``msgspec.DecodeError``."""
        told = msgspec.json.decode(payload, type=Removal)
        self.apply(fleet_id, told.driver_id, told.until, told.until if told.history else None)
        if told.history:
            # The entry that the recorder has read last stays in the log: this one takes its place.
            self.appender.mark()

    def again(self) -> None:
        """Read past removals again: Redis may have lost their events."""
        self._loaded = False
        self._awake.set()

    async def run(self, pool: Pool) -> None:
        """Apply removals from before the start, as soon as PostgreSQL answers, then remove silent drivers, until
        cancelled."""
        while True:
            self._awake.clear()
            try:
                if not self._loaded:
                    self._loaded = True
                    await self._load(pool)
            except DatabaseAway as away:
                self._loaded = False
                # A new database has no past removals.
                self.hub.knows_past = self.hub.knows_past or isinstance(away, NoTables)
            except Exception:  # it would fail again
                log.exception(Action.INTERNAL_ERROR, where="removals")
            self._tried.set()
            try:
                await self.expire()
            except Exception:
                log.exception(Action.INTERNAL_ERROR, where="removals")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL if self._loaded else RETRY):
                    await self._awake.wait()

    async def begun(self) -> None:
        """Wait for the first try to read past removals, at most ``FIRST_TRY`` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_TRY):
                await self._tried.wait()

    async def _load(self, pool: Pool) -> None:
        # PostgreSQL may start, and its tables be created, at the same time.
        async with pool.connection(quiet=True) as connection:
            past = await removals(connection)
        for fleet_id, driver_id, until, history in past:
            fleet = self.hub.fleets.get(fleet_id)
            if history is not None or (fleet is not None and driver_id in fleet.latest):
                self.apply(fleet_id, driver_id, until, history)
            if self.clock.now() - until < RECENT:
                self._note(self.hub.fleet(fleet_id), driver_id)
            await asyncio.sleep(0)
        self.hub.knows_past = True

    def _note(self, fleet: Fleet, driver_id: str) -> None:
        """Note a past removal: clients that come from another node may still show the driver."""
        if driver_id not in fleet.latest:
            self.hub.seq += 1
            note_removed(fleet, driver_id, self.hub.seq)

    async def expire(self) -> None:
        """Remove the drivers that were not heard for ``live_days``."""
        if not self._limit:
            return
        for fleet in list(self.hub.fleets.values()):
            count = 0
            # All of them: drivers with thresholds of their own go offline in another order than they were last heard.
            lost = list(fleet.lost)
            for start in range(0, len(lost), AT_ONCE):
                drivers = lost[start : start + AT_ONCE]
                silent = unheard(fleet, drivers, self.clock.now(), self._limit)
                for driver_id, heard in silent:
                    self.hub.remove(fleet, driver_id)
                    self.unlogged.remove(fleet.id, driver_id, heard)
                if silent:
                    self.appender.wake()
                count += len(silent)
                await asyncio.sleep(0)
            if count:
                log.info(Action.DRIVERS_EXPIRED, fleet=fleet.id, count=count)
