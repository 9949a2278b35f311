"""The search on the map, where a driver is, and what a share link says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from hub.settings import Settings
from tests.support.geocoder import Geocoder, geocoder
from tests.support.hub_process import HubProcess
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask, send
from tests.web.guarded import serious
from tests.web.screens import Screen

ROAD, STREET = "12 Al Wasl Road, Jumeirah, Dubai", "Lindenstraße 3, Mitte, Berlin"

CENTRE = "Dubai International Financial Centre, United Arab Emirates"


@pytest.fixture
def stand_in() -> Iterator[Geocoder]:
    with geocoder() as running:
        yield running


@pytest.fixture
def asking(tmp_path: Path, stand_in: Geocoder) -> Iterator[HubProcess]:
    """A hub of its own, with a geocoder."""
    given = {"geocoder": stand_in.url, "geocoder_rate": 100.0}
    process = HubProcess(Settings(port=0, map="offline", data_dir=tmp_path / "data", **given), tmp_path)
    process.start()
    yield process
    process.stop()


def shows(screen: Screen, latitude: float, longitude: float) -> None:
    """Wait until a place is in the middle of the map."""
    screen.wait(
        """([latitude, longitude]) => {
            const {lat, lng} = hub.map.maplibre.getCenter();
            return Math.hypot(lat - latitude, lng - longitude) < 0.001;
        }""",
        [latitude, longitude],
    )


@pytest.mark.thorough
def test_places_are_searched_with_the_keyboard_and_drivers_have_one(
    asking: HubProcess, stand_in: Geocoder, open_screen: OpenScreen
) -> None:
    send(asking, [{"driverId": "place-1", "latitude": 25.2048, "longitude": 55.2708, "speed": 3}])
    ask(
        asking,
        "POST",
        "/api/v1/fences",
        {"name": "Depot", "radius": 500, "shape": {"type": "Point", "coordinates": [56, 25]}},
    )
    screen = open_screen(asking)
    screen.forgiven.append("the server responded with a status of 404")  # the driver has no trips
    screen.ready()
    page = screen.page
    field = page.get_by_role("combobox", name="Search places")
    options = page.locator("#finder-list [role=option]")
    marker = page.get_by_role("img", name="Found:")

    # A place of the gazetteer, near the middle of the map.
    screen.jump(55.27, 25.2, 9)
    field.focus()
    page.keyboard.type("hatta")
    expect(options.first).to_contain_text("Hatta, United Arab Emirates")
    expect(page.locator(".finder-said")).to_contain_text("Choose with the arrow keys.")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "finder-0")
    assert serious(screen) == []
    page.keyboard.press("Enter")
    shows(screen, 24.80073, 56.12726)
    expect(marker).to_have_attribute("title", "Hatta, United Arab Emirates")
    expect(page.locator("#announcer")).to_have_text("The map shows Hatta, United Arab Emirates.")
    expect(page.locator("#finder-list")).to_be_hidden()
    expect(field).to_be_focused()
    assert stand_in.asked == []

    # Escape ends the search, and with it the mark.
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(marker).to_have_count(0)

    # Coordinates, and a fence.
    page.keyboard.type("25°15'N 55°18'E")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    shows(screen, 25.25, 55.3)
    field.fill("depot")
    expect(options.first).to_contain_text("Fence")
    options.first.click()
    shows(screen, 25, 56)

    # An address is asked for when Enter says so.
    field.fill("lindenstraße")
    expect(options.last).to_contain_text("Search addresses for")
    page.keyboard.press("Enter")
    expect(options.first).to_contain_text(STREET)
    assert [path for path, _ in stand_in.asked] == ["/search"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    shows(screen, 52.5044, 13.3967)
    field.fill("qqqqqq")
    page.keyboard.press("Enter")
    expect(page.locator(".finder-said")).to_contain_text("Nothing found for")

    # A driver opens its panel, which says where it is, and anew after it has moved.
    field.fill("place-1")
    expect(options.first).to_contain_text("Driver")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    place = page.locator("#panel [data-key=place]")
    expect(place).to_have_text(ROAD)
    assert serious(screen) == []
    send(asking, [{"driverId": "place-1", "latitude": 24.814, "longitude": 56.142}])
    expect(place).to_have_text("2.1 km north-east of Hatta, United Arab Emirates")
    assert len(stand_in.asked) == 4

    # A share link has the name of the nearest place, and asks the geocoder nothing.
    send(asking, [{"driverId": "place-1", "latitude": 25.2048, "longitude": 55.2708}])
    expect(place).to_have_text(ROAD)
    made = ask(asking, "POST", "/api/v1/shares", {"driverId": "place-1", "hours": 1})
    shared = open_screen(asking, urlsplit(made["url"]).path)
    expect(shared.page.locator("#figures")).to_contain_text(CENTRE)
    expect(shared.page.locator(".maplibregl-ctrl-attrib")).to_contain_text("GeoNames")
    assert len(stand_in.asked) == 4


def test_a_narrow_map_has_room_for_the_search(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, viewport={"width": 390, "height": 780}, color_scheme="dark")
    screen.ready()
    field = screen.page.get_by_role("combobox", name="Search places")
    field.fill("dubai")
    expect(screen.page.locator("#finder-list [role=option]").first).to_be_visible()
    # Without a geocoder no addresses are offered.
    expect(screen.page.locator("#finder-list")).not_to_contain_text("Search addresses")
    assert serious(screen) == []
    assert screen.page.evaluate("() => document.documentElement.scrollWidth") == 390
    boxes = [screen.page.locator(name).bounding_box() for name in (".finder", ".maplibregl-ctrl-top-right")]
    assert boxes[0] and boxes[1] and boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
