"""The way of somebody who begins: from the first start to a followed truck and a replayed trip (docs/tutorial.md)."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import zxingcpp
from playwright.sync_api import expect

from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.running import PATIENCE
from tests.web.conftest import OpenScreen
from tests.web.driven import DAY, OPTIONS, TRIPS, drive
from tests.web.guarded import PASSWORD, log_in
from tests.web.screens import MOVING, Screen

KNOTS = 0.514444
"""Metres per second."""


class FirstStart(HubProcess):
    """A guarded hub that makes its secret itself, with nobody and nothing in it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Settings(port=0, map="offline", data_dir=folder / "data", jwt_secret="auto"), folder)

    def one_time_password(self) -> str:
        """What the terminal shows, when it does."""
        assert self._process is not None and self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.match(r"\s+password\s+(\S+)", line):
                return found[1]
        raise AssertionError("no password was shown")


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[FirstStart]:
    hub = FirstStart(tmp_path)
    hub.start()
    yield hub
    hub.stop()


class Phone:
    """What Traccar Client sends to the URL that it was given. It calls itself by a number of its own."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.path = parts.path
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)

    def _post(self, body: str, kind: str) -> None:
        headers = {"content-type": kind, "user-agent": "okhttp/4.12.0"}
        self.connection.request("POST", self.path, body, headers)
        response = self.connection.getresponse()
        # The app keeps whatever is not answered so, and runs what an answer says.
        assert (response.status, response.read()) == (200, b"")

    def report(self, latitude: float, longitude: float) -> None:
        """Version 10: a form, in knots."""
        self.connection.close()
        now = datetime.now(UTC).timestamp()
        said = {
            "id": "48241179",
            "timestamp": f"{now:.3f}",
            "lat": latitude,
            "lon": longitude,
            "speed": 25,
            "bearing": 45,
        }
        self._post(
            urlencode(said | {"altitude": 3.1, "accuracy": 4.5, "batt": 81}), "application/x-www-form-urlencoded"
        )

    def catch_up(self, fixes: list[dict[str, Any]]) -> None:
        """Version 9, with what it could not send all day: JSON, in metres per second."""
        # The hub closes a connection that was idle; each group of requests has its own.
        self.connection.close()
        for fix in fixes:
            coords = {"latitude": fix["latitude"], "longitude": fix["longitude"], "accuracy": 5, "altitude": 3.1}
            coords |= {"speed": fix["speed"], "heading": fix.get("heading", -1)}
            battery = {"is_charging": False, "level": fix["battery"]}
            location = {"timestamp": fix["recordedAt"], "is_moving": True, "coords": coords, "battery": battery}
            said = {"location": location | {"activity": {"type": "in_vehicle"}, "extras": {}}, "device_id": "48241179"}
            self._post(json.dumps(said), "application/json; charset=utf-8")


def scanned(screen: Screen) -> str:
    """What a camera before the page reads."""
    pixels = screen.page.evaluate(
        """async () => {
            const code = document.querySelector(".qr");
            await code.decode();
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 300;
            const context = canvas.getContext("2d");
            context.drawImage(code, 0, 0, 300, 300);
            const {data} = context.getImageData(0, 0, 300, 300);
            return Array.from({length: 300 * 300}, (_, index) => data[4 * index]);
        }"""
    )
    (read,) = zxingcpp.read_barcodes(memoryview(bytes(pixels)).cast("B", (300, 300)))
    text: str = read.text
    return text


@pytest.mark.thorough
def test_from_the_first_start_to_a_followed_truck_and_a_replayed_trip(
    first_start: FirstStart, open_screen: OpenScreen
) -> None:
    once = first_start.one_time_password()
    screen = open_screen(first_start, **OPTIONS, **MOVING)
    screen.forgiven.append("the server responded with a status of 403")
    page = screen.page

    # Log in, with a password of one's own.
    log_in(screen, "admin", once)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat new password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator("#account bdi").get_by_text("admin").wait_for()
    screen.ready()
    expect(page.locator(".list-empty")).to_contain_text("No driver has reported yet.")

    # A driver and its phone.
    page.get_by_role("link", name="Create a driver and connect a phone").click()
    page.get_by_role("button", name="New driver").click()
    form = page.get_by_role("dialog", name="New driver")
    form.get_by_label("Name").fill("Truck 1")
    form.get_by_role("button", name="Create").click()
    dialog = page.get_by_role("dialog", name="Phones of Truck 1")
    dialog.get_by_role("button", name="Create phone token").click()
    url = dialog.get_by_label("URL for the app").input_value()
    assert re.fullmatch(rf"{screen.origin}/t/[\w-]{{24}}", url)
    assert scanned(screen) == url
    dialog.get_by_role("button", name="Close").click()

    # It reports, and the map follows it.
    phone = Phone(url)
    phone.report(25.1972, 55.2744)
    page.get_by_role("link", name="Map", exact=True).click()
    page.locator(".row", has_text="Truck 1").click()
    panel = page.locator("#panel")
    expect(panel.locator("[data-key=speed]")).to_have_text(f"{25 * KNOTS * 3.6:.0f} km/h")
    panel.get_by_role("button", name="Follow").click()
    phone.report(25.2050, 55.2810)
    screen.wait("""() => {
        const {lng, lat} = hub.map.maplibre.getCenter();
        return Math.abs(lng - 55.2810) < 1e-3 && Math.abs(lat - 25.2050) < 1e-3;
    }""")

    # What it drove while it had no network is there too, and is played.
    page.locator("#day").fill(DAY)
    phone.catch_up(list(drive("48241179"))[::3])
    expect(page.locator(".entry.trip")).to_have_count(TRIPS, timeout=PATIENCE * 1000)
    page.get_by_role("button", name="Load track").click()
    page.get_by_role("button", name="Trip 2").click()
    slider = page.get_by_label("Playback time")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("trip 2$"))
    began = slider.input_value()
    panel.get_by_role("button", name="Play", exact=True).click()
    screen.wait("began => Number(document.querySelector('.player-slider').value) > Number(began) + 30", began)
    assert (
        screen.page.evaluate("async () => (await hub.map.maplibre.getSource('marker').getData()).features.length") == 1
    )
