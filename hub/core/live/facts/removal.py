"""Removing a driver from the live fleet: what its subscribers get, and what a client that was away gets later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hub.core.live.broadcast import Broadcaster
from hub.core.live.fleet import Fleet
from hub.core.live.subscriptions import Subscription
from hub.core.live.update import Update

MOST_REMOVED = 1_000
"""Removed drivers of a fleet that are remembered for clients that resume: as many as such a client gets ``left``
messages. A client that was away for more removals starts again with a snapshot."""


def remove(broadcaster: Broadcaster, fleet: Fleet, driver_id: str, seq: int) -> None:
    """Remove a driver that has a latest position; ``seq`` numbers the removal. Nothing may be unflushed."""
    update = fleet.latest[driver_id]
    for client in list(fleet.clients_of(update)):
        client.forget(("status", driver_id))
        for subscription in (client.subscriptions or {}).values():
            if subscription.matches(driver_id, update.latitude, update.longitude):
                subscription.pending.pop(driver_id, None)
                broadcaster.leave(client, subscription.id, driver_id, still=False)
    for client in fleet.plain.members:  # which receives locations only
        client.forget(driver_id)
    del fleet.latest[driver_id]
    fleet.grid.remove(driver_id)
    fleet.clocks.remove(driver_id)
    fleet.late.remove(driver_id)
    fleet.heard_of(driver_id).pop(driver_id, None)
    fleet.review.discard(driver_id)
    fleet.lost.pop(driver_id, None)
    fleet.away.pop(driver_id, None)
    fleet.turned.pop(driver_id, None)
    fleet.removals += 1
    note_removed(fleet, driver_id, seq)


def note_removed(fleet: Fleet, driver_id: str, seq: int) -> None:
    """Note a removal with the number ``seq`` for clients that resume."""
    fleet.removed.pop(driver_id, None)
    fleet.removed[driver_id] = seq
    if len(fleet.removed) > MOST_REMOVED:
        oldest = next(iter(fleet.removed))
        fleet.removed_before = fleet.removed.pop(oldest)


def forget_up_to(fleet: Fleet, driver_id: str, until: datetime) -> None:
    """Note that a driver is removed unless a position is received after an instant. Those before it may come out of the
    log only now."""
    until = max(until, fleet.gone.pop(driver_id, until))
    fleet.gone[driver_id] = until
    if len(fleet.gone) > MOST_REMOVED:
        del fleet.gone[next(iter(fleet.gone))]


def removed_since(fleet: Fleet, subscription: Subscription, seq: int) -> list[str]:
    """Drivers that were removed after ``seq`` and are not live again, and may have matched a subscription."""
    return [
        driver_id
        for driver_id, at in fleet.removed.items()
        if at > seq
        and driver_id not in fleet.latest
        and (subscription.drivers is None or driver_id in subscription.drivers)
    ]


def unheard(fleet: Fleet, drivers: Iterable[str], now: datetime, limit: timedelta) -> list[tuple[str, datetime]]:
    """Those of ``drivers`` that are offline and were last heard ``limit`` ago or earlier, and when they were."""
    heard = ((driver_id, fleet.lost.get(driver_id)) for driver_id in drivers)
    return [(driver_id, at) for driver_id, at in heard if at is not None and now - at >= limit]


def outdated(fleet: Fleet, update: Update) -> bool:
    """Whether a fix belongs to the erased history of its driver."""
    until = fleet.erased.get(update.driver_id)
    return until is not None and update.recorded_at <= until
