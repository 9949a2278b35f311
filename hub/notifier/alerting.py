"""Makes alerts of decisions, and deliveries of alerts, in the open transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hub.core.alerts.changes import Change, Correct, Open, Resolve, ResolveAll
from hub.core.alerts.rules import Rule
from hub.core.alerts.words import corrected, resolved
from hub.stores.postgres.alerts import alerts, deliveries
from hub.stores.postgres.alerts.alerts import NewAlert, Numbered, alert_id
from hub.stores.postgres.alerts.deliveries import NewDelivery
from hub.stores.postgres.alerts.receivers import Receivers
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.registry.drivers import driver_names
from hub.wire.notices.alerts import Alert
from hub.wire.notices.digest import LISTED, digest_of
from hub.wire.notices.digest import TYPE as DIGEST

NEVER_LATE = frozenset({"alarm", "maintenance"})
"""Kinds that are sent however old they are: an emergency is not over because a phone had no network, and maintenance
that was due yesterday is due today."""


class Alerting:
    """Applies the decisions of one transaction, in their order; ``write`` ends it."""

    def __init__(self, connection: Connection, receivers: Receivers, now: datetime) -> None:
        self._connection, self._receivers, self._now = connection, receivers, now
        self._deliveries: list[NewDelivery] = []
        self._new: dict[UUID, tuple[Open, NewAlert]] = {}
        """Alerts that are opened together, with the next decision of another kind."""

    async def apply(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if not isinstance(change, Open) or change.rule.cooldown or change.rule.digest:
                await self._open_new()
            match change:
                case Open():
                    await self._open(change)
                case Resolve(rule=rule, driver_id=driver_id, episode=episode, at=at):
                    await self._resolve(rule, alert_id(rule.id, driver_id, episode), at)
                case ResolveAll(rule=rule, driver_id=driver_id, fence_id=fence_id, at=at):
                    for id in await alerts.open_of(self._connection, rule.id, driver_id, fence_id):
                        await self._resolve(rule, id, at)
                case Correct():
                    await self._correct(change)

    async def write(self) -> None:
        """Store the alerts and deliveries."""
        await self._open_new()
        await deliveries.put(self._connection, self._deliveries, self._now)

    def event(self, fleet: str, driver_id: str, id: int, kind: str, name: str, at: datetime, payload: str) -> None:
        """Hand an event to the channels that get events of its type."""
        receivers = self._receivers.of_event(fleet, kind)
        if receivers:
            self._deliveries += self._receivers.deliveries(
                receivers, f"event_{id}", f"hub.{kind}.{name}", driver_id, at, payload
            )

    async def digest(self, rule: Rule) -> None:
        """Send what was gathered."""
        found = await alerts.take_digest(self._connection, rule.id, self._now)
        if len(found) == 1:
            self._send(rule, found[0].alert, "opened")
        elif found:
            self._send_digest(rule, found)

    async def _open(self, change: Open) -> None:
        rule = change.rule
        held = await self._held(rule, change)
        alert = Alert(
            alert_id=alert_id(rule.id, change.driver_id, change.episode),
            rule_id=rule.id,
            kind=rule.kind,
            title=rule.name,
            text="",
            severity=rule.severity,
            driver_id=change.driver_id,
            state="open",
            at=change.at,
            noticed_at=self._now,
            details=change.details,
            version=1,
            sent_at=self._now if held is None else None,
            held=held,
        )
        self._new.setdefault(alert.alert_id, (change, NewAlert(rule.fleet, change.episode, alert)))

    async def _open_new(self) -> None:
        new = list(self._new.values())
        if not new:
            return
        self._new.clear()
        names = await driver_names(self._connection, [(one.fleet, one.alert.driver_id) for _, one in new])
        for change, (fleet, _, alert) in new:
            alert.text = change.text(names.get((fleet, change.driver_id)) or change.driver_id)
        made = await alerts.open_alerts(self._connection, [one for _, one in new])
        for change, (_, _, alert) in new:
            if alert.alert_id in made and alert.held is None:
                self._send(change.rule, alert, "opened")

    async def _held(self, rule: Rule, change: Open) -> str | None:
        """Why an alert is only listed."""
        age = (self._now - change.at).total_seconds()
        if age > rule.max_age and rule.kind not in NEVER_LATE:
            return "late"
        if not (rule.cooldown or rule.digest):
            return None
        since = self._now - timedelta(seconds=max(rule.cooldown, rule.digest))
        last = await alerts.last_sent(self._connection, rule.id, change.driver_id, since)
        if last.driver is not None and (self._now - last.driver).total_seconds() < rule.cooldown:
            return "cooldown"
        if last.rule is not None and (self._now - last.rule).total_seconds() < rule.digest:
            return "digest"
        return None

    async def _resolve(self, rule: Rule, id: UUID, at: datetime) -> None:
        alert = await alerts.resolve(self._connection, id, at)
        if alert is None:
            return
        alert.text = resolved(alert.text, (at - alert.at).total_seconds())
        await alerts.announce(self._connection, rule.fleet, "resolved", alert)
        if alert.sent_at is not None and rule.tell_resolved:
            self._send(rule, alert, "resolved", at)

    async def _correct(self, change: Correct) -> None:
        rule = change.rule
        alert = await alerts.correct(self._connection, alert_id(rule.id, change.driver_id, change.episode))
        if alert is None:
            return
        alert.text = corrected(alert.text)
        await alerts.announce(self._connection, rule.fleet, "corrected", alert)
        if alert.sent_at is not None:
            self._send(rule, alert, "corrected")

    def _send(self, rule: Rule, alert: Alert, event: str, at: datetime | None = None) -> None:
        receivers = self._receivers.of_rule(rule)
        data = msgspec.json.encode(alert).decode()
        self._deliveries += self._receivers.deliveries(
            receivers, f"alert_{alert.alert_id}_{event}", f"hub.alert.{event}", alert.driver_id, at or alert.at, data
        )

    def _send_digest(self, rule: Rule, found: Sequence[Numbered]) -> None:
        data = digest_of(rule.id, rule.name, rule.severity, [one.alert for one in found[:LISTED]], len(found))
        last = found[-1]
        self._deliveries += self._receivers.deliveries(
            self._receivers.of_rule(rule),
            f"digest_{rule.id}_{last.number}",
            DIGEST,
            None,
            last.alert.at,
            msgspec.json.encode(data).decode(),
        )
