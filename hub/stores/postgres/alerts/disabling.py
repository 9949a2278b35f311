"""A channel is switched off, and the admins of its fleet are told."""

from __future__ import annotations

from datetime import datetime

import asyncpg
import msgspec

from hub.core.audit import Actor, ActorKind, Audited
from hub.stores.postgres.alerts import alerts, channels, deliveries
from hub.stores.postgres.alerts.alerts import NewAlert, alert_id
from hub.stores.postgres.alerts.channels import Working
from hub.stores.postgres.alerts.receivers import receivers_of
from hub.stores.postgres.audit import audit
from hub.wire.notices.alerts import Alert

EVENT = "channel"
"""Type of events that a channel asks for in order to be told."""

KIND = "channel.disabled"
"""Kind of the alert; it has no rule and no driver."""


async def disable(connection: asyncpg.Connection, channel: Working, reason: str, now: datetime) -> bool:
    """Switch a channel off in the open transaction, and tell the admins of its fleet: an alert, an entry of the audit
    log, and a notice to the other channels that ask for such. False if it was off."""
    if not await channels.disable(connection, channel.id, reason):
        return False
    found = await receivers_of(connection)
    told = [one for one in found.of_event(channel.fleet, EVENT) if one.id != channel.id]
    alert = _alert(channel, reason, now, sent=bool(told))
    await alerts.open_alerts(connection, [NewAlert(channel.fleet, now.isoformat(), alert)])
    data = msgspec.json.encode(alert).decode()
    new = found.deliveries(told, f"alert_{alert.alert_id}_opened", f"hub.{KIND}", None, now, data)
    await deliveries.put(connection, new, now)
    actor = Actor(channel.fleet, ActorKind.HUB)
    await audit(connection, actor, Audited.CHANNEL_DISABLED, channel.id, kind=channel.kind, reason=reason)
    return True


def _alert(channel: Working, reason: str, now: datetime, *, sent: bool) -> Alert:
    return Alert(
        alert_id=alert_id(channel.id, "", now.isoformat()),
        rule_id=channel.id,
        kind=KIND,
        title="Channel disabled",
        text=f"Nothing is sent through the channel {channel.name} any more: {reason}",
        severity="critical",
        driver_id="",
        state="open",
        at=now,
        noticed_at=now,
        details={"channelId": str(channel.id), "channelName": channel.name, "channelKind": channel.kind},
        version=1,
        sent_at=now if sent else None,
    )
