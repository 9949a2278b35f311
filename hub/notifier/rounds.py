"""Rules by the clock: what becomes true although nothing happens. Every round asks the tables, so a restart forgets
nothing, and the key of the alert keeps it from being opened twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.core.alerts.changes import Change, Correct, Open, Resolve, fence_details
from hub.core.alerts.rules import AT_BEGIN, Rule
from hub.notifier.alerting import Alerting
from hub.notifier.maintenance import KIND as MAINTENANCE
from hub.notifier.maintenance import after_days
from hub.notifier.matching import Rules
from hub.stores.postgres.alerts import alerts, watches
from hub.stores.postgres.alerts.receivers import receivers_of
from hub.stores.postgres.connection import Connection

SCHEDULES = "schedules"
"""The part of ``notifier_clock`` that follows the begins of schedules."""

TIMED = frozenset({"stopped", "fence.dwelled", MAINTENANCE})
"""Kinds that ask the clock in every round."""

BACK = timedelta(hours=1)
"""Begins that passed while no notifier ran are made up for this long."""

DAYS = timedelta(minutes=1)
"""Time between two looks at maintenance that is due by days: it looks at every driver."""

RECENT = timedelta(days=1)
"""What became true before is not noticed any more."""


class Rounds:
    """One round after the other; each is a transaction."""

    def __init__(self, connection: Connection, rules: Rules) -> None:
        self._connection, self._rules = connection, rules
        self._looked: list[Rule] | None = None
        """The rules of the last look at maintenance: one that is new or changed is looked at in the next round."""
        self._looked_at = datetime.min.replace(tzinfo=UTC)

    async def run(self, now: datetime) -> None:
        """One round."""
        timed = [rule for rule in self._rules.all if rule.kind in TIMED or rule.schedule]
        gathering = [(rule.id, rule.digest) for rule in self._rules.all if rule.digest]
        if not timed and not gathering:
            return
        async with self._connection.transaction():
            changes: list[Change] = []
            for rule in timed:
                if rule.kind == "stopped":
                    changes += await self._stops(rule, now)
                elif rule.kind == "fence.dwelled" and rule.params.after is not None:
                    changes += await self._dwelling(rule, now)
            changes += await self._begins(now)
            # A clock that was set back must not put it off.
            if self._looked is not self._rules.all or not timedelta() <= now - self._looked_at < DAYS:
                self._looked, self._looked_at = self._rules.all, now
                changes += await after_days(self._connection, timed, now)
            ready = await alerts.digests(self._connection, gathering, now)
            if not changes and not ready:
                return
            alerting = Alerting(self._connection, await receivers_of(self._connection), now)
            await alerting.apply(changes)
            for id in ready:
                await alerting.digest(self._rules.by_id[str(id)])
            await alerting.write()

    async def _stops(self, rule: Rule, now: datetime) -> list[Change]:
        after = timedelta(seconds=rule.params.after)
        first = max(rule.since, now - RECENT) - after
        found = await watches.standing(self._connection, rule.fleet, rule.drivers, first, now - after, rule.id)
        changes: list[Change] = [
            Open(
                rule, stop.driver_id, stop.started_at.isoformat(), stop.started_at + after,
                {
                    "startedAt": stop.started_at.isoformat(),
                    "latitude": round(stop.latitude, 7),
                    "longitude": round(stop.longitude, 7),
                },
            )
            for stop in found if rule.applies(stop.started_at + after)
        ]  # fmt: skip
        over = await watches.stood(self._connection, rule.id)
        for one in over:
            if one.ended_at is None:
                changes.append(Correct(rule, one.driver_id, one.episode))
            else:
                changes.append(Resolve(rule, one.driver_id, one.episode, one.ended_at))
        return changes

    async def _dwelling(self, rule: Rule, now: datetime) -> list[Change]:
        after = timedelta(seconds=rule.params.after)
        first = max(rule.since, now - RECENT) - after
        found = await watches.dwelling(self._connection, rule.fleet, rule.fences, rule.drivers, now - after, rule.id)
        return [
            Open(rule, one.driver_id, one.visit_id, one.entered_at + after, fence_details(one.fence_id, one.fence_name))
            for one in found
            if one.entered_at >= first and rule.applies(one.entered_at + after)
        ]

    async def _begins(self, now: datetime) -> list[Change]:
        """Which drivers are inside or outside when an interval of a schedule begins."""
        rules = [rule for rule in self._rules.all if rule.kind in AT_BEGIN and rule.schedule is not None]
        if not rules:
            return []
        since = max(await watches.ticked(self._connection, SCHEDULES) or now, now - BACK)
        changes: list[Change] = []
        for rule in rules:
            assert rule.schedule is not None
            for begin in rule.schedule.begins(max(since, rule.since), now):
                changes += await self._asked(rule, begin)
        await watches.tick(self._connection, SCHEDULES, now)
        return changes

    async def _asked(self, rule: Rule, begin: datetime) -> list[Change]:
        found = await watches.inside(self._connection, rule.fleet, rule.fences, rule.drivers)
        if rule.kind == "fence.inside":
            return [
                Open(
                    rule,
                    one.driver_id,
                    f"{begin.isoformat()} {one.fence_id}",
                    begin,
                    fence_details(one.fence_id, one.fence_name),
                )
                for one in found
            ]
        inside = {one.driver_id for one in found}
        names = {one.fence_id: one.fence_name for one in found}
        fence = rule.fences[0] if len(rule.fences) == 1 else ""
        return [
            Open(rule, driver_id, begin.isoformat(), begin, fence_details(fence, names.get(fence, "")))
            for driver_id in sorted((rule.drivers or frozenset()) - inside)
        ]
