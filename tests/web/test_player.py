"""The player: a day again, at another speed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.support.hub_process import HubProcess
from tests.support.running import until
from tests.web.conftest import OpenScreen
from tests.web.driven import DAY, OPTIONS, SILENCE, ask, at, sent_day, span
from tests.web.guarded import serious
from tests.web.screens import Screen

DRIVER = "player-day"


@pytest.fixture(scope="module")
def positions(hub: HubProcess) -> list[dict[str, Any]]:
    sent_day(hub, DRIVER)
    found: list[dict[str, Any]] = ask(hub, "GET", f"/api/v1/drivers/{DRIVER}/track?{span()}")["positions"]
    return found


def replaying(hub: HubProcess, open_screen: OpenScreen, **options: Any) -> tuple[Screen, Locator]:
    """The player of the day, and its slider."""
    screen = open_screen(hub, f"/#/drivers/{DRIVER}", **OPTIONS | options)
    screen.ready()
    screen.page.locator("#day").fill(DAY)
    screen.page.locator(".entry.trip").first.wait_for()
    screen.page.get_by_role("button", name="Load track").click()
    slider = screen.page.get_by_label("Playback time")
    slider.wait_for()
    return screen, slider


def put(slider: Locator, when: datetime) -> None:
    """As a hand on the slider does."""
    slider.evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }",
        str(int(when.timestamp())),
    )


def marker(screen: Screen) -> dict[str, Any] | None:
    """What the map's marker is: its place and picture."""
    found: dict[str, Any] | None = screen.page.evaluate(
        """async () => {
            const [feature] = (await hub.map.maplibre.getSource("marker").getData()).features;
            return feature ? {place: feature.geometry.coordinates, ...feature.properties} : null;
        }"""
    )
    return found


def place(position: dict[str, Any]) -> list[float]:
    return [position["longitude"], position["latitude"]]


