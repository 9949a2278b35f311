"""Fences on the screen: drawn with the pointer or with keys alone, looked at, and left to the feed."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.hub_process import HubProcess
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask, send
from tests.web.guarded import serious
from tests.web.screens import Screen

STEPS = 15

NO_TRIPS = "the server responded with a status of 404"


def at(driver_id: str, longitude: float, latitude: float, seconds: float = 0.0, **more: Any) -> dict[str, Any]:
    """A fix of some seconds ago."""
    recorded = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()
    return {"driverId": driver_id, "latitude": latitude, "longitude": longitude, "recordedAt": recorded, **more}


def drive(hub: HubProcess, driver_id: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """On a straight line, a step a second from now on: the fence has just been made, and counts since then. Places are
    (longitude, latitude)."""
    steps = ((start[i] + (end[i] - start[i]) * step / STEPS for i in (0, 1)) for step in range(STEPS + 1))
    fixes = [at(driver_id, *place, -second, accuracy=5, speed=15) for second, place in enumerate(steps)]
    send(hub, fixes)


def new_fence(screen: Screen, longitude: float, latitude: float, zoom: float = 13) -> None:
    screen.ready()
    screen.jump(longitude, latitude, zoom)
    screen.page.get_by_role("tab", name="Fences").click()
    screen.page.get_by_role("link", name="New fence").click()
    screen.page.get_by_role("heading", name="New fence").wait_for()
    screen.wait("() => hub.map.drawing")


def click_map(screen: Screen, x: float, y: float) -> None:
    """Away from the middle of the map, in pixels; Terra Draw takes two clicks that come together for one."""
    box = screen.page.locator("#map canvas").bounding_box()
    assert box
    screen.page.mouse.move(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y)
    screen.page.mouse.click(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y)
    screen.page.wait_for_timeout(350)


def fence_named(hub: HubProcess, name: str) -> dict[str, Any]:
    (found,) = [fence for fence in ask(hub, "GET", "/api/v1/fences")["fences"] if fence["name"] == name]
    return dict(found)


def entry_rule(hub: HubProcess, name: str, fence_id: str) -> None:
    body = {"name": name, "kind": "fence.entered", "watch": {"fences": [fence_id]}}
    ask(hub, "POST", "/api/v1/rules", body)


def test_a_polygon_is_drawn_a_truck_drives_in_and_the_feed_leads_to_it(
    hub: HubProcess, open_screen: OpenScreen
) -> None:
    screen = open_screen(hub, viewport={"width": 1280, "height": 800})
    screen.forgiven.append(NO_TRIPS)
    new_fence(screen, 31.0, -3.0)
    page = screen.page
    page.get_by_role("button", name="Polygon").click()
    for x, y in [(-80, -80), (80, -80), (80, 80), (-80, 80), (-80, -80)]:
        click_map(screen, x, y)
    expect(page.get_by_label("Latitude of point 4")).to_have_count(1)
    assert page.get_by_label("Latitude of point 5").count() == 0
    assert serious(screen) == []
    page.get_by_label("Name", exact=True).fill("Quay")
    page.get_by_label("Category", exact=True).fill("port")
    page.get_by_role("button", name="Save").click()
    page.locator("#panel").get_by_role("heading", name="Quay").wait_for()
    page.get_by_text("No driver is inside.").wait_for()
    assert serious(screen) == []
    fence = fence_named(hub, "Quay")
    (ring,) = fence["shape"]["coordinates"]
    assert len(ring) == 5
    # 80 pixels at zoom 13.
    west = min(longitude for longitude, _ in ring)
    assert west == pytest.approx(31.0 - 80 * 360 / 512 / 2**13, abs=2e-5)

    entry_rule(hub, "At the quay", fence["fenceId"])
    drive(hub, "quay-1", (30.99, -3.0), (30.998, -3.0))
    page.get_by_role("tab", name="Alerts").click()
    item = page.locator(".feed-item", has_text="At the quay")
    item.wait_for()
    page.locator(".fence-inside", has_text="quay-1").wait_for()
    page.locator(".visits", has_text="quay-1").wait_for()
    item.get_by_role("link", name="Show the driver quay-1").click()
    page.locator("#panel").get_by_role("heading", name="quay-1").wait_for()
    screen.wait("() => Math.abs(hub.map.maplibre.getCenter().lng - 31) < 0.05")
    # The label of the fence says how many are inside, and the list too.
    counted = """async () => {
        const { features } = await hub.map.maplibre.getSource("fences").getData();
        return features.some(({ properties }) => properties.label === "Quay\\n1 inside");
    }"""
    screen.wait(counted)
    page.get_by_role("tab", name="Fences").click()
    page.locator(".fence-row", has_text="Quay").get_by_text("1 inside").wait_for()
    page.get_by_role("tab", name="Alerts").click()
    item.get_by_role("link", name="Show the fence").click()
    page.locator("#panel").get_by_role("heading", name="Quay").wait_for()


@pytest.mark.thorough
def test_the_same_with_keys_alone(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, viewport={"width": 1280, "height": 800})
    screen.forgiven.append(NO_TRIPS)
    screen.ready()
    page = screen.page

    def tab_to(name: str, role: str = "button") -> None:
        """Press Tab until an element has the focus: it can be reached."""
        wanted = page.get_by_role(role, name=name, exact=name == "Name").first  # type: ignore[arg-type]
        wanted.wait_for()
        for _ in range(80):
            if wanted.evaluate("node => node === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached")

    def enter(label: str, value: str) -> None:
        tab_to(label, "spinbutton" if " of point " in label else "textbox")
        page.keyboard.press("Control+A")
        page.keyboard.type(value)

    tab_to("Drivers", "tab")
    page.keyboard.press("End")
    tab_to("New fence", "link")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="New fence").wait_for()
    tab_to("Polygon")
    page.keyboard.press("Space")
    for number, (latitude, longitude) in enumerate([(-4.01, 32.99), (-4.01, 33.01), (-3.99, 33.01), (-3.99, 32.99)], 1):
        tab_to("Add a point")
        page.keyboard.press("Enter")
        enter(f"Latitude of point {number}", str(latitude))
        enter(f"Longitude of point {number}", str(longitude))
    enter("Name", "Yard by keys")
    tab_to("Save")
    page.keyboard.press("Enter")
    page.locator("#panel").get_by_role("heading", name="Yard by keys").wait_for()
    fence = fence_named(hub, "Yard by keys")
    assert fence["shape"]["coordinates"] == [
        [[32.99, -4.01], [33.01, -4.01], [33.01, -3.99], [32.99, -3.99], [32.99, -4.01]]
    ]

    entry_rule(hub, "In the yard", fence["fenceId"])
    drive(hub, "yard-1", (32.987, -4.0), (32.995, -4.0))
    page.keyboard.press("Escape")
    page.wait_for_url("**/#/")
    tab_to("Fences", "tab")
    page.keyboard.press("ArrowLeft")
    page.locator(".feed-item", has_text="In the yard").wait_for()
    tab_to("Show the driver yard-1", "link")
    page.keyboard.press("Enter")
    page.locator("#panel").get_by_role("heading", name="yard-1").wait_for()
    screen.wait("() => Math.abs(hub.map.maplibre.getCenter().lng - 33) < 0.05")
    assert serious(screen) == []


@pytest.mark.thorough
def test_a_circle_is_drawn_and_its_numbers_follow(hub: HubProcess, open_screen: OpenScreen) -> None:
    send(hub, [{"driverId": "followed", "latitude": -5.0, "longitude": 35.0}])
    screen = open_screen(hub, viewport={"width": 1280, "height": 800})
    page = screen.page
    page.locator(".row", has_text="followed").dblclick()
    page.get_by_text("Following followed", exact=True).wait_for()
    new_fence(screen, 35.0, -5.0)
    # The pressed shape is drawn, and the map does not move meanwhile.
    expect(page.get_by_role("button", name="Polygon")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("Click the corners on the map").wait_for()
    assert page.evaluate("hub.map.followed") is None
    page.get_by_role("button", name="Circle").click()
    click_map(screen, 0, 0)
    click_map(screen, 60, 0)
    radius = page.get_by_label("Radius in metres")
    expect(page.get_by_label("Latitude of point 1")).to_have_value("-5")
    # 60 pixels at zoom 13.
    metres = 60 * 78_271.5 / 2**13 * math.cos(math.radians(5))
    assert float(radius.input_value()) == pytest.approx(metres, rel=0.02)
    radius.fill("400")
    page.get_by_label("Longitude of point 1").fill("35.01")
    page.get_by_label("Longitude of point 1").press("Tab")
    page.get_by_label("Name", exact=True).fill("Round")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Circle, radius 400 m.").wait_for()
    fence = fence_named(hub, "Round")
    assert fence["radius"] == 400
    assert fence["shape"]["coordinates"] == pytest.approx([35.01, -5.0], abs=1e-4)


@pytest.mark.thorough
def test_a_style_of_the_map_comes_while_a_corridor_is_drawn(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, viewport={"width": 1280, "height": 800}, color_scheme="light")
    new_fence(screen, 39.0, -9.0)
    page = screen.page
    page.evaluate("() => void hub.map.maplibre.once('style.load', () => (globalThis.styled = true))")
    page.get_by_role("button", name="Corridor").click()
    click_map(screen, -80, 0)
    page.get_by_role("button", name="Dark", exact=True).click()
    screen.wait("() => globalThis.styled")
    # The line begins again, and its first point is not the one from before.
    for x in (-40, 40, 40):
        click_map(screen, x, 0)
    expect(page.get_by_label("Latitude of point 2")).to_have_count(1)
    assert page.get_by_label("Latitude of point 3").count() == 0
    west = float(page.get_by_label("Longitude of point 1").input_value())
    assert west == pytest.approx(39.0 - 40 * 360 / 512 / 2**13, abs=2e-5)


def test_a_fence_is_edited_with_its_hole_and_another_user_changes_it(hub: HubProcess, open_screen: OpenScreen) -> None:
    outer = [[36.0, -6.0], [36.02, -6.0], [36.02, -5.98], [36.0, -5.98], [36.0, -6.0]]
    hole = [[36.005, -5.995], [36.005, -5.985], [36.015, -5.985], [36.015, -5.995], [36.005, -5.995]]
    body = {"name": "Ring", "shape": {"type": "Polygon", "coordinates": [outer, hole]}, "rules": {"speedLimit": 10}}
    made = ask(hub, "POST", "/api/v1/fences", body)
    screen = open_screen(hub, f"/#/fences/{made['fenceId']}")
    screen.forgiven.append("status of 412")
    page = screen.page
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("heading", name="Edit the fence").wait_for()
    page.get_by_label("Name", exact=True).fill("Ring road")
    page.get_by_label("Latitude of point 3").fill("-5.97")
    ask(hub, "PATCH", f"/api/v1/fences/{made['fenceId']}", {"category": "by another user"})
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Another user changed this fence. Your input is kept").wait_for()
    page.get_by_role("button", name="Save").click()
    page.locator("#panel").get_by_role("heading", name="Ring road").wait_for()
    fence = fence_named(hub, "Ring road")
    changed = [*outer[:2], [36.02, -5.97], *outer[3:]]
    assert fence["shape"]["coordinates"] == [changed, hole]
    assert fence["rules"]["speedLimit"] == 10
    assert fence["category"] == "by another user"


@pytest.mark.thorough
def test_the_preview_finds_visits_before_the_fence_exists(hub: HubProcess, open_screen: OpenScreen) -> None:
    for minute in range(30):
        inside = 10 <= minute < 20
        send(hub, [at("before-1", 37.0 if inside else 37.05, -7.0, 60 * (30 - minute), accuracy=5)])
    screen = open_screen(hub, viewport={"width": 1280, "height": 800})
    screen.forgiven += [NO_TRIPS, "status of 503"]
    screen.until(lambda: len(ask(hub, "GET", "/api/v1/drivers/before-1/track")["positions"]) == 30)
    new_fence(screen, 37.0, -7.0)
    page = screen.page
    page.get_by_role("button", name="Circle").click()
    page.get_by_role("button", name="Place it at the middle of the map").click()
    page.get_by_label("Radius in metres").fill("500")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("1 visit of 1 driver.").wait_for()
    row = page.locator(".visits tbody tr")
    assert row.get_attribute("data-driver") == "before-1"
    assert "min" in row.inner_text()
    assert serious(screen) == []
    assert [fence for fence in ask(hub, "GET", "/api/v1/fences")["fences"] if fence["name"] == ""] == []


@pytest.mark.thorough
def test_wrong_input_is_named_at_its_field(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub)
    screen.forgiven.append("status of 422")
    new_fence(screen, 38.0, -8.0)
    page = screen.page
    page.get_by_role("button", name="Save").click()
    page.get_by_text("A polygon needs at least 3 points.").wait_for()
    page.get_by_role("button", name="Place it at the middle of the map").click()
    page.get_by_role("button", name="Save").click()
    name = page.get_by_label("Name", exact=True)
    expect(name).to_have_attribute("aria-invalid", "true")
    name.fill("Wrong")
    page.get_by_text("Drivers, and when one counts as inside").click()
    page.get_by_label("Seconds outside that end it").fill("-1")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Enter a number from 0 to 604800.").wait_for()
    # A ring that meets itself is refused by the hub, in words.
    page.get_by_label("Seconds outside that end it").fill("60")
    first, third = (page.get_by_label(f"Longitude of point {number}") for number in (1, 2))
    values = first.input_value(), third.input_value()
    first.fill(values[1])
    third.fill(values[0])
    page.get_by_role("button", name="Save").click()
    page.locator(".fence-form .complaint[role=alert]").filter(has_text="shape").or_(
        page.locator(".fence-form .complaint[role=alert]").filter(has_text="ring")
    ).or_(page.locator(".fence-form .complaint[role=alert]").filter(has_text="itself")).wait_for()
    assert serious(screen) == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), pytest.param("dark", 390, marks=pytest.mark.thorough)])
def test_lists_and_forms_are_read_in_the_dark_and_in_a_narrow_window(
    hub: HubProcess, open_screen: OpenScreen, scheme: str, width: int
) -> None:
    body = {
        "name": f"Axe {width}",
        "shape": {"type": "LineString", "coordinates": [[39, -9], [39.1, -9]]},
        "radius": 30,
    }
    made = ask(hub, "POST", "/api/v1/fences", body)
    screen = open_screen(hub, color_scheme=scheme, viewport={"width": width, "height": 780})
    screen.ready()
    page = screen.page
    page.get_by_role("tab", name="Fences").click()
    page.locator(".fence-row", has_text=f"Axe {width}").wait_for()
    found = {"list": serious(screen)}
    page.evaluate("id => hub.navigate(`#/fences/${id}`)", made["fenceId"])
    page.get_by_text("No visits since the fence was created").wait_for()
    page.get_by_text("Corridor, 60 m wide.").wait_for()
    found["panel"] = serious(screen)
    page.evaluate("id => hub.navigate(`#/fences/${id}/edit`)", made["fenceId"])
    page.get_by_label("Width in metres").wait_for()
    found["editor"] = serious(screen)
    assert found == {view: [] for view in found}
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/#/")
    page.locator(".fence-row", has_text=f"Axe {width}").wait_for(state="detached")
