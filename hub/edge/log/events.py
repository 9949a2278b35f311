"""Sends events of the recorder (trips, fences, jobs) and alerts of the notifier to subscribers: the only data that
comes back from the durable path."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hub.core.live.facts.inside import FenceChange, Insiders
from hub.core.live.facts.own import tell_driver
from hub.core.live.hub import Hub
from hub.edge.log.feeds import BLOCK, follow
from hub.logs import Action, get_logger
from hub.stores.redis.events.alerts import AlertEvent, AlertFeed
from hub.stores.redis.events.reader import EventFeed
from hub.wire.events import REMOVAL, Event, FenceMessage
from hub.wire.layout import ONLY, Partition
from hub.wire.log import BadEntry
from hub.wire.notices.alerts import ALERTS_KEY

log = get_logger()

FENCE = b'{"type":"fence",'
"""Beginning of the message of a fence."""

ROUTE = b'{"type":"route",'
"""Beginning of the message of a route, which its driver gets, too."""

_fence = msgspec.json.Decoder(FenceMessage)

Removed = Callable[[str, bytes], None]


async def announce(
    hub: Hub,
    insiders: Insiders,
    redis_url: str,
    patience: float,
    removed: Removed = lambda fleet, payload: None,
    partition: Partition = ONLY,
) -> None:
    """Pass events of a partition to the hub until cancelled, and removals of drivers (fleet, payload) to ``removed``. A
    Redis that is silent for ``patience`` seconds is away; meanwhile events wait in its stream."""

    def pass_on(found: tuple[list[Event], list[BadEntry]]) -> None:
        events, bad = found
        for error in bad:
            log.error(Action.INTERNAL_ERROR, where="events", error=str(error)[:200])
        for event in events:
            try:
                if event.payload.startswith(REMOVAL):
                    removed(event.fleet, event.payload)
                else:
                    _pass_on(hub, insiders, event)
            except msgspec.MsgspecError as error:
                log.error(Action.INTERNAL_ERROR, where="events", error=str(error)[:200])

    key = partition.events
    await follow(redis_url, key, patience, lambda redis: EventFeed(redis, key, BLOCK), pass_on)


async def announce_alerts(hub: Hub, redis_url: str, patience: float) -> None:
    """The same for alerts, to subscriptions that ask for them."""

    def pass_on(found: list[AlertEvent]) -> None:
        for event in found:
            hub.alert(event.fleet, event.driver_id, event.payload)

    await follow(redis_url, ALERTS_KEY, patience, lambda redis: AlertFeed(redis, BLOCK), pass_on)


def _pass_on(hub: Hub, insiders: Insiders, event: Event) -> None:
    if event.payload.startswith(ROUTE):
        tell_driver(hub, event.fleet, event.driver_id, event.payload)
    if not event.payload.startswith(FENCE):
        hub.announce(event.fleet, event.driver_id, event.payload)
        return
    insiders.change(event.fleet, event.driver_id, change_of(_fence.decode(event.payload)), event.payload)


def change_of(message: FenceMessage) -> FenceChange:
    """What an event of a fence tells of who is inside."""
    inside: bool | None = None
    if message.removed or message.exited_at is not None:
        inside = False
    elif message.event in ("entered", "dwelled", "revised"):
        inside = True
    return FenceChange(message.fence_id, message.entered_at, inside)
