"""The channels of one transaction: which get an event or an alert, and the deliveries for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from hub.core.alerts.rules import Rule
from hub.stores.postgres.alerts import channels
from hub.stores.postgres.alerts.channels import Receiver
from hub.stores.postgres.alerts.deliveries import NewDelivery
from hub.stores.postgres.connection import Connection
from hub.wire.notices.kinds import lane_of


class Receivers:
    """The channels, as they were at the begin of the transaction."""

    def __init__(self, found: Iterable[Receiver], browsers: Mapping[UUID, Sequence[UUID]]) -> None:
        self._all = {one.id: one for one in found}
        self._browsers = browsers
        self._streams: dict[str, list[Receiver]] = {}
        for one in self._all.values():
            if one.events:
                self._streams.setdefault(one.fleet, []).append(one)

    def of_rule(self, rule: Rule) -> list[Receiver]:
        return self.named(rule.fleet, rule.channels)

    def named(self, fleet: str, ids: Iterable[UUID]) -> list[Receiver]:
        """The channels with these ids that the fleet has, each once."""
        found = (self._all.get(id) for id in dict.fromkeys(ids))
        return [one for one in found if one is not None and one.fleet == fleet]

    def of_event(self, fleet: str, kind: str) -> list[Receiver]:
        """Channels that get events of a type without a rule."""
        return [one for one in self._streams.get(fleet, ()) if kind in one.events]

    def deliveries(
        self,
        receivers: Iterable[Receiver],
        message_id: str,
        kind: str,
        driver_id: str | None,
        at: datetime,
        data: str,
        own_lane: str = "",
    ) -> list[NewDelivery]:
        """A notice for each receiver, in ``own_lane`` if it must not delay others. Channels that are paused or disabled
        keep it in their log only."""
        made = []
        for one in receivers:
            state = "pending" if one.state in ("active", "failing") else "skipped"
            lanes = [own_lane or lane_of(one.kind, driver_id)]
            if one.kind == "webpush":
                lanes = [str(id) for id in self._browsers.get(one.id, ())]
            made += [NewDelivery(one.id, lane, message_id, kind, driver_id, at, data, state) for lane in lanes]
        return made


async def receivers_of(connection: Connection) -> Receivers:
    """The channels as they are now."""
    found = await channels.receivers(connection)
    webpush = [one.id for one in found if one.kind == "webpush"]
    return Receivers(found, await channels.browsers(connection, webpush))
