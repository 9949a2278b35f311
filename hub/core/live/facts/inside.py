"""The fences that drivers are inside of, and the events that change that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.core.live.client import Client
from hub.core.live.fleet import Fleet
from hub.core.live.subscriptions import Subscription
from hub.core.messages import FencesMessage, Message


class FenceChange(NamedTuple):
    """The part of an event that tells who is inside: since when the visit lasts, and whether it still does. ``inside``
    is None where that does not change."""

    fence_id: str
    entered_at: datetime
    inside: bool | None


def note(inside: dict[str, dict[str, datetime]], driver_id: str, change: FenceChange) -> None:
    """Visits of the past come later than those of now, so only the visit that is known may end."""
    fences = inside.get(driver_id, {})
    since = fences.get(change.fence_id)
    if change.inside and (since is None or since < change.entered_at):
        inside.setdefault(driver_id, {})[change.fence_id] = change.entered_at
    elif change.inside is False and since == change.entered_at:
        del fences[change.fence_id]
        if not fences:
            del inside[driver_id]


def owe_inside(
    client: Client, fleet: Fleet, subscription: Subscription, driver_id: str, message: Callable[[Message], bytes]
) -> None:
    """Owe a client the fences that a driver is inside of, in place of an older message about them."""
    key = "fences", subscription.id, driver_id
    inside = fleet.inside.get(driver_id, {})
    told = [(fence_id, since) for fence_id, since in sorted(inside.items()) if subscription.tells(fence_id)]
    if told or (client.owed is not None and key in client.owed):
        client.owe(key, message(FencesMessage(driver_id, told)))


class Live(Protocol):
    """The part of a hub that events need."""

    fleets: dict[str, Fleet]
    frame: Callable[[bytes], bytes]
    flush: Callable[[], None]

    def fleet(self, id: str) -> Fleet: ...
    def message(self, message: Message) -> bytes: ...


class Insiders:
    """Passes events of fences to the clients of a hub, and keeps its fleets' ``inside`` current."""

    def __init__(self, hub: Live) -> None:
        self._hub = hub
        # Changes since the reading of PostgreSQL's table began, which are newer than what is read; else None.
        self._changes: list[tuple[str, str, FenceChange]] | None = None

    def change(self, fleet_id: str, driver_id: str, change: FenceChange, payload: bytes) -> None:
        """An event, an encoded message: to the clients that watch the driver and the fence, and noted for those to
        come."""
        hub = self._hub
        fleet = hub.fleet(fleet_id)
        note(fleet.inside, driver_id, change)
        if self._changes is not None:
            self._changes.append((fleet_id, driver_id, change))
        hub.flush()
        frame = hub.frame(payload)
        for client, subscription in fleet.following(driver_id, lambda one: one.tells(change.fence_id)):
            client.send(frame)
            if client.owed is not None and ("fences", subscription.id, driver_id) in client.owed:
                owe_inside(client, fleet, subscription, driver_id, hub.message)

    def reading(self, *, begun: bool) -> None:
        """The table of visits is being read, or could not be read."""
        self._changes = [] if begun else None

    def load(self, inside: dict[str, dict[str, dict[str, datetime]]]) -> None:
        """What was read, of all fleets: fleet -> driver -> fence -> since when."""
        for fleet in self._hub.fleets.values():
            fleet.inside = {}
        for fleet_id, drivers in inside.items():
            self._hub.fleet(fleet_id).inside = drivers
        changes, self._changes = self._changes, None
        for fleet_id, driver_id, change in changes or ():
            note(self._hub.fleet(fleet_id).inside, driver_id, change)
        for fleet in self._hub.fleets.values():
            self._tell(fleet)

    def _tell(self, fleet: Fleet) -> None:
        """What was read, for clients that subscribed before, as at the start of the hub."""
        for client in fleet.facts:
            for subscription in (client.facts or {}).values():
                for driver_id in fleet.inside if subscription.fences is not None else ():
                    if subscription.concerns(driver_id, fleet.place(driver_id)):
                        owe_inside(client, fleet, subscription, driver_id, self._hub.message)
            if not client.blocked and client.owed:
                client.drain()
