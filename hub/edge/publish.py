"""Publication: driver, accept, broadcast, room, log. Sockets and HTTP requests enter here, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from hub.core.fixes.accept import Rejected
from hub.core.limits import SharedBuckets, TokenBucket
from hub.core.live.client import Client
from hub.core.live.hub import Hub
from hub.core.live.partitioned import Partitioned
from hub.core.live.unlogged import Unlogged, when_all_logged
from hub.core.live.update import Update
from hub.core.messages import Error
from hub.core.nouns import Fix
from hub.core.principal import Principal
from hub.core.registry.vehicles import Vehicles
from hub.core.traces import sampled, trace_id
from hub.edge.clock import Clock
from hub.edge.http.problems import Problem, unavailable
from hub.edge.log.waits import Waits
from hub.edge.roster.naming import driver_of, waits_for_vehicles
from hub.edge.turns import Turns
from hub.logs import TRACEPARENT, Action, get_logger
from hub.settings import Settings
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode

log = get_logger()


class Publisher:
    """Passes every fix to the hub and the log of one node."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        hub: Hub,
        vehicles: Vehicles,
        unlogged: Unlogged | Partitioned,
        turns: Turns,
    ) -> None:
        self.settings, self.clock, self.hub, self.vehicles = settings, clock, hub, vehicles
        self.unlogged, self.turns = unlogged, turns
        # The queues to which the last ``take`` has added.
        self._into: set[Unlogged] = set()
        self._loop = asyncio.get_running_loop()
        self.draining = False
        """Whether the node shuts down: requests are refused."""
        # A message is taken whole, whatever the rate.
        burst = max(settings.max_driver_rate, settings.max_batch)
        self._waits = Waits(settings.post_timeout, settings.retry_after)
        self.driver_fixes: SharedBuckets[tuple[str, str]] = SharedBuckets(
            settings.max_driver_rate, burst, settings.max_drivers, settings.max_batch
        )

    def allowance(self, principal: Principal, now: float) -> TokenBucket:
        """The rate limit of fixes: shared by all connections of a driver, or the connection's own where the token names
        no driver."""
        if principal.driver is not None:
            return self.driver_fixes.of((principal.fleet, principal.driver), now)
        return TokenBucket(self.settings.max_fix_rate, self.settings.max_fix_rate, now)

    def publish(self, client: Client, fix: Fix, now: datetime) -> None:
        """Publish a fix of a socket; the ack of its message follows the log. The caller ends the turn.

        Raises ``BadMessage``. A fix for which the log has no room is broadcast, and answered ``unavailable``; so is one
        whose driver is not known yet.
        """
        if fix.vehicle_id is not None and waits_for_vehicles(self.vehicles, client.principal, fix):
            if client.refuses(fix.msg_no, True):
                self._put_off(
                    client, fix.msg_no, "the vehicles are not loaded yet; resend this message and all after it"
                )
            return
        if fix.traceparent is not None:
            fix.traceparent = sampled(fix.traceparent)
        driver_id = driver_of(self.vehicles, client.principal, fix, now)
        fleet, payload, update = self._accept(client.principal, driver_id, fix, now, client.origin)
        if client.speaker != driver_id:
            client.speaker = driver_id if client.speaker is None else ""
        queue, msg_no = self.unlogged.of(fleet, driver_id), fix.msg_no
        if client.refuses(msg_no, queue.full):
            self._put_off(client, msg_no, "not logged; resend this message and all after it")
            return
        queue.add(fleet, payload, update)
        if fix.traceparent is not None:
            self._trace(queue, fleet, driver_id, fix.traceparent)
        if msg_no is not None:
            queue.acknowledge(client, msg_no)

    def _put_off(self, client: Client, msg_no: int | None, detail: str) -> None:
        """Answer ``unavailable``, once: it also refuses every later message."""
        if msg_no is None or msg_no == client.refused_from:
            retry_ms = int(self.settings.retry_after * 1000)
            client.send(self.hub.message(Error(ErrorCode.UNAVAILABLE, detail, None, msg_no, retry_ms)))

    def hear(self, principal: Principal, driver_id: str | None) -> None:
        """A request of a phone without a position, a heartbeat: a sign of life of its driver. ``driver_id`` is the name
        in the request; the one in the token comes first."""
        driver_id = principal.driver or driver_id
        if driver_id is not None:
            self.hub.hear(self.hub.fleet(principal.fleet), driver_id, self.clock.now())

    async def post(
        self, principal: Principal, fixes: Sequence[Fix | BadMessage], origin: int = 0
    ) -> list[BadMessage | None]:
        """Publish fixes as ``take`` does, and wait until they are in the log. Raises ``Problem`` 503 as ``take`` and
        ``when_logged`` have it."""
        outcome, waits = self.take(principal, fixes, origin)
        if waits:
            await self.logged()
        return outcome

    def take(
        self, principal: Principal, fixes: Sequence[Fix | BadMessage], origin: int = 0
    ) -> tuple[list[BadMessage | None], bool]:
        """Publish the fixes of an HTTP request. For each: None, or why it was refused; and whether the log has to
        confirm any (``when_logged``). ``origin``: id of the client that sends them, if it watches and must not be sent
        its own.

        Raises ``Problem`` 503 if the driver's rate is exceeded (nothing is published), and if the log has no room
        (already broadcast; the client may send them again, they are stored once).
        """
        retry_after = self.settings.retry_after
        if self.draining:
            raise unavailable("the hub is shutting down", retry_after)
        if principal.driver is not None:
            heard = self._loop.time()
            wait = self.allowance(principal, heard).take(len(fixes), heard)
            if wait:
                raise unavailable("the rate limit of fixes per driver is exceeded", wait)
        if not self.vehicles.loaded and any(
            isinstance(fix, Fix) and waits_for_vehicles(self.vehicles, principal, fix) for fix in fixes
        ):
            raise unavailable("the vehicles are not loaded yet", retry_after)
        now = self.clock.now()
        away: str | None = None
        into = self._into = set()
        outcome: list[BadMessage | None] = []
        refused = 0
        traceparent = sampled(TRACEPARENT.get())
        for fix in fixes:
            try:
                if isinstance(fix, BadMessage):
                    raise fix
                # That of a fix before that of its request.
                fix.traceparent = traceparent if fix.traceparent is None else sampled(fix.traceparent)
                driver_id = driver_of(self.vehicles, principal, fix, now)
                fleet, payload, update = self._accept(principal, driver_id, fix, now, origin)
            except BadMessage as bad:
                outcome.append(bad)
                continue
            outcome.append(None)
            # While the log is away nothing is queued: the client keeps its fixes, and repeating them would fill the
            # queue.
            queue = self.unlogged.of(fleet, driver_id)
            if queue.away or queue.full:
                away = queue.away or away
                refused += 1
            else:
                queue.add(fleet, payload, update)
                into.add(queue)
                if fix.traceparent is not None:
                    self._trace(queue, fleet, driver_id, fix.traceparent)
        if into or refused:
            self.turns.publish()
        if refused:
            raise unavailable(away or "the log has no room", retry_after)
        return outcome, bool(into)

    def when_logged(self, then: Callable[[Problem | None], object]) -> None:
        """Call a function once the log has confirmed what ``take`` published last: with None, or with ``Problem`` 503
        if the log does not confirm in time. It must not raise."""
        when_all_logged(self._into, self._waits.begin(then).end)

    async def logged(self) -> None:
        """Wait until ``when_logged`` calls. Raises ``Problem`` 503."""
        done: asyncio.Future[Problem | None] = self._loop.create_future()
        self.when_logged(lambda problem: None if done.done() else done.set_result(problem))
        if (problem := await done) is not None:
            raise problem

    def _accept(
        self, principal: Principal, driver_id: str, fix: Fix, now: datetime, origin: int = 0
    ) -> tuple[str, bytes, Update | None]:
        """Accept, broadcast: the fleet, and what ``Hub.publish`` returns. Raises ``BadMessage``."""
        fleet = self.hub.fleet(principal.fleet)
        try:
            payload, update = self.hub.publish(fleet, driver_id, fix, now, origin)
        except Rejected as rejected:
            raise BadMessage(ErrorCode.INVALID, rejected.detail, rejected.field, fix.msg_no) from rejected
        return fleet.id, payload, update

    def _trace(self, queue: Unlogged, fleet: str, driver_id: str, traceparent: str) -> None:
        """A position with this ``traceparent`` was added to the queue."""
        queue.trace(traceparent)
        log.debug(Action.POSITION_ACCEPTED, fleet=fleet, driver_id=driver_id, trace_id=trace_id(traceparent))
