"""What makes a page hard to use for some: axe looks for it, and the page keeps to what it says of itself."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.clients.hub_process import HubProcess
from tests.edge.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.screens import KEPT_SOCKETS, Screen


def serious(screen: Screen) -> list[tuple[str, list[str]]]:
    """(rule, where) of each serious violation."""
    found: list[dict[str, Any]] = Axe().run(screen.page).response["violations"]
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_live_map_has_no_serious_violation(
    hub: HubProcess, open_screen: OpenScreen, peer: Peer, scheme: str
) -> None:
    peer.say([{"driverId": f"axe-{number}", "latitude": 25.0, "longitude": 55.0, "speed": 3} for number in range(30)])
    screen = open_screen(hub, color_scheme=scheme)
    screen.ready()
    screen.page.locator(".row").first.wait_for()
    assert serious(screen) == []
    screen.page.evaluate("() => hub.map.follow('axe-1')")
    screen.page.get_by_text("Following axe-1").wait_for()
    assert serious(screen) == []


def test_a_narrow_window_has_map_and_list(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "narrow", "latitude": 25.0, "longitude": 55.0})
    screen = open_screen(hub, viewport={"width": 390, "height": 780})
    screen.ready()
    shown, listed = (screen.page.locator(name).bounding_box() for name in ("#map", "#list"))
    assert shown and listed
    assert shown["width"] == listed["width"] == 390
    assert shown["y"] + shown["height"] <= listed["y"] + 1
    # Nothing is wider than the window.
    assert screen.page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert serious(screen) == []


def test_changes_of_the_connection_are_said(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, before=KEPT_SOCKETS)
    screen.ready()
    screen.lose_connection()
    screen.page.locator("#announcer", has_text="Reconnecting").wait_for(state="attached")
