"""What a driver is told of itself."""

from __future__ import annotations

from hub.core.live.facts.own import tell_driver
from hub.core.principal import Principal, Role
from tests.support.live.conversations import World
from tests.support.live.fakes import Peer

ROUTE = b'{"type":"route"}'


def test_a_driver_gets_its_own_route_on_each_connection() -> None:
    world = World()
    own = [Peer(world.hub, Principal("f", Role.DRIVER, driver="d1")) for _ in range(2)]
    others = [
        Peer(world.hub, Principal("f", Role.DRIVER, driver="d2")),
        Peer(world.hub, Principal("g", Role.DRIVER, driver="d1")),
        world.watcher(),
        world.plain(),
    ]
    tell_driver(world.hub, "f", "d1", ROUTE)
    assert [peer.read() for peer in own] == [[{"type": "route"}]] * 2
    assert [peer.read() for peer in others] == [[]] * 4
