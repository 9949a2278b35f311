"""Clients that have come from another node, and positions that they may have from there."""

from __future__ import annotations

from hub.core.live.broadcast import Broadcaster
from hub.core.live.client import Client
from hub.core.live.fleet import Fleet, matches
from hub.core.live.log_place import SEQUENCE_BITS
from hub.core.live.update import Update

LASTS = 60_000 << SEQUENCE_BITS
"""How far the log goes on, in its milliseconds, while a client counts as just arrived."""


class Arrivals:
    """A node shows its own positions before they are in the log. So a client that changes nodes may have a position of
    which the new node learns later, or too late: when it knows a newer one, outside of the client's area."""

    def __init__(self, broadcaster: Broadcaster) -> None:
        self._broadcaster = broadcaster
        # Client -> how far the log was read when it came.
        self._clients: dict[Client, int] = {}

    def add(self, client: Client, fleet: Fleet) -> None:
        """A client has resumed by a token."""
        self._clients[client] = fleet.log_place.read

    def remove(self, client: Client) -> None:
        """Forget a client; nothing happens if it is not known."""
        self._clients.pop(client, None)

    def overtaken(self, fleet: Fleet, latest: Update, latitude: float, longitude: float) -> None:
        """A place of a driver is older than its latest position: clients whose area contains the place, and not the
        latest position, get ``left``, as they may have the place."""
        if not self._clients:
            return
        self._broadcaster.flush()
        driver_id = latest.driver_id
        for client, read in list(self._clients.items()):
            if client.principal.fleet != fleet.id:
                continue
            if fleet.log_place.read - read > LASTS:
                del self._clients[client]
            else:
                for subscription in (client.subscriptions or {}).values():
                    if (
                        subscription.area is not None
                        and subscription.matches(driver_id, latitude, longitude)
                        and not subscription.matches(driver_id, latest.latitude, latest.longitude)
                    ):
                        self._broadcaster.leave(client, subscription.id, driver_id, still=matches(client, latest))
