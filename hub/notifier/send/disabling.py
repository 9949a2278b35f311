"""When a channel that fails is switched off."""

from __future__ import annotations

from datetime import datetime

from hub.logs import Action, get_logger
from hub.notifier.send.results import Result
from hub.settings import Settings
from hub.stores.postgres.alerts import disabling
from hub.stores.postgres.alerts.channels import Working
from hub.stores.postgres.pool import Pool

log = get_logger()


def why(settings: Settings, result: Result, since: datetime, now: datetime, what: str) -> str | None:
    """Why a channel is switched off after a try, or None. ``what`` has failed each time since ``since``."""
    if result.gone:
        return result.error
    if (now - since).total_seconds() >= settings.hook_disable_after:
        return f"every {what} failed since {since:%Y-%m-%d %H:%M} UTC: {result.error}"
    return None


async def disable(pool: Pool, channel: Working, reason: str, now: datetime) -> None:
    """Switch a channel off, and tell the admins of its fleet. Raises ``DatabaseAway``."""
    async with pool.connection() as connection, connection.transaction():
        if not await disabling.disable(connection, channel, reason, now):
            return
    log.error(Action.CHANNEL_DISABLED, channel=str(channel.id), kind=channel.kind, reason=reason)
