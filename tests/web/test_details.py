"""What the registry has of a driver, on the panel, in the list, on the map, and in the search."""

from __future__ import annotations

import base64
import http.client
import struct
import zlib

import pytest
from playwright.sync_api import expect

from tests.support.hub_process import HubProcess
from tests.support.jpeg import exif
from tests.web.conftest import OpenScreen
from tests.web.fenced import alarm, alarm_rule, ask, send
from tests.web.guarded import serious

NO_TRIPS = "the server responded with a status of 404"

DRIVERS = "/api/v1/fleet/drivers"


def png(side: int) -> bytes:
    """A red square, which browsers can read."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = (b"\0" + b"\xc0\x20\x20" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 20 });
  canvas.getContext("2d");
  return canvas.toDataURL("image/jpeg").split(",")[1];
}"""
"""A wide JPEG, in base64."""


def put_photo(hub: HubProcess, driver_id: str, content: bytes) -> None:
    connection = http.client.HTTPConnection(*hub.address, timeout=60)
    try:
        connection.request("PUT", f"{DRIVERS}/{driver_id}/photo", content, {"content-type": "image/jpeg"})
        assert connection.getresponse().status == 200
    finally:
        connection.close()


def photo_of(hub: HubProcess, driver_id: str) -> tuple[str | None, bytes]:
    connection = http.client.HTTPConnection(*hub.address, timeout=60)
    try:
        connection.request("GET", f"{DRIVERS}/{driver_id}/photo")
        answer = connection.getresponse()
        return answer.getheader("content-type"), answer.read()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def fleet(hub: HubProcess) -> HubProcess:
    """Two drivers with vehicles, of which one is a kind that has a picture, and one without."""
    for driver_id, name, phone, type, plate in (
        ("det-1", "Noura", "+971 50 123 4567", "Van 3.5 t", "DXB A 12 345"),
        ("det-2", "Badr", "", "Hovercraft", "BOAT 9"),
    ):
        ask(hub, "POST", DRIVERS, {"driverId": driver_id, "name": name, "phone": phone})
        vehicle = {"vehicleId": f"v-{driver_id}", "plate": plate, "type": type, "driverId": driver_id}
        ask(hub, "POST", "/api/v1/fleet/vehicles", vehicle)
    send(hub, [{"driverId": f"det-{k}", "latitude": -10.0, "longitude": 60 + k / 100, "speed": 5} for k in (1, 2, 3)])
    return hub


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.thorough)])
def test_the_panel_has_phone_vehicle_notes_and_a_photo(fleet: HubProcess, open_screen: OpenScreen, width: int) -> None:
    narrow = width == 390
    scheme = "dark" if narrow else "light"
    ask(fleet, "PATCH", f"{DRIVERS}/det-1/profile", {"notes": ""})
    screen = open_screen(fleet, "/#/drivers/det-1", viewport={"width": width, "height": 780}, color_scheme=scheme)
    screen.forgiven.append(NO_TRIPS)
    screen.ready()
    page = screen.page
    section = page.get_by_role("region", name="Driver and vehicle")
    expect(section.get_by_role("link", name="+971 50 123 4567")).to_have_attribute("href", "tel:+971501234567")
    expect(section).to_contain_text("v-det-1 · DXB A 12 345 · Van 3.5 t")
    expect(section.locator("[data-kind=van]")).to_be_visible()

    # The notes, by keyboard alone: Enter is a new line.
    section.get_by_role("button", name="notes").press("Enter")
    dialog = page.get_by_role("dialog", name="Notes about Noura")
    field = dialog.get_by_label("Notes", exact=True)
    expect(field).to_be_focused()
    field.fill("")
    page.keyboard.type("Gate code 17")
    page.keyboard.press("Enter")
    page.keyboard.type("Call first")
    assert serious(screen) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    expect(section.locator(".details-notes")).to_have_text("Gate code 17\nCall first")
    expect(section.get_by_role("button", name="Edit notes")).to_be_focused()

    # A photo of another kind and size becomes a JPEG of 512 pixels.
    section.get_by_role("button", name="Change the photo").click()
    dialog = page.get_by_role("dialog", name="Photo of Noura")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("Choose a picture.")
    picture = dialog.get_by_label("Picture")
    picture.set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"})
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("cannot read the file")
    assert serious(screen) == []
    picture.set_input_files({"name": "noura.png", "mimeType": "image/png", "buffer": png(900)})
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    image = section.get_by_role("img", name="Photo of Noura")
    image.wait_for()
    screen.wait("() => document.querySelector('.details img').naturalWidth === 512")
    media, content = photo_of(fleet, "det-1")
    assert (media, content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert serious(screen) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == width

    # A photo that a phone took upright, sent by a program: its pixels lie on a side.
    wide = base64.b64decode(page.evaluate(PICTURE))
    put_photo(fleet, "det-1", wide[:2] + exif(6) + wide[2:])
    page.reload()
    image.wait_for()
    screen.wait("() => document.querySelector('.details img').naturalHeight === 40")
    assert (image.get_attribute("width"), image.get_attribute("height")) == ("20", "40")
    expect(section.locator(".details-notes")).to_have_text("Gate code 17\nCall first")
    section.get_by_role("button", name="Change the photo").click()
    page.get_by_role("button", name="Delete the photo").click()
    image.wait_for(state="detached")


@pytest.mark.thorough
def test_a_place_is_opened_elsewhere_only_when_it_is_pressed(fleet: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(fleet, "/#/drivers/det-3")
    screen.forgiven.append(NO_TRIPS)
    screen.ready()
    links = screen.page.locator(".open-in")
    summary = links.locator("summary")
    summary.press("Enter")
    for name, start in (
        ("OpenStreetMap", "https://www.openstreetmap.org/?mlat=-10.000000&mlon=60.030000"),
        ("Google Maps", "https://www.google.com/maps/search/?api=1&query=-10.000000%2C60.030000"),
        ("Apple Maps", "https://maps.apple.com/?ll=-10.000000,60.030000"),
        ("App of this device", "geo:-10.000000,60.030000"),
    ):
        link = links.get_by_role("link", name=name)
        assert (link.get_attribute("href") or "").startswith(start)
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("target") == "_blank"
    assert serious(screen) == []
    # Escape closes the list, and the panel stays.
    links.get_by_role("link", name="Google Maps").press("Escape")
    expect(links.get_by_role("link", name="Google Maps")).to_be_hidden()
    expect(summary).to_be_focused()
    # A driver that is not registered has no further section.
    expect(screen.page.locator("#panel")).to_be_visible()
    expect(screen.page.get_by_role("region", name="Driver and vehicle")).to_have_count(0)


def test_search_and_status_narrow_list_and_map(fleet: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(fleet)
    screen.ready()
    screen.jump(60.02, -10.0, 11)
    shown = "ids => ids.every(([id, there]) => Boolean(hub.map.layer.at(id)) === there)"
    screen.wait(shown, [["det-1", True], ["det-2", True], ["det-3", True]])
    search = screen.page.get_by_role("searchbox", name="Search drivers")
    rows = screen.page.locator(".row")
    for words in ("a12345", "050 123 4567", "van 3.5"):
        search.fill(words)
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("Noura")
        screen.wait(shown, [["det-1", True], ["det-2", False], ["det-3", False]])
    # The kind is a picture and a word, and a word alone where there is no picture.
    expect(rows.locator("[data-kind=van]")).to_be_visible()
    expect(rows).to_contain_text("Van DXB A 12 345")
    search.fill("boat")
    expect(rows).to_contain_text("Hovercraft BOAT 9")
    expect(rows.locator("svg")).to_have_count(0)
    search.fill("")
    screen.wait(shown, [["det-1", True], ["det-2", True], ["det-3", True]])
    # None of them is offline; the opened driver stays in sight.
    screen.page.evaluate("() => hub.navigate('#/drivers/det-3')")
    screen.forgiven.append(NO_TRIPS)
    screen.page.get_by_role("group", name="Show drivers that are").get_by_role("button", name="Offline").click()
    screen.wait(shown, [["det-1", False], ["det-2", False], ["det-3", True]])


BADGES = """async ([layer, id]) => {
    const map = hub.map.maplibre;
    return map.queryRenderedFeatures({layers: [layer]}).some(({properties}) => properties.id === id);
}"""


@pytest.mark.thorough
def test_arrows_have_the_kind_and_an_alert_until_it_is_acknowledged(fleet: HubProcess, open_screen: OpenScreen) -> None:
    alarm_rule(fleet, "det-1", "Emergency")
    screen = open_screen(fleet)
    screen.ready()
    screen.jump(60.02, -10.0, 12)
    screen.wait(BADGES, ["kinds", "det-1"])
    screen.wait("() => ['kind-van', 'alert-mark'].every((name) => hub.map.maplibre.hasImage(name))")
    assert not screen.page.evaluate(BADGES, ["kinds", "det-2"])
    assert not screen.page.evaluate(BADGES, ["alert-marks", "det-1"])
    send(fleet, [alarm("det-1", -10.0, 60.01)])
    screen.wait(BADGES, ["alert-marks", "det-1"])
    # From far away the group has the mark.
    screen.jump(60.02, -10.0, 4)
    group = "() => hub.map.maplibre.queryRenderedFeatures({layers: ['group-alert-marks']}).length > 0"
    screen.wait(group)
    (alert,) = ask(fleet, "GET", "/api/v1/alerts?driverId=det-1")["alerts"]
    ask(fleet, "POST", f"/api/v1/alerts/{alert['alertId']}/acknowledge")
    screen.wait(f"async () => !({group})()")
    screen.jump(60.02, -10.0, 12)
    screen.wait(BADGES, ["kinds", "det-1"])
    assert not screen.page.evaluate(BADGES, ["alert-marks", "det-1"])
