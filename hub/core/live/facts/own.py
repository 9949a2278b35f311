"""What a driver is told of itself: its route."""

from __future__ import annotations

from hub.core.live.hub import Hub


def tell_driver(hub: Hub, fleet: str, driver_id: str, payload: bytes) -> None:
    """Send a message, encoded, to the connections of a driver that watch nothing; never conflated. Those that watch the
    driver get it by ``announce``."""
    frame = b""
    for client in list(hub.clients.values()):
        if client.driver == driver_id and client.principal.fleet == fleet and not client.watching:
            frame = frame or hub.frame(payload)
            client.send(frame)
