"""The fold of conditions: what rules look for in each position (too fast, battery low, alarm).

Unlike trips, findings depend on the order of arrival: an alert is what was known at a time. A position that is late for
its condition changes nothing (``hub/core/alerts/conditions.py``). Conditions that hold are in a table; what is pending
is in memory only, and begins again after a restart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from hub.core.alerts.conditions import Held, may_begin, step
from hub.core.alerts.rules import CONDITIONS, Alarm, Rule
from hub.core.nouns import Position
from hub.recorder.batch import Chunk
from hub.recorder.folds.base import Mine
from hub.settings import Settings
from hub.stores.postgres.alerts import conditions as tables
from hub.stores.postgres.alerts import rules as stored
from hub.stores.postgres.alerts.conditions import Condition, NewFinding
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history.positions import Driver

DRIVERS_KEPT = 100_000
"""Drivers whose states are in memory, those heard last; 100 bytes for one without a condition."""

_held = msgspec.msgpack.Decoder(Held)
_encode = msgspec.msgpack.Encoder().encode

States = dict[UUID, Held]


class Conditions:
    """The fold of all drivers of fleets with such rules, for one session."""

    name: ClassVar[str] = "conditions"

    def __init__(self, settings: Settings, mine: Mine = None) -> None:
        self._digest = ""
        self._rules: dict[str, list[Rule]] = {}
        self._states: dict[Driver, States] = {}

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        """See ``Fold``. Its findings are not sent to subscribers."""
        await self._load(connection)
        points: dict[Driver, list[Position]] = {}
        for _, fleet, positions in inserted:
            if fleet in self._rules:
                for position in positions:
                    points.setdefault((fleet, position.driver_id), []).append(position)
        if not points:
            return 0
        await self._remember(connection, points)
        changed: dict[tuple[UUID, Driver], bytes] = {}
        ended: set[tuple[UUID, Driver]] = set()
        findings: list[NewFinding] = []
        for driver, positions in points.items():
            positions.sort(key=_recorded_at)
            states = self._states[driver]
            for rule in self._rules[driver[0]]:
                if not rule.concerns(driver[1]):
                    # It was watched: what it held is over, as its alert is.
                    if states.pop(rule.id, None) is not None:
                        ended.add((rule.id, driver))
                    continue
                if rule.id not in states and not may_begin(rule.params, positions):
                    continue
                alarm, id = isinstance(rule.params, Alarm), str(rule.id)
                for position in positions:
                    before = states.get(rule.id)
                    held = before is not None and before.held
                    after, found = step(id, rule.params, before, position)
                    if after is not None:
                        states[rule.id] = after
                    elif before is not None and not alarm:
                        del states[rule.id]
                    if found is not None:
                        findings.append(NewFinding(*driver, msgspec.json.encode(found).decode()))
                    key = rule.id, driver
                    if after is not None and after.held and not held:
                        changed[key] = _encode(after)
                        ended.discard(key)
                    elif held and after is None and not alarm:
                        changed.pop(key, None)
                        ended.add(key)
        await tables.put(
            connection,
            [
                Condition(rule_id, _held.decode(state).at, *driver, state)
                for (rule_id, driver), state in changed.items()
            ],
            [(rule_id, *driver) for rule_id, driver in ended],
            findings,
        )
        return 0

    async def idle(self, connection: Connection) -> int:
        """See ``Fold``. Nothing is left to do."""
        return 0

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None:
        """See ``Fold``."""
        self._states.pop(driver, None)
        await tables.erase(connection, driver)

    async def forget(self, connection: Connection, since: Mapping[Driver, datetime]) -> None:
        """See ``Fold``. The table has the conditions that hold."""
        for driver in since:
            self._states.pop(driver, None)

    async def _load(self, connection: Connection) -> None:
        """The rules, if one has changed. What is held by a rule that was changed is held on, unless it is off."""
        digest = await stored.digest(connection)
        if digest == self._digest:
            return
        await tables.delete_disabled(connection)
        rules: dict[str, list[Rule]] = {}
        for rule in await stored.enabled(connection, sorted(CONDITIONS)):
            rules.setdefault(rule.fleet, []).append(rule)
        self._rules, self._digest = rules, digest
        known = {rule.id for of_fleet in rules.values() for rule in of_fleet}
        for states in self._states.values():
            for id in states.keys() - known:
                del states[id]

    async def _remember(self, connection: Connection, points: Mapping[Driver, object]) -> None:
        """The states of drivers that are not in memory; the dictionary's order is that of use."""
        missing = [driver for driver in points if driver not in self._states]
        for driver, rows in (await tables.holding(connection, missing)).items():
            self._states[driver] = {rule_id: _held.decode(state) for rule_id, state in rows.items()}
        for driver in points:
            self._states[driver] = self._states.pop(driver)
        while len(self._states) > max(DRIVERS_KEPT, len(points)):
            del self._states[next(iter(self._states))]


def _recorded_at(position: Position) -> datetime:
    return position.recorded_at
