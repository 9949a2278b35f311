"""What the map shows of the followed driver, the ruler, the own position, and what the page remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask, send
from tests.web.guarded import serious
from tests.web.screens import Screen

VISIBLE = """names => {
    const map = hub.map.maplibre;
    // Between two styles there are no layers, and MapLibre warns of a question about them.
    return names.map((name) => Boolean(map.getLayer(name)) && map.getLayoutProperty(name, "visibility") === "visible");
}"""
FOLLOWED = ["followed-trail", "followed-accuracy", "followed-name"]


def trail(screen: Screen) -> list[Any]:
    """The lines of the trail."""
    found: list[Any] = screen.page.evaluate(
        """async () => {
            const {features} = await hub.map.maplibre.getSource("trail").getData();
            return features.map(({geometry}) => geometry.coordinates);
        }"""
    )
    return found


def test_a_followed_driver_has_its_way_its_accuracy_and_its_name(
    hub: HubProcess, open_screen: OpenScreen, peer: Peer
) -> None:
    now = datetime.now(UTC)
    before = [
        {
            "driverId": "trail",
            "latitude": -15.0 + minutes / 1_000,
            "longitude": 61.0,
            "recordedAt": (now - timedelta(minutes=minutes)).isoformat(),
        }
        for minutes in (40, 12, 8, 4)
    ]
    send(hub, before)
    screen = open_screen(hub)
    screen.ready()
    screen.until(lambda: len(ask(hub, "GET", "/api/v1/drivers/trail/track")["positions"]) == len(before))
    assert screen.page.evaluate(VISIBLE, FOLLOWED) == [False] * 3
    screen.page.evaluate("() => hub.map.follow('trail')")
    # Of the last quarter of an hour only.
    screen.until(lambda: trail(screen) == [[[61.0, round(-15.0 + k / 1_000, 3)] for k in (12, 8, 4)]])
    assert screen.page.evaluate(VISIBLE, FOLLOWED) == [True] * 3
    peer.say({"driverId": "trail", "latitude": -15.0, "longitude": 61.0, "accuracy": 200})
    screen.until(lambda: trail(screen)[0][-1] == [61.0, -15.0])
    # 200 m, measured on the map.
    screen.wait("() => hub.map.maplibre.getPaintProperty('followed-accuracy', 'circle-radius')[4] > 0")
    ratio = screen.page.evaluate(
        """() => {
            const map = hub.map.maplibre;
            const low = map.getPaintProperty("followed-accuracy", "circle-radius")[4];
            const pixels = low * 2 ** map.getZoom();
            const [west, east] = [61.0, 61.1].map((longitude) => map.project([longitude, -15.0]).x);
            const metres = 0.1 * 111195 * Math.cos(15 * Math.PI / 180);
            return pixels / ((east - west) * 200 / metres);
        }"""
    )
    assert ratio == pytest.approx(1, abs=0.01)
    order = screen.page.evaluate("() => hub.map.maplibre.getStyle().layers.map(({id}) => id)")
    assert order[-1] == "followed-name"
    screen.wait(
        """() => hub.map.maplibre.queryRenderedFeatures({layers: ["followed-name"]})
            .some(({properties}) => properties.name === "trail")"""
    )
    # A new style has all of it again.
    screen.page.evaluate("() => hub.map.setTheme('dark')")
    screen.wait(f"names => ({VISIBLE})(names).every(Boolean)", FOLLOWED)
    screen.until(lambda: trail(screen) and trail(screen)[0][-1] == [61.0, -15.0])
    screen.page.get_by_role("button", name="Stop").click()
    assert screen.page.evaluate(VISIBLE, FOLLOWED) == [False] * 3
    assert trail(screen) == []


@pytest.mark.thorough
def test_an_arrow_says_whether_the_place_is_that_of_now(hub: HubProcess, open_screen: OpenScreen) -> None:
    # Online for longer than a busy machine takes.
    for driver_id in ("measured-old", "measured-now"):
        thresholds = {"staleAfter": 300, "offlineAfter": 600}
        ask(hub, "POST", "/api/v1/fleet/drivers", {"driverId": driver_id, **thresholds})
    recorded = datetime.now(UTC) - timedelta(seconds=400)
    old = {"driverId": "measured-old", "latitude": 1.0, "longitude": 64.0, "recordedAt": recorded.isoformat()}
    send(hub, [old, {"driverId": "measured-now", "latitude": 1.0, "longitude": 64.01, "heading": 90}])
    screen = open_screen(hub)
    screen.ready()
    screen.jump(64.0, 1.0, 12)
    icon = """async ([id, icon]) => {
        const {features} = await hub.map.maplibre.getSource("drivers").getData();
        return features.some(({properties}) => properties.id === id && properties.icon === icon);
    }"""
    screen.wait(icon, ["measured-old", "disc-old"])
    screen.wait("() => hub.map.maplibre.hasImage('disc-old')")
    # Without a message: the position of now becomes old, and the driver stays online.
    screen.wait("() => { const driver = hub.fleet.get('measured-now'); return driver && (driver.staleAfter = 0.1); }")
    screen.wait(icon, ["measured-now", "arrow-old"])
    expect(screen.page.locator(".row[data-driver=measured-old]")).to_contain_text("Online, no position for")


@pytest.mark.thorough
@pytest.mark.parametrize("width", [900, 390])
def test_a_distance_is_measured_by_pointer_and_by_keyboard(
    hub: HubProcess, open_screen: OpenScreen, peer: Peer, width: int
) -> None:
    peer.say({"driverId": "measured", "latitude": 0.0, "longitude": 62.0})
    screen = open_screen(hub, viewport={"width": width, "height": 700})
    screen.ready()
    screen.jump(62.0, 0.0, 13)
    page = screen.page
    button = page.get_by_role("button", name="Measure a distance")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    bar = page.locator(".map-ruler")
    expect(bar).to_contain_text("press Enter for the middle")
    page.keyboard.press("Enter")
    expect(bar).to_contain_text("Click the next point.")
    screen.jump(62.01, 0.0, 13)
    page.keyboard.press("Enter")
    expect(bar).to_contain_text("1.1 km over 2 points")
    assert serious(screen) == []
    # A click sets a point, and opens no driver.
    x, y = page.evaluate(
        """() => {
            const {left, top} = hub.map.maplibre.getCanvas().getBoundingClientRect();
            const {x, y} = hub.map.maplibre.project([62.0, 0.0]);
            return [left + x, top + y];
        }"""
    )
    page.mouse.click(x, y)
    expect(bar).to_contain_text("2.2 km over 3 points")
    expect(page.locator("#panel")).to_be_hidden()
    page.keyboard.press("Backspace")
    expect(bar).to_contain_text("1.1 km over 2 points")
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    expect(button).to_be_focused()
    assert not page.evaluate("hub.map.drawing")
    points = "async () => (await hub.map.maplibre.getSource('ruler').getData()).features.length"
    assert page.evaluate(points) == 0


ASKED = """
globalThis.asked = 0;
for (const name of ["watchPosition", "getCurrentPosition"]) {
  const own = Geolocation.prototype[name];
  Geolocation.prototype[name] = function (...given) {
    globalThis.asked += 1;
    return own.apply(this, given);
  };
}
"""


@pytest.mark.thorough
def test_the_own_position_is_asked_for_when_the_button_is_pressed(hub: HubProcess, open_screen: OpenScreen) -> None:
    place = {"latitude": 12.5, "longitude": 43.5, "accuracy": 30}
    screen = open_screen(hub, before=ASKED, geolocation=place, permissions=["geolocation"])
    # The driver that is followed has no positions.
    screen.forgiven.append("status of 404")
    screen.ready()
    button = screen.page.get_by_role("button", name="Find my location")
    expect(button).to_be_enabled()
    assert screen.page.evaluate("asked") == 0
    screen.page.evaluate("() => hub.map.follow('anyone')")
    button.press("Enter")
    # Else the map would go back to the driver.
    screen.wait("() => hub.map.followed === null")
    screen.wait("() => Math.abs(hub.map.maplibre.getCenter().lng - 43.5) < 1e-6")
    expect(screen.page.locator(".maplibregl-user-location-dot")).to_be_visible()
    assert screen.page.evaluate("asked") > 0
    assert not [message for message in screen.sent if "43.5" in str(message) and message["type"] != "subscribe"]


@pytest.mark.thorough
def test_the_page_remembers_view_order_status_and_filter(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "kept", "latitude": -12.0, "longitude": 63.0, "speed": 3})
    peer.say({"type": "state", "driverId": "kept", "state": "busy"})
    screen = open_screen(hub)
    screen.ready()
    page = screen.page
    screen.page.locator(".row").first.wait_for()
    screen.jump(63.0, -12.0, 11.5)
    page.get_by_label("Sort drivers by").select_option("Speed")
    statuses = page.get_by_role("group", name="Show drivers that are")
    statuses.get_by_role("button", name="Online").click()
    page.get_by_label("Show drivers of the state").select_option("Busy")
    screen.wait("() => localStorage.getItem('hub-screen:open')?.includes('busy')")
    screen.goto("/")
    screen.ready()
    expect(page.get_by_label("Sort drivers by")).to_have_value("speed")
    expect(statuses.get_by_role("button", name="Online")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Show drivers of the state")).to_have_value("busy")
    assert page.url.endswith("?state=busy")
    view = page.evaluate("() => [...hub.map.maplibre.getCenter().toArray(), hub.map.maplibre.getZoom()]")
    assert view == pytest.approx([63.0, -12.0, 11.5], abs=1e-4)

    # The filter of an address counts.
    screen.goto("/?state=free")
    screen.ready()
    expect(page.get_by_label("Show drivers of the state")).to_have_value("free")

    # What cannot be used is not there.
    unusable = {"view": [1e9, "x"], "order": "constructor", "status": 7, "filter": "x"}
    page.evaluate("kept => localStorage.setItem('hub-screen:open', JSON.stringify(kept))", unusable)
    screen.goto("/?state=")
    screen.ready()
    expect(page.get_by_label("Sort drivers by")).to_have_value("name")
    expect(statuses.get_by_role("button", name="All")).to_have_attribute("aria-pressed", "true")
