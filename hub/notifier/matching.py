"""Follows events and findings: each is taken, decided on and written down in one transaction, so exactly once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import msgspec

from hub.core.alerts.changes import Fact, of_fact, of_finding
from hub.core.alerts.conditions import Finding
from hub.core.alerts.rules import Rule
from hub.logs import Action, get_logger
from hub.notifier.alerting import Alerting
from hub.notifier.maintenance import after_trip
from hub.stores.postgres.alerts import conditions, watches
from hub.stores.postgres.alerts import rules as stored
from hub.stores.postgres.alerts.alerts import close_abandoned, close_unwatched, rules_with_open
from hub.stores.postgres.alerts.receivers import receivers_of
from hub.stores.postgres.alerts.watches import Presence
from hub.stores.postgres.connection import BAD_ROW, Connection
from hub.stores.postgres.history import events
from hub.wire.events import REMOVAL, Event

CONSUMER = "notifier"
"""Name of the consumer of events."""

AT_ONCE = 500
"""Events or findings in one transaction."""

log = get_logger()

_fact = msgspec.json.Decoder(Fact)
_finding = msgspec.json.Decoder(Finding)


class Rules:
    """The enabled rules by fleet, read again when one changes."""

    def __init__(self) -> None:
        self._digest = ""
        self.all: list[Rule] = []
        self.by_fleet: dict[str, list[Rule]] = {}
        self.by_id: dict[str, Rule] = {}

    async def load(self, connection: Connection, now: datetime) -> None:
        """Read the rules if one has changed, and close the alerts of those that make none any more, or do not watch
        their driver or fence any more."""
        digest = await stored.digest(connection)
        if digest == self._digest:
            return
        self.all = await stored.enabled(connection)
        self.by_fleet = defaultdict(list)
        for rule in self.all:
            self.by_fleet[rule.fleet].append(rule)
        self.by_id = {str(rule.id): rule for rule in self.all}
        await _until_done(connection, lambda: close_abandoned(connection, now, AT_ONCE))
        for id in await rules_with_open(connection):
            found = self.by_id.get(str(id))
            if found is not None and (found.drivers is not None or found.fences):
                await _until_done(connection, partial(close_unwatched, connection, found, now, AT_ONCE))
        self._digest = digest


async def _until_done(connection: Connection, close: Callable[[], Awaitable[int]]) -> None:
    """Close alerts, some in each transaction."""
    closed = AT_ONCE
    while closed == AT_ONCE:
        async with connection.transaction():
            closed = await close()


class Matching:
    """One session of following; ``begin`` first, then ``take`` again and again."""

    def __init__(self, connection: Connection, rules: Rules) -> None:
        self._connection, self._rules = connection, rules

    async def begin(self) -> None:
        await events.register(self._connection, CONSUMER)

    async def take(self, now: datetime) -> int:
        """Take what is new. Returns how many events and findings."""
        try:
            return await self._take(now, AT_ONCE, AT_ONCE)
        except BAD_ROW:
            # One of them has what PostgreSQL refuses. Taken alone, the first ones go on without it.
            return await self._take_alone(now, 1, 0) + await self._take_alone(now, 0, 1)

    async def _take(self, now: datetime, most_events: int, most_findings: int) -> int:
        found = await events.unpublished_of_all(self._connection, CONSUMER, most_events)
        async with self._connection.transaction():
            findings = await conditions.take(self._connection, most_findings)
            if not found and not findings:
                return 0
            alerting = Alerting(self._connection, await receivers_of(self._connection), now)
            for event, _ in found:
                await self._event(alerting, event)
            for one in findings:
                finding = _finding.decode(one.payload)
                rule = self._rules.by_id.get(finding.rule_id)
                if rule is not None and rule.fleet == one.fleet:
                    await alerting.apply(of_finding(rule, one.driver_id, finding))
            await alerting.write()
            await events.advance_all(self._connection, CONSUMER, found)
        return len(found) + len(findings)

    async def _take_alone(self, now: datetime, most_events: int, most_findings: int) -> int:
        """Take one event or finding, or leave it out with a line in the log."""
        try:
            return await self._take(now, most_events, most_findings)
        except BAD_ROW as error:
            name = type(error).__name__
        found = await events.unpublished_of_all(self._connection, CONSUMER, most_events)
        async with self._connection.transaction():
            findings = await conditions.take(self._connection, most_findings)
            await events.advance_all(self._connection, CONSUMER, found)
        for where, left_out in (("event", [event for event, _ in found]), ("finding", findings)):
            for one in left_out:
                log.error(Action.INTERNAL_ERROR, where=where, id=one.id, fleet=one.fleet, error=name)
        return 1

    async def _event(self, alerting: Alerting, event: Event) -> None:
        if event.payload.startswith(REMOVAL):
            return  # for the hubs
        try:
            fact = _fact.decode(event.payload)
        except msgspec.MsgspecError as error:
            # Written by a newer recorder, or by hand: other events must not wait for it.
            log.error(Action.INTERNAL_ERROR, where="event", id=event.id, error=str(error)[:200])
            return
        at = fact.at or fact.ended_at or fact.exited_at or fact.started_at or fact.entered_at
        if at is not None:
            alerting.event(event.fleet, event.driver_id, event.id, fact.type, fact.event, at, event.payload.decode())
        if fact.type == "fence":
            await self._presence(event.fleet, fact)
        rules = self._rules.by_fleet.get(event.fleet, ())
        await alerting.apply(of_fact(rules, fact))
        if fact.type == "trip" and fact.event in ("ended", "revised") and at is not None:
            revised = fact.event == "revised"
            await alerting.apply(await after_trip(self._connection, rules, fact.driver_id, at, revised=revised))

    async def _presence(self, fleet: str, fact: Fact) -> None:
        at = fact.entered_at or fact.at
        over = fact.event == "exited" or fact.removed or fact.exited_at is not None
        if fact.event in ("entered", "revised") and not over and at is not None and fact.visit_id:
            presence = Presence(fact.driver_id, fact.fence_id, fact.visit_id, fact.fence_name, at)
            await watches.enter(self._connection, fleet, presence)
        elif over and fact.visit_id:
            await watches.leave(self._connection, fleet, fact.driver_id, fact.visit_id)
