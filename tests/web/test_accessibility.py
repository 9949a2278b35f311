"""What makes a page hard to use for some: axe looks for it, and the page keeps to what it says of itself."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.guarded import GuardedHub, serious
from tests.web.screens import KEPT_SOCKETS

NEVER_DROVE = "the server responded with a status of 404"
"""What Chromium writes on the console where a driver has no trips."""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), pytest.param("dark", 390, marks=pytest.mark.thorough)])
def test_no_view_has_a_serious_violation(
    hub: HubProcess, open_screen: OpenScreen, peer: Peer, scheme: str, width: int
) -> None:
    peer.say([{"driverId": f"axe-{number}", "latitude": 25.0, "longitude": 55.0, "speed": 3} for number in range(30)])
    screen = open_screen(hub, color_scheme=scheme, viewport={"width": width, "height": 780})
    screen.forgiven.append(NEVER_DROVE)
    screen.ready()
    page = screen.page
    page.locator(".row").first.wait_for()
    found = {"map": serious(screen)}
    page.evaluate("() => hub.map.follow('axe-1')")
    page.get_by_text("Following axe-1", exact=True).wait_for()
    page.evaluate("() => hub.navigate('#/drivers/axe-1')")
    page.get_by_text("No trips on").wait_for()
    found["panel"] = serious(screen)
    page.evaluate("() => hub.navigate('#/analytics')")
    page.locator(".figures-body").locator(".notice, .figures-fleet").first.wait_for()
    found["analytics"] = serious(screen)
    page.evaluate("() => hub.navigate('#/manage')")
    for tab in ("Drivers", "Vehicles", "Share links"):
        page.get_by_role("tab", name=tab).click()
        found[tab] = serious(screen)
        # Nothing is wider than the window.
        assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert found == {view: [] for view in found}


def test_the_login_and_a_shared_link_are_read_in_the_dark(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    narrow = {"width": 390, "height": 780}
    login = open_screen(guarded, color_scheme="dark", viewport=narrow)
    login.page.get_by_role("dialog", name="Log in").wait_for()
    assert serious(login) == []
    guarded.make("/api/v1/fleet/drivers", {"driverId": "dark-7", "name": "Dark"})
    made = guarded.make("/api/v1/shares", {"driverId": "dark-7", "label": "خالد", "hours": 1})
    shared = open_screen(guarded, urlsplit(made["url"]).path, color_scheme="dark", viewport=narrow)
    shared.page.get_by_text("No position yet").wait_for()
    assert serious(shared) == []


@pytest.mark.thorough
def test_the_keyboard_goes_where_the_view_is(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "keyboard", "latitude": 25.0, "longitude": 55.0})
    screen = open_screen(hub, viewport={"width": 390, "height": 780})
    screen.forgiven.append(NEVER_DROVE)
    screen.ready()
    page = screen.page
    page.keyboard.press("/")
    page.keyboard.type("keyboard")
    screen.wait("() => document.querySelector('.row')?.getAttribute('aria-setsize') === '1'")
    page.keyboard.press("Enter")
    # The panel is over the list, so nobody is left below it.
    screen.wait("() => document.activeElement.id === 'panel'")
    assert page.evaluate("() => document.getElementById('list').inert")
    page.get_by_role("button", name="Close").press("Enter")
    screen.wait("() => document.activeElement.id === 'list' && !document.activeElement.inert")
    # Skipping leads to what is shown, and changes nothing of it.
    page.evaluate("() => hub.navigate('#/manage')")
    skip = page.get_by_role("link", name="Skip to the content")
    skip.press("Enter")
    screen.wait("() => document.activeElement.id === 'page'")
    assert page.url.endswith("#/manage")


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_changes_of_the_connection_are_said(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, before=KEPT_SOCKETS)
    screen.ready()
    # The next attempt may follow within milliseconds, and its success is said, too.
    screen.page.evaluate(
        """() => {
            const announcer = document.getElementById("announcer");
            globalThis.said = [];
            new MutationObserver(() => said.push(announcer.textContent)).observe(announcer, { childList: true });
        }"""
    )
    screen.lose_connection()
    screen.wait("() => said.at(-1) === 'Live'")
    assert [text[:12] for text in screen.page.evaluate("said")] == ["Reconnecting", "Live"]
