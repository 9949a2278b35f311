"""Drivers that send nothing: the rule ``offline``.

Each driver is looked up when its silence would have lasted long enough, not before: a driver that sends costs one
look-up in the time of the rule. The time in which no driver could be heard (no Redis, no hub) does not count as
silence: it is added, so that a hub that starts after a night does not report its whole fleet.
"""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta

from redis.asyncio import Redis

from hub.core.alerts.changes import Change, Open, Resolve
from hub.core.alerts.rules import Rule
from hub.notifier.alerting import Alerting
from hub.notifier.matching import Rules
from hub.stores.postgres.alerts import alerts, watches
from hub.stores.postgres.alerts.receivers import receivers_of
from hub.stores.postgres.connection import Connection
from hub.stores.redis.heard import Heard, all_heard, heard
from hub.wire.layout import Layout

PART = "heard"
"""The part of ``notifier_clock`` that says until when drivers could be heard."""

DISCOVER = 60.0
"""Seconds between two looks for drivers that are new. No rule has a shorter time."""

PAUSE = 30.0
"""Seconds between two rounds from which on they count as an interruption; a restart of the hub takes less."""


class Silence:
    """The drivers of one session, in the order of the instants at which they would be silent."""

    def __init__(self, connection: Connection, redis: Redis, layout: Layout, rules: Rules) -> None:
        self._connection, self._redis, self._layout, self._rules = connection, redis, layout, rules
        self._due: list[tuple[datetime, str, str]] = []
        """Instant, rule and driver; a heap."""
        self._known: set[tuple[str, str]] = set()
        self._open: dict[str, dict[str, str]] = {}
        """Rule -> drivers that are silent, with the episode of their alert."""
        self._discovered = datetime.min
        self._ticked: datetime | None = None
        self._heard_since: datetime | None = None
        """The end of the last interruption: what was silent before is silent since then, at the earliest."""
        self._added = timedelta()

    async def run(self, now: datetime) -> None:
        """One round. Raises one of ``UNAVAILABLE``; then nothing changed."""
        rules = {str(rule.id): rule for rule in self._rules.all if rule.kind == "offline"}
        if not rules:
            self._ticked = None
            return
        await self._redis.ping()
        await self._follow(now)
        await self._discover(rules, now)
        changes = await self._back(rules)
        while self._due and self._due[0][0] <= now:
            changes += await self._look(rules, now)
        async with self._connection.transaction():
            await watches.tick(self._connection, PART, now)
            if not changes:
                return
            alerting = Alerting(self._connection, await receivers_of(self._connection), now)
            await alerting.apply(changes)
            await alerting.write()

    async def _follow(self, now: datetime) -> None:
        """Notice an interruption."""
        last = self._ticked or await watches.ticked(self._connection, PART)
        if last is not None and (now - last).total_seconds() > PAUSE:
            self._heard_since, self._added = now, now - last
            self._known.clear()
            self._due.clear()
            self._discovered = datetime.min
        self._ticked = now

    async def _discover(self, rules: dict[str, Rule], now: datetime) -> None:
        """Put drivers that are new onto the heap, and those of new rules."""
        naive = now.replace(tzinfo=None)
        fresh = {id for id in rules if id not in self._open}
        # A clock that was set back must not put it off.
        if not fresh and 0 <= (naive - self._discovered).total_seconds() < DISCOVER:
            return
        self._discovered = naive
        for id in fresh:
            self._open[id] = dict(await alerts.open_episodes(self._connection, rules[id].id))
        for fleet in {rule.fleet for rule in rules.values()}:
            of_fleet = [(id, rule) for id, rule in rules.items() if rule.fleet == fleet]
            async for one in all_heard(self._redis, self._layout, fleet):
                for id, rule in of_fleet:
                    if (id, one.driver_id) not in self._known and rule.concerns(one.driver_id):
                        self._known.add((id, one.driver_id))
                        if one.driver_id not in self._open[id]:
                            heapq.heappush(self._due, (self._silent_at(rule, one), id, one.driver_id))

    def _silent_at(self, rule: Rule, one: Heard) -> datetime:
        """When the silence of a driver has lasted for the time of the rule."""
        at = one.received_at + timedelta(seconds=rule.params.after)
        if self._heard_since is not None and one.received_at < self._heard_since:
            at += self._added
        return at

    async def _look(self, rules: dict[str, Rule], now: datetime) -> list[Change]:
        """Look up the drivers of one rule that are due."""
        _, id, _ = self._due[0]
        drivers: dict[str, datetime] = {}
        while self._due and self._due[0][0] <= now and self._due[0][1] == id:
            at, _, driver_id = heapq.heappop(self._due)
            drivers[driver_id] = at
        rule = rules.get(id)
        if rule is None:
            self._open.pop(id, None)
            self._known -= {(id, driver_id) for driver_id in drivers}
            return []
        latest = await heard(self._redis, self._layout, rule.fleet, list(drivers))
        changes: list[Change] = []
        for driver_id in drivers:
            one = latest.get(driver_id)
            if one is None or not rule.concerns(driver_id):
                self._known.discard((id, driver_id))
                continue
            at = self._silent_at(rule, one)
            if at > now:
                heapq.heappush(self._due, (at, id, driver_id))
                continue
            episode = one.recorded_at.isoformat()
            self._open[id][driver_id] = episode
            # A driver that was silent before the rule was made opens no alert.
            if at >= rule.since and rule.applies(at):
                details = {"lastAt": one.recorded_at.isoformat()}
                battery = {} if one.battery is None else {"battery": one.battery}
                changes.append(Open(rule, driver_id, episode, at, details | battery))
        return changes

    async def _back(self, rules: dict[str, Rule]) -> list[Change]:
        """Silent drivers that have sent again."""
        changes: list[Change] = []
        for id, silent in self._open.items():
            rule = rules.get(id)
            if rule is None or not silent:
                continue
            for driver_id, one in (await heard(self._redis, self._layout, rule.fleet, list(silent))).items():
                if one.recorded_at.isoformat() != silent[driver_id]:
                    changes.append(Resolve(rule, driver_id, silent.pop(driver_id), one.received_at))
                    heapq.heappush(self._due, (self._silent_at(rule, one), id, driver_id))
        for id in self._open.keys() - rules.keys():
            del self._open[id]
            self._known = {key for key in self._known if key[0] != id}
        return changes
