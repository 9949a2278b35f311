"""When a channel that fails is switched off, and who is told."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hub.core.audit import Actor, ActorKind, Audited
from hub.logs import Action, get_logger
from hub.notifier.alerting import alert_id, receivers_of
from hub.notifier.send.results import Result
from hub.settings import Settings
from hub.stores.postgres.alerts import alerts, channels, deliveries
from hub.stores.postgres.alerts.alerts import NewAlert
from hub.stores.postgres.alerts.channels import Working
from hub.stores.postgres.audit import audit
from hub.stores.postgres.pool import Pool
from hub.wire.notices.alerts import Alert

EVENT = "channel"
"""Type of events that a channel asks for in order to be told."""

KIND = "channel.disabled"
"""Kind of the alert; it has no rule and no driver."""

log = get_logger()


def why(settings: Settings, result: Result, since: datetime, now: datetime, what: str) -> str | None:
    """Why a channel is switched off after a try, or None. ``what`` has failed each time since ``since``."""
    if result.gone:
        return result.error
    if (now - since).total_seconds() >= settings.hook_disable_after:
        return f"every {what} failed since {since:%Y-%m-%d %H:%M} UTC: {result.error}"
    return None


async def disable(pool: Pool, channel: Working, reason: str, now: datetime) -> None:
    """Switch a channel off, and tell the admins of its fleet: an alert, an entry of the audit log, and a notice to the
    other channels that ask for such. Raises ``DatabaseAway``."""
    async with pool.connection() as connection, connection.transaction():
        if not await channels.disable(connection, channel.id, reason):
            return
        found = await receivers_of(connection)
        told = [one for one in found.of_event(channel.fleet, EVENT) if one.id != channel.id]
        alert = _alert(channel, reason, now, sent=bool(told))
        await alerts.open_alerts(connection, [NewAlert(channel.fleet, now.isoformat(), alert)])
        data = msgspec.json.encode(alert).decode()
        new = found.deliveries(told, f"alert_{alert.alert_id}_opened", f"hub.{KIND}", None, now, data)
        await deliveries.put(connection, new, now)
        actor = Actor(channel.fleet, ActorKind.HUB)
        await audit(connection, actor, Audited.CHANNEL_DISABLED, channel.id, kind=channel.kind, reason=reason)
    log.error(Action.CHANNEL_DISABLED, channel=str(channel.id), kind=channel.kind, reason=reason)


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
