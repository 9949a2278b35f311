"""One running hub process: creates and connects its parts."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis

from hub.clock import SYSTEM, SystemClock
from hub.core.live.facts.inside import Insiders
from hub.core.live.fleet import Fleet
from hub.core.live.hub import Hub
from hub.core.live.partitioned import Partitioned
from hub.core.live.unlogged import Unlogged
from hub.edge import groups
from hub.edge.clock import Clock
from hub.edge.clock_watch import ClockWatch
from hub.edge.driver_report import DriverReport
from hub.edge.files import Files
from hub.edge.geocoding.geocoder import Geocoder
from hub.edge.http.door import Door
from hub.edge.http.limits import Addresses
from hub.edge.http.pieces import Slices
from hub.edge.http.writes import Writes
from hub.edge.log.appender import Appender
from hub.edge.log.appenders import Appenders
from hub.edge.log.needs import Needs
from hub.edge.log.safety import LogSafety
from hub.edge.log.signs import hear_signs, send_signs
from hub.edge.log.tail import Tails
from hub.edge.ops.registration import Present, Registration
from hub.edge.ops.spans import TracedPublisher
from hub.edge.publish import Publisher
from hub.edge.removals import Removals
from hub.edge.roster import states, thresholds, vehicles
from hub.edge.shared.limits import SharedLimits
from hub.edge.turns import Turns
from hub.edge.ws.ingest import Ingest
from hub.edge.ws.renewal import Renewals
from hub.edge.ws.sockets import Sockets
from hub.identity.identity import Identity
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.pool import Pool
from hub.stores.redis.connection import connect
from hub.stores.redis.log.replicas import Copies
from hub.tracing import process as tracing
from hub.wire.frames import text_frame, text_of
from hub.wire.layout import ONE, Layout

log = get_logger()


class Node:
    """The parts of the edge. Everything runs on one loop; only ``upkeep`` are tasks."""

    def __init__(self, settings: Settings, redis: Redis, system: SystemClock = SYSTEM, layout: Layout = ONE) -> None:
        self.settings, self.layout = settings, layout
        self.clock = clock = Clock(system)
        self.clock_watch = ClockWatch(clock, system)
        self.hub = hub = Hub(
            secrets.token_urlsafe(9),
            text_frame,
            text_of,
            max_future=settings.max_future,
            max_drivers=settings.max_drivers,
            partitions=len(layout.partitions),
            partition_of=lambda fleet: layout.holding(fleet)[0].number,
        )
        self.insiders = Insiders(hub)
        self.driver_report = DriverReport(hub, system)
        self.identity = Identity(settings)
        self.addresses = Addresses(settings)
        # Logins by method and outcome.
        self.logins: Counter[tuple[str, str]] = Counter()
        threshold_copy = thresholds.ThresholdCopy(hub)
        self.identity.directory.follow(thresholds.TABLE, threshold_copy)
        self.identity.directory.follow(groups.TABLE, groups.GroupCopy(hub, threshold_copy.regrouped))
        self.sight = groups.Sight(hub)
        self.writes = Writes()
        self.files = Files()
        self.slices = Slices()
        self.unlogged, self.appender = self._log(redis, system)
        self.safety = LogSafety(redis, settings.redis_appendfsync, self.appender.restore, self._stored, system)
        self.removals = Removals(settings, clock, hub, self.unlogged, self.appender)
        self.turns = Turns(hub, self.unlogged, self.appender.wake, system)
        self.tail = Tails(settings, hub, layout, self.unlogged, self.turns, clock, system)
        for tail in self.tail.all:
            tail.reloaded = self.removals.again
        self.needs = Needs(settings, hub, self.tail, self.appender, redis, clock, self._sweep_presence, system)
        self.door = Door(self.identity, self.addresses, self.sight.check, self.writes, self.needs)
        self.vehicle_copy = vehicles.VehicleCopy(clock)
        self.identity.directory.follow(vehicles.TABLE, self.vehicle_copy)
        parts = settings, clock, hub, self.vehicle_copy.vehicles, self.unlogged, self.turns
        self.publisher = TracedPublisher(tracing.current, *parts) if tracing.current else Publisher(*parts)
        self.limits = SharedLimits(redis, secrets.token_urlsafe(9), self.publisher.driver_fixes, self.addresses)
        self.renewals = Renewals(settings, hub, self.identity)
        self.registry_pool = Pool(
            settings.database_url,
            "registry",
            connections=settings.registry_connections,
            patience=settings.history_timeout,
        )
        self.geocoder = Geocoder(settings, self.registry_pool)
        self.identity.directory.follow(states.TABLE, states.StateCopy(hub))
        state_requests = states.StateRequests(settings, hub, self.registry_pool)
        self.ingest = Ingest(settings, hub, self.publisher, self.renewals, state_requests)
        self.sockets = Sockets(settings, clock, hub, self.turns, self.ingest)
        self.registration = Registration(
            settings,
            hub.epoch,
            redis,
            lambda: Present(self.sockets.count, self.draining, self.tail.behind_ms()),
            system,
        )
        self.replaced = False
        """Whether another process has taken the place of this one, which ends while the hub goes on."""

    def _log(self, redis: Redis, system: SystemClock) -> tuple[Unlogged | Partitioned, Appender | Appenders]:
        settings, hub, layout, sample = self.settings, self.hub, self.layout, self.clock_watch.sample
        limits = settings.max_unlogged, settings.max_entry_positions
        copies = Copies(settings.log_replicas, settings.redis_timeout)
        if len(layout.partitions) == 1:
            unlogged = Unlogged(*limits)
            return unlogged, Appender(hub, unlogged, redis, settings.log_linger, sample, system, copies)
        url, patience = settings.redis_url, settings.redis_timeout
        clients = [connect(url, patience, key=partition.log) for partition in layout.partitions]
        parts = Partitioned(*limits, len(layout.partitions), lambda fleet, driver: layout.of(fleet, driver).number)
        return parts, Appenders(hub, parts, redis, clients, settings.log_linger, sample, system, copies, layout=layout)

    def _sweep_presence(self, fleet: Fleet) -> None:
        settings = self.settings
        stale_after, offline_after = timedelta(seconds=settings.stale_after), timedelta(seconds=settings.offline_after)
        self.hub.presence.sweep_fleet(fleet, self.clock.now(), stale_after, offline_after)

    def _stored(self, numbers: list[dict[str, int]]) -> None:
        """The recorders' reports by partition: hub process -> number of its first positions that are stored."""
        appenders = self.appender.all if isinstance(self.appender, Appenders) else [self.appender]
        for one, of_partition in zip(appenders, numbers, strict=False):
            one.stored(of_partition)

    async def is_live(self, fleet: str, driver_id: str) -> bool:
        """Whether a driver has a latest position. Raises ``Problem`` 503 as ``needs.of`` does."""
        await self.needs.of(fleet)
        return driver_id in self.hub.fleet(fleet).latest

    @property
    def draining(self) -> bool:
        """Whether the node shuts down and takes nothing new."""
        return self.publisher.draining

    def stop_intake(self) -> None:
        """Refuse new sockets and requests from now on."""
        self.publisher.draining = True

    def upkeep(self) -> list[Coroutine[Any, Any, None]]:
        """The tasks that run as long as the node does; none ends by itself."""
        revoke = self.sockets.revoke(self.identity.directory)
        own = [self.appender.run(), self.needs.run(), self.sockets.sweep(), self.driver_report.run(), self.files.run()]
        settings = self.settings
        own += [
            send_signs(self.hub, self.clock, self.appender.redis),
            hear_signs(self.hub, self.clock, settings.redis_url, settings.redis_timeout),
        ]
        return [*own, revoke, self.registration.run(), self.limits.run(), *self.identity.upkeep()]

    async def drain(self) -> None:
        """Log the positions that have arrived, close every socket, and wait for the log (P8)."""
        self.stop_intake()
        loop, timeout = asyncio.get_running_loop(), self.settings.drain_timeout
        deadline, spread = loop.time() + timeout, min(2.0, timeout / 4)
        log.info(Action.SERVE_DRAINING, connections=self.sockets.count, unlogged=self.unlogged.size)
        # First the log, so that positions are acked before their socket closes.
        await self.appender.drained(spread)
        await self.sockets.dismiss(spread, deadline - spread)
        await self.appender.drained(max(0.1, deadline - loop.time()))
