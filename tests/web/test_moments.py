"""Addresses that name a day, a trip and a moment; the player from where the way is clicked; speeds that agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.hub_process import HubProcess
from tests.web import driven
from tests.web.conftest import OpenScreen
from tests.web.driven import DAY, OPTIONS, TRIPS, ask, at, sent_day, span
from tests.web.screens import Screen

DRIVER = "moments"
SPIKED = "moments-spike"


@pytest.fixture(scope="module")
def trips(hub: HubProcess) -> list[dict[str, Any]]:
    return sent_day(hub, DRIVER)


def put(screen: Screen, when: datetime) -> None:
    """As a hand on the slider does."""
    screen.page.get_by_label("Playback time").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }",
        str(int(when.timestamp())),
    )


def shown_at(screen: Screen) -> int:
    return int(screen.page.get_by_label("Playback time").input_value())


@pytest.mark.thorough
def test_an_address_names_what_is_shown_and_shows_it_to_others(
    hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    screen = open_screen(hub, f"/#/drivers/{DRIVER}", **OPTIONS)
    screen.ready()
    page = screen.page
    assert page.url.endswith(f"#/drivers/{DRIVER}")
    page.locator("#day").fill(DAY)
    page.wait_for_url(f"**#/drivers/{DRIVER}?day={DAY}")
    page.get_by_role("button", name="Trip 2").click()
    trip = trips[1]["tripId"]
    start = at(520).timestamp()
    page.wait_for_url(f"**?day={DAY}&trip={trip}&at=2026-10-05T04:40:00Z")
    page.get_by_role("button", name="Load track").click()
    # Playback begins where the trip does.
    page.get_by_label("Playback time").wait_for()
    assert shown_at(screen) == start
    put(screen, at(530))
    page.wait_for_url(f"**?day={DAY}&trip={trip}&at=2026-10-05T04:50:00Z")
    address = page.url

    def same(other: Screen) -> None:
        other.ready()
        expect(other.page.locator("#day")).to_have_value(DAY)
        expect(other.page.get_by_role("button", name="Trip 2")).to_have_attribute("aria-pressed", "true")
        expect(other.page.get_by_label("Playback time")).to_have_value(str(int(at(530).timestamp())))
        expect(other.page.locator(".player-readout")).to_contain_text("08:50:00")
        assert other.page.url == address

    page.reload()
    same(screen)
    # Another dispatcher, whose clock has another time zone.
    shared = open_screen(hub, address.removeprefix(screen.origin), **OPTIONS | {"timezone_id": "America/New_York"})
    same(shared)
    # Another day names neither trip nor moment.
    page.get_by_role("button", name="Next day").click()
    page.wait_for_url("**?day=2026-10-06")


@pytest.mark.thorough
def test_a_trip_alone_names_its_day(hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen) -> None:
    screen = open_screen(hub, f"/#/drivers/{DRIVER}?trip={trips[2]['tripId']}", **OPTIONS)
    screen.ready()
    expect(screen.page.locator("#day")).to_have_value(DAY)
    expect(screen.page.get_by_role("button", name="Trip 3")).to_have_attribute("aria-pressed", "true")


def test_playback_begins_where_the_way_is_clicked(
    hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    screen = open_screen(hub, f"/#/drivers/{DRIVER}?day={DAY}", **OPTIONS)
    screen.ready()
    page = screen.page
    page.get_by_role("button", name="Trip 1").click()
    screen.wait("() => hub.map.maplibre.queryRenderedFeatures({layers: ['chosen']}).length > 0")
    track = ask(hub, "GET", f"/api/v1/drivers/{DRIVER}/track?{span()}")["positions"]
    (place,) = [each for each in track if datetime.fromisoformat(each["recordedAt"]) == at(490)]
    # The track is loaded by the click.
    x, y = page.evaluate(
        """place => {
            const {left, top} = hub.map.maplibre.getCanvas().getBoundingClientRect();
            const {x, y} = hub.map.maplibre.project(place);
            return [left + x, top + y];
        }""",
        [place["longitude"], place["latitude"]],
    )
    page.mouse.click(x, y)
    page.get_by_label("Playback time").wait_for()
    screen.until(lambda: abs(shown_at(screen) - at(490).timestamp()) < 30)
    clicked = shown_at(screen)
    page.get_by_role("button", name="Play").click()
    screen.until(lambda: clicked < shown_at(screen) < clicked + 1_200)


@pytest.fixture
def spiked(hub: HubProcess, monkeypatch: pytest.MonkeyPatch) -> str:
    """A day of which one reported speed is nonsense."""
    drive = driven.drive

    def with_spike(*given: Any) -> Iterator[dict[str, Any]]:
        for number, fix in enumerate(drive(*given)):
            yield fix | ({"speed": 95.0} if number == 60 else {})

    monkeypatch.setattr(driven, "drive", with_spike)
    sent_day(hub, SPIKED)
    return SPIKED


@pytest.mark.thorough
def test_the_speeds_of_chart_and_summary_agree(hub: HubProcess, spiked: str, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, f"/#/drivers/{spiked}?day={DAY}", **OPTIONS)
    screen.ready()
    page = screen.page
    expect(page.locator(".entry.trip")).to_have_count(TRIPS)
    page.get_by_role("button", name="Load track").click()
    top = page.locator(".player-ends span")
    expect(top).to_have_text(re.compile(r"up to \d+ km/h"))
    summary = page.locator(".totals [data-key=maxSpeed] dd").inner_text()
    assert summary == "72 km/h"
    expect(top).to_have_text(f"speed up to {summary}")
