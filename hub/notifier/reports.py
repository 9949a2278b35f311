"""Reports by schedule: each is handed to its channels once for each period, also after a restart.

A period is handed over in the transaction that notes it, by the one notifier that follows. If periods passed while no
notifier ran, only the last one is sent: after an outage of a week one e-mail comes, not seven.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from hub.core.reports.schedules import last_run, next_run
from hub.core.time_zones import TimeZones
from hub.stores.postgres.alerts import deliveries
from hub.stores.postgres.alerts.deliveries import NewDelivery
from hub.stores.postgres.alerts.receivers import Receivers, receivers_of
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.reports import schedules
from hub.stores.postgres.reports.schedules import Due
from hub.wire.notices.reports import TYPE, ReportDue, text_of

AT_ONCE = 100
"""Schedules of one transaction."""


class Reports:
    """One round after the other; each is a transaction."""

    def __init__(self, connection: Connection, zones: TimeZones) -> None:
        self._connection, self._zones = connection, zones

    async def run(self, now: datetime) -> None:
        """Hand over what is due."""
        while await schedules.any_due(self._connection, now):
            async with self._connection.transaction():
                receivers = await receivers_of(self._connection)
                for one in await schedules.due(self._connection, now, AT_ONCE):
                    await self._hand_over(one, receivers, now)

    async def _hand_over(self, one: Due, receivers: Receivers, now: datetime) -> None:
        days_in = self._zones.of(one.fleet)
        at, since, until = last_run(one.period, one.clock, one.time_zone, days_in, now)
        following = next_run(one.period, one.clock, one.time_zone, days_in, now).at
        # After a change of its time, a schedule may be due again for a period that was sent.
        if one.sent_to is not None and until <= one.sent_to:
            await schedules.done(self._connection, one.id, following, None, now)
            return
        data = ReportDue(
            title=one.name,
            text=text_of(one.kind, since, until),
            schedule_id=one.id,
            kind=one.kind,
            since=since,
            until=until,
            drivers=one.drivers,
            groups=one.groups,
            speed_limit=one.speed_limit,
        )
        new: list[NewDelivery] = receivers.deliveries(
            receivers.named(one.fleet, one.channels),
            f"report_{one.id}_{until}",
            TYPE,
            None,
            at,
            msgspec.json.encode(data).decode(),
            f"report {one.id}",  # no driver id has a space
        )
        added = await deliveries.put(self._connection, new, now)
        # Nothing is sent where the channels were deleted or are paused.
        sent = any(delivery.state == "pending" for delivery in added)
        await schedules.done(self._connection, one.id, following, until if sent else None, now)
