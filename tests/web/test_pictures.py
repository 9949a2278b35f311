"""The pictures of the documents, and that what they show is there.

``HUB_PICTURES=docs pytest -n 0 tests/web/test_pictures.py`` writes them into that folder; else they are thrown away.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from playwright.sync_api import expect

from clients.messages import Fix
from clients.simulator.trucks import Truck
from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.support.running import until
from tests.web.conftest import OpenScreen
from tests.web.driven import OPTIONS, ZONE, ask
from tests.web.screens import Screen
from tests.web.test_player import put

TRUCKS = 500
EVERY = 5.0
"""Seconds between two reports of a truck. The page draws its map again for each."""

AT_ONCE = 100
"""Fixes in a message."""

DRIVER = "truck-042"
"""The one whose day is replayed."""

WIDE = {"width": 1280, "height": 720}
TALL = {"width": 1280, "height": 920}
NARROW = {"width": 390, "height": 780}

RED_LIGHT = 70
"""Seconds: who stands longer is at a depot."""
UNLOADING = timedelta(minutes=40)
WORKING_DAY = timedelta(hours=6)


class Fleet(threading.Thread):
    """The simulated trucks, each reporting every five seconds over one connection until ``ended`` is set."""

    def __init__(self, hub: HubProcess) -> None:
        super().__init__(daemon=True)
        self.trucks = [Truck(1, number + 1) for number in range(TRUCKS)]
        self.peer = Peer(("127.0.0.1", hub.settings.port), "/ws?subscribe=none")
        self.ended = threading.Event()

    def run(self) -> None:
        due = time.monotonic()
        while not self.ended.is_set():
            for truck in self.trucks:
                truck.advance(EVERY)
            for first in range(0, TRUCKS, AT_ONCE):
                self.peer.say([wire(truck.fix()) for truck in self.trucks[first : first + AT_ONCE]])
            due = max(due + EVERY, time.monotonic())
            self.ended.wait(due - time.monotonic())
        self.peer.close()


def wire(fix: Fix) -> dict[str, Any]:
    """A fix as the hub takes it."""
    return {name: value for name, value in msgspec.to_builtins(fix).items() if value is not None}


def working_day(start: datetime) -> Iterator[dict[str, Any]]:
    """What the truck reports every five seconds, and every minute while it is unloaded."""
    truck, now, standing = Truck(7, 42), start, 0
    while now < start + WORKING_DAY:
        truck.advance(5.0)
        fix = wire(truck.fix())
        yield fix | {"recordedAt": now.isoformat()}
        now += timedelta(seconds=5)
        standing = standing + 5 if fix["speed"] == 0 else 0
        if standing == RED_LIGHT:
            arrived = now
            while now < arrived + UNLOADING:
                yield fix | {"recordedAt": now.isoformat()}
                now += timedelta(minutes=1)


def yesterday() -> date:
    return datetime.now(ZoneInfo(ZONE)).date() - timedelta(days=1)


@pytest.fixture(scope="module")
def trips(fleet_hub: HubProcess) -> list[dict[str, Any]]:
    """Those that ``DRIVER`` made yesterday, from eight in the morning."""
    day = yesterday()
    start = datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    fixes = list(working_day(start))
    for first in range(0, len(fixes), 500):
        some = fixes[first : first + 500]
        assert ask(fleet_hub, "POST", "/api/v1/location", some)["accepted"] == len(some)
    last = datetime.fromisoformat(fixes[-1]["recordedAt"])
    found: list[dict[str, Any]] = []

    def complete() -> bool:
        path = f"/api/v1/drivers/{DRIVER}/trips?from={start:%Y-%m-%dT%H:%M:%SZ}&to={last:%Y-%m-%dT%H:%M:%SZ}"
        found[:] = (ask(fleet_hub, "GET", path) or {"trips": []})["trips"]
        counted = max((trip["countedTo"] for trip in found), default="")
        return counted != "" and datetime.fromisoformat(counted) > last - UNLOADING - timedelta(minutes=10)

    until(complete)
    return found


@pytest.fixture(scope="module")
def fleet_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    folder = tmp_path_factory.mktemp("pictures")
    process = HubProcess(Settings(port=0, map="offline", data_dir=folder / "data", time_zone=ZONE), folder)
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def moving(fleet_hub: HubProcess, trips: list[dict[str, Any]]) -> Iterator[HubProcess]:
    """The hub while all trucks are on their way."""
    fleet = Fleet(fleet_hub)
    fleet.start()
    yield fleet_hub
    fleet.ended.set()
    fleet.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(os.environ.get("HUB_PICTURES") or tmp_path)


def picture(screen: Screen, path: Path) -> None:
    """Nothing stands beyond the right edge, and what is seen becomes a file."""
    assert screen.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    assert cut_off(screen) == []
    screen.page.evaluate("() => document.activeElement.blur()")
    screen.page.mouse.move(0, 0)
    screen.page.screenshot(path=path)
    assert path.stat().st_size < 300_000


def cut_off(screen: Screen) -> list[str]:
    """Texts of buttons, headings and figures of which a part is not to be seen."""
    found: list[str] = screen.page.evaluate(
        """() => [...document.querySelectorAll("button, h1, h2, h3, dd, dt, .badge, .row-figures, .entry")]
            .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1 && each.clientWidth)
            .map((each) => each.textContent)"""
    )
    return found


def fleet_is_drawn(screen: Screen) -> None:
    screen.ready()
    screen.wait(f"() => hub.map.layer.size === {TRUCKS}")
    expect(screen.page.locator(".summary [data-status=online] strong")).to_have_text(str(TRUCKS))
    screen.page.wait_for_function("() => hub.map.maplibre.areTilesLoaded()", polling=100)


def drawn(screen: Screen) -> int:
    """How many trucks are seen on the map, alone or in a circle with their number."""
    found: int = screen.page.evaluate(
        """() => {
            const seen = new Map();
            for (const each of hub.map.maplibre.queryRenderedFeatures({layers: ["arrows", "groups"]})) {
                seen.set(each.properties.cluster_id ?? each.properties.id, each.properties.point_count ?? 1);
            }
            return [...seen.values()].reduce((sum, count) => sum + count, 0);
        }"""
    )
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_five_hundred_trucks_around_dubai(
    moving: HubProcess, open_screen: OpenScreen, folder: Path, scheme: str
) -> None:
    screen = open_screen(moving, **OPTIONS, drawn=True, viewport=WIDE, color_scheme=scheme)
    fleet_is_drawn(screen)
    screen.until(lambda: drawn(screen) == TRUCKS)
    picture(screen, folder / ("screen.png" if scheme == "light" else "screen-dark.png"))


@pytest.mark.thorough
def test_the_day_of_one_driver(
    moving: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen, folder: Path
) -> None:
    screen = open_screen(moving, f"/#/drivers/{DRIVER}", **OPTIONS, drawn=True, viewport=TALL)
    fleet_is_drawn(screen)
    screen.page.locator("#day").fill(yesterday().isoformat())
    expect(screen.page.locator(".entry.trip")).to_have_count(len(trips))
    assert len(trips) >= 3
    screen.page.get_by_role("button", name="Load track").click()
    slider = screen.page.get_by_label("Playback time")
    slider.wait_for()
    middle = [datetime.fromisoformat(trips[1][name]) for name in ("startedAt", "endedAt")]
    put(slider, middle[0] + (middle[1] - middle[0]) / 2)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("trip 2$"))
    screen.page.locator("#day").scroll_into_view_if_needed()
    screen.wait("() => hub.map.maplibre.queryRenderedFeatures({layers: ['track']}).length > 0")
    screen.wait("() => hub.map.maplibre.queryRenderedFeatures({layers: ['marker']}).length === 1")
    picture(screen, folder / "day.png")


@pytest.mark.thorough
def test_a_narrow_window(moving: HubProcess, open_screen: OpenScreen, folder: Path) -> None:
    screen = open_screen(moving, **OPTIONS, drawn=True, viewport=NARROW)
    fleet_is_drawn(screen)
    screen.until(lambda: drawn(screen) == TRUCKS)
    picture(screen, folder / "narrow.png")
