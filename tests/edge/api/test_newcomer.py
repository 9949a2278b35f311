"""A newcomer's path: enter a driver, put its URL into an app, see it live, and shut it out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import Answer, call, get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVERS, SHARES, change, hub_with
from tests.support.peers import Peer
from tests.support.running import Edge, until


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "newcomer") as running:
        yield running


def phone(hub: Edge, url: str, seconds: int) -> Answer:
    """What Traccar Client 8 sends to the URL that its user typed: it calls itself by a number of its own."""
    host, port = hub.address
    path = url.removeprefix(f"http://{host}:{port}")
    query = "id=487213&lat=25.2&lon=55.3&speed=19.438445&bearing=90.0&altitude=7.0&accuracy=5.0&batt=40.0"
    return call(hub, "POST", f"{path}?{query}&timestamp={1_790_000_000 + seconds}", b"")


def location(screen: Peer) -> Any:
    """The next position that a screen is sent."""
    while (message := screen.hear())["type"] != "location":
        pass
    return message


def test_from_a_driver_that_is_entered_to_its_position_on_a_screen(hub: Edge) -> None:
    assert post(hub, DRIVERS, {"driverId": "d-7", "name": "Courier 7"}, ADMIN).status == 201
    made = post(hub, f"{DRIVERS}/d-7/tokens", {}, ADMIN).json
    link = post(hub, SHARES, {"driverId": "d-7", "hours": 1}, DISPATCHER).json["token"]
    with Peer(hub.address, "/ws", [f"Authorization: Bearer {DISPATCHER}"]) as screen:
        screen.say({"type": "subscribe", "id": "map", "all": True})
        # The hub hears of the token from PostgreSQL.
        until(lambda: phone(hub, made["url"], 1).status == 200)
        seen = location(screen)
        assert (seen["driverId"], seen["latitude"], seen["heading"]) == ("d-7", 25.2, 90.0)
        assert seen["speed"] == pytest.approx(10.0)
        read = get(hub, "/api/v1/drivers/d-7", DISPATCHER).json
        assert (read["position"]["seq"], read["status"]) == (seen["seq"], "online")
        shown = get(hub, f"/api/v1/share/{link}").json["position"]
        assert (shown["latitude"], shown["longitude"]) == (25.2, 55.3)

        # Shut out while disabled, welcome again after it.
        disabled = change(hub, "PATCH", f"{DRIVERS}/d-7", {"disabled": True}, etag="*")
        until(lambda: phone(hub, made["url"], 2).status == 401)
        change(hub, "PATCH", f"{DRIVERS}/d-7", {"disabled": False}, etag=disabled.headers["etag"])
        until(lambda: phone(hub, made["url"], 3).status == 200)

        # A phone is lost: its token goes, the other's stays.
        other = post(hub, f"{DRIVERS}/d-7/tokens", {}, ADMIN).json
        until(lambda: phone(hub, other["url"], 4).status == 200)
        assert change(hub, "DELETE", f"{DRIVERS}/d-7/tokens/{made['id']}").status == 204
        until(lambda: phone(hub, made["url"], 5).status == 401)
        assert phone(hub, other["url"], 6).status == 200

        # With the driver go its place on the map and its tokens.
        assert change(hub, "DELETE", f"{DRIVERS}/d-7", etag="*").status == 204
        assert get(hub, "/api/v1/drivers/d-7", DISPATCHER).status == 404
        until(lambda: phone(hub, other["url"], 7).status == 401)
