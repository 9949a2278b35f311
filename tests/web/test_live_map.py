"""The live map: drivers appear, move and are found; what is sent follows what is looked at."""

from __future__ import annotations

from typing import Any

from tests.clients.hub_process import HubProcess
from tests.edge.peers import Peer
from tests.web.conftest import OpenScreen


def fix(driver_id: str, latitude: float, longitude: float, **more: Any) -> dict[str, Any]:
    return {"driverId": driver_id, "latitude": latitude, "longitude": longitude, **more}


def test_a_driver_appears_and_moves(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    screen = open_screen(hub)
    screen.ready()
    peer.say(fix("mover", 25.2, 55.3, speed=10, heading=90))
    row = screen.page.locator(".row", has_text="mover")
    row.wait_for()
    assert "36 km/h" in row.inner_text()
    screen.wait("() => hub.map.layer.at('mover')?.[0] === 55.3")
    peer.say(fix("mover", 25.2, 55.31, speed=20, heading=90))
    # It glides there.
    screen.wait("() => hub.map.layer.at('mover')?.[0] === 55.31")
    row.get_by_text("72 km/h").wait_for()