def instant(position: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(position["recordedAt"])


def test_the_slider_leads_to_where_the_driver_was(
    hub: HubProcess, positions: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    screen, slider = replaying(hub, open_screen)
    shown = marker(screen)
    assert shown is not None
    assert shown["place"] == pytest.approx(place(positions[0]))
    # On a position, and half way between two that are ten seconds apart.
    index = next(index for index, each in enumerate(positions) if instant(each) == at(490))
    here, there = positions[index : index + 2]
    put(slider, at(490))
    expect(slider).to_have_attribute("aria-valuetext", "08:10:00 · 54 km/h · east · trip 1")
    shown = marker(screen)
    assert shown is not None
    assert shown["place"] == pytest.approx(place(here), abs=1e-7)
    assert (shown["heading"], shown["icon"]) == (90, "arrow-player")
    put(slider, at(490 + 5 / 60))
    shown = marker(screen)
    assert shown is not None
    middle = [(one + other) / 2 for one, other in zip(place(here), place(there), strict=True)]
    assert shown["place"] == pytest.approx(middle, abs=1e-7)
    put(slider, at(510))
    expect(slider).to_have_attribute("aria-valuetext", "08:30:00 · 0 km/h · stop, 20 min")
    # Where the map is moved to another time, it no longer stays with where the driver is now.
    page = screen.page
    for pressed in (page.get_by_role("button", name="Play"), page.locator(".entry.trip button").first):
        page.evaluate("id => hub.map.follow(id)", DRIVER)
        pressed.click()
        screen.wait("() => hub.map.followed === null")


@pytest.mark.thorough
def test_what_nobody_knows_is_not_made_up(
    hub: HubProcess, positions: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    screen, slider = replaying(hub, open_screen)
    before = [each for each in positions if instant(each) < at(SILENCE[1])][-1]
    after = positions[positions.index(before) + 1]
    assert after["longitude"] != before["longitude"]
    put(slider, at(SILENCE[0] + 5))
    expect(slider).to_have_attribute("aria-valuetext", "09:45:00 · no positions for 5 min · trip 3")
    shown = marker(screen)
    assert shown is not None
    assert shown["place"] == pytest.approx(place(before), abs=1e-7)
    assert shown["icon"] == "disc-stale"
    put(slider, at(SILENCE[1]))
    shown = marker(screen)
    assert shown is not None
    assert shown["place"] == pytest.approx(place(after), abs=1e-7)
    # The line on the map has a hole there, which a dashed one crosses.
    lines = screen.page.evaluate(
        """async () => (await hub.map.maplibre.getSource("track").getData()).features
            .map(({properties, geometry}) => [properties.kind, geometry.coordinates.length])"""
    )
    assert sorted(kind for kind, _ in lines) == ["gap", "piece", "piece"]
    assert dict((kind, length) for kind, length in lines if kind == "gap") == {"gap": 2}
    assert sum(length for kind, length in lines if kind == "piece") == len(positions)
    assert screen.page.locator(".speeds-gap").count() == 1


@pytest.mark.thorough
def test_it_plays_to_the_end(hub: HubProcess, positions: list[dict[str, Any]], open_screen: OpenScreen) -> None:
    screen, slider = replaying(hub, open_screen)
    screen.page.get_by_label("Playback speed").select_option("600")
    began = int(slider.input_value())
    assert began == int(instant(positions[0]).timestamp())
    play = screen.page.locator(".player-play")
    play.click()
    expect(play).to_have_text("Pause")
    screen.wait("began => Number(document.querySelector('.player-slider').value) > began + 600", began)
    play.click()
    expect(play).to_have_text("Play")
    held = slider.input_value()
    put(slider, at(629))
    play.click()
    expect(play).to_have_text("Play again")
    assert int(held) < int(slider.input_value()) == int(instant(positions[-1]).timestamp())
    shown = marker(screen)
    assert shown is not None
    assert shown["place"] == pytest.approx(place(positions[-1]), abs=1e-7)


@pytest.mark.thorough
def test_it_is_worked_with_keys(hub: HubProcess, positions: list[dict[str, Any]], open_screen: OpenScreen) -> None:
    screen, slider = replaying(hub, open_screen)
    slider.focus()
    began = int(slider.input_value())
    screen.page.keyboard.press("ArrowRight")
    assert int(slider.input_value()) == began + 10
    screen.page.keyboard.press("PageUp")
    assert int(slider.input_value()) == began + 610
    screen.page.keyboard.press("End")
    assert int(slider.input_value()) == int(slider.get_attribute("max") or 0)
    screen.page.keyboard.press("Home")
    assert int(slider.input_value()) == began
    play = screen.page.locator(".player-play")
    screen.page.keyboard.press("Space")
    expect(play).to_have_text("Pause")
    screen.page.keyboard.press("Space")
    expect(play).to_have_text("Play")
    # Where space types or chooses it does that.
    screen.page.get_by_label("Playback speed").focus()
    screen.page.keyboard.press("Space")
    screen.page.keyboard.press("Escape")
    expect(play).to_have_text("Play")
    assert serious(screen) == []


@pytest.mark.thorough
def test_a_chosen_trip_is_where_it_goes_on(
    hub: HubProcess, positions: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    screen, slider = replaying(hub, open_screen)
    screen.page.get_by_role("button", name="Trip 3").click()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("trip 3$"))


@pytest.mark.thorough
def test_the_chart_is_pressed_where_one_wants_to_be(
    hub: HubProcess, positions: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    screen, slider = replaying(hub, open_screen)
    box = screen.page.locator(".speeds").bounding_box()
    assert box is not None
    screen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    first, last = (instant(positions[index]).timestamp() for index in (0, -1))
    assert int(slider.input_value()) == pytest.approx((first + last) / 2, abs=(last - first) / box["width"])


@pytest.mark.thorough
def test_a_day_without_positions_says_so(
    hub: HubProcess, positions: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    screen, _ = replaying(hub, open_screen)
    screen.page.get_by_role("button", name="Previous day").click()
    expect(screen.page.locator(".replay")).to_contain_text("No positions on Sun, 4 Oct 2026.")
    assert marker(screen) is None


@pytest.mark.thorough
def test_positions_between_two_seconds_are_replayed(hub: HubProcess, open_screen: OpenScreen) -> None:
    driver_id = "player-fractions"
    fixes = [
        {
            "driverId": driver_id,
            "latitude": 25.0,
            "longitude": 55.0 + second / 10_000,
            "recordedAt": (at(500) + timedelta(seconds=second, milliseconds=700)).isoformat(),
        }
        for second in range(3)
    ]
    ask(hub, "POST", "/api/v1/location", fixes)
    until(lambda: ask(hub, "GET", f"/api/v1/drivers/{driver_id}/track?{span()}"))
    screen = open_screen(hub, f"/#/drivers/{driver_id}", **OPTIONS)
    screen.forgiven.append("the server responded with a status of 404")
    screen.ready()
    screen.page.locator("#day").fill(DAY)
    screen.page.get_by_role("button", name="Load track").click()
    slider = screen.page.get_by_label("Playback time")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^08:20:00"))
    for key, fix in (("End", fixes[-1]), ("Home", fixes[0])):
        slider.press(key)
        shown = marker(screen)
        assert shown is not None
        assert shown["place"] == pytest.approx(place(fix), abs=1e-7)
    screen.wait("async () => (await hub.map.maplibre.getSource('track').getData()).features.length === 1")
