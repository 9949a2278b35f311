"""The panel of a driver: where it is now, and its days."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.driven import DAY, LEGS, OPTIONS, TRIPS, ask, sent_day, span
from tests.web.guarded import serious
from tests.web.screens import MOVING, Screen

DRIVER = "panel-day"

NO_TRIPS = "the server responded with a status of 404"
"""What Chromium writes on the console where a driver has no trips."""

TWO_DAYS_AHEAD = """
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...given) {
    super(...(given.length ? given : [Date.now()]));
  }
  static now() {
    return Right.now() + 2 * 86_400_000;
  }
};
"""


@pytest.fixture(scope="module")
def trips(hub: HubProcess) -> list[dict[str, Any]]:
    """Those of ``DRIVER``."""
    return sent_day(hub, DRIVER)


def figure(screen: Screen, key: str) -> Any:
    return screen.page.locator(f"#panel .live [data-key={key}]")


def show_day(screen: Screen, day: str = DAY) -> None:
    screen.page.locator("#day").fill(day)


def drawn(screen: Screen, layer: str) -> list[Any]:
    """The lines of the track's source that a layer draws."""
    found: list[Any] = screen.page.evaluate(
        """async kind => {
            const {features} = await hub.map.maplibre.getSource("track").getData();
            return features.filter((each) => each.properties.kind === kind).map((each) => each.geometry.coordinates);
        }""",
        layer,
    )
    return found


def test_it_shows_the_state_and_so_does_the_list(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "panel-state", "latitude": 25.2, "longitude": 55.27})
    screen = open_screen(hub, "/#/drivers/panel-state", **OPTIONS)
    screen.ready()
    expect(figure(screen, "state")).to_have_text("\N{EN DASH}")
    peer.say({"type": "state", "driverId": "panel-state", "state": "off_duty"})
    expect(figure(screen, "state")).to_have_text("Off duty")
    expect(screen.page.locator("[data-driver=panel-state] .row-figures")).to_contain_text("Off duty")


def test_a_state_is_set_and_the_driver_sets_another_meanwhile(
    hub: HubProcess, open_screen: OpenScreen, peer: Peer
) -> None:
    peer.say({"driverId": "set-state", "latitude": 25.2, "longitude": 55.27})
    screen = open_screen(hub, "/#/drivers/set-state", **OPTIONS)
    screen.forgiven += [NO_TRIPS, "status of 412"]
    screen.ready()
    page = screen.page
    change = page.get_by_role("button", name="Change state")
    change.press("Enter")
    dialog = page.get_by_role("dialog", name="State of set-state")
    choice = dialog.get_by_label("State", exact=True)
    expect(choice).to_be_focused()
    expect(choice.locator("option")).to_have_text(["Not set", "Free", "Busy", "Off duty"])
    choice.select_option("Free")
    choice.press("Tab")
    page.keyboard.press("Enter")
    expect(figure(screen, "state")).to_have_text("Free")
    expect(change).to_be_focused()

    change.press("Enter")
    expect(choice.locator("option")).to_have_text(["Free", "Busy", "Off duty"])
    choice.select_option("Busy")
    peer.say({"type": "state", "driverId": "set-state", "state": "off_duty"})
    expect(figure(screen, "state")).to_have_text("Off duty")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_text("The driver or another user changed the state to Off duty; you entered Busy.").wait_for()
    assert serious(screen) == []
    assert ask(hub, "GET", "/api/v1/drivers/set-state/state")["state"] == "off_duty"
    dialog.get_by_role("button", name="Keep my version").click()
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    expect(figure(screen, "state")).to_have_text("Busy")
    assert ask(hub, "GET", "/api/v1/drivers/set-state/state")["state"] == "busy"


def test_it_says_what_was_sent_and_how_old_it_is(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    recorded = datetime.now(UTC) - timedelta(seconds=20)
    fix = {"driverId": "panel-now", "latitude": 25.2048, "longitude": 55.2708, "recordedAt": recorded.isoformat()}
    peer.say(fix | {"speed": 15, "heading": 45, "accuracy": 8, "battery": 0.81, "altitude": 12})
    screen = open_screen(hub, "/#/drivers/panel-now", **OPTIONS)
    screen.ready()
    expect(figure(screen, "speed")).to_have_text("54 km/h")
    expect(figure(screen, "speed")).to_have_attribute("title", "15.0 m/s")
    expect(figure(screen, "heading")).to_have_text("north-east, 45°")
    expect(figure(screen, "accuracy")).to_have_text("within 8 m")
    expect(figure(screen, "battery")).to_have_text("81 %")
    expect(figure(screen, "altitude")).to_have_text("12 m")
    expect(figure(screen, "coordinates")).to_contain_text("25.204800, 55.270800")
    seen = figure(screen, "seen").locator("time")
    expect(seen).to_have_attribute("title", f"{recorded:%Y-%m-%d %H:%M:%S} UTC")
    first = age(seen.text_content())
    assert first >= 19  # the clock of the hub is known within a second
    screen.wait("before => parseInt(document.querySelector('#panel time').textContent) > before", first)
    # What the newer position does not have is not that of the older one.
    peer.say({"driverId": "panel-now", "latitude": 25.21, "longitude": 55.2708, "speed": 0})
    expect(figure(screen, "speed")).to_have_text("0 km/h")
    expect(figure(screen, "heading")).to_have_text("\N{EN DASH}")
    assert age(seen.text_content()) < first


@pytest.mark.thorough
def test_a_position_and_a_sign_of_life_have_two_ages(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    recorded = datetime.now(UTC) - timedelta(seconds=400)
    peer.say({"driverId": "panel-parked", "latitude": 25.0, "longitude": 55.0, "recordedAt": recorded.isoformat()})
    screen = open_screen(hub, "/#/drivers/panel-parked", **OPTIONS)
    screen.ready()
    expect(screen.page.locator("#panel .live-status")).to_have_text(re.compile("Online, no position for [67] min"))
    expect(figure(screen, "seen").locator("time")).to_have_text("6 min ago")
    expect(figure(screen, "heard")).to_have_text(re.compile("s ago|just now"))
    expect(screen.page.locator(".clock-warning")).to_be_hidden()


@pytest.mark.thorough
def test_a_wrong_clock_is_a_warning_and_ages_are_right(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    recorded = datetime.now(UTC) + timedelta(minutes=3)
    peer.say({"driverId": "panel-fast", "latitude": 25.0, "longitude": 55.0, "recordedAt": recorded.isoformat()})
    screen = open_screen(hub, "/#/drivers/panel-fast", **OPTIONS)
    screen.ready()
    expect(screen.page.locator("#panel .clock-warning")).to_contain_text("Clock 3 min ahead")
    row = screen.page.locator(".row[data-driver=panel-fast]")
    expect(row).to_contain_text("Clock 3 min ahead")
    first = age(figure(screen, "seen").locator("time").text_content())
    screen.wait("before => parseInt(document.querySelector('#panel time').textContent) > before", first)
    peer.say({"driverId": "panel-fast", "latitude": 25.0, "longitude": 55.0})
    expect(screen.page.locator("#panel .clock-warning")).to_be_hidden()
    expect(row).not_to_contain_text("Clock")


def age(text: str | None) -> int:
    """Seconds of "20 s ago"."""
    if text == "just now":
        return 0
    found = re.fullmatch(r"(\d+) s ago", text or "")
    assert found, text
    return int(found[1])


@pytest.mark.thorough
def test_ages_and_days_are_by_the_clock_of_the_hub(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "panel-clock", "latitude": 1.0, "longitude": 2.0})
    # This machine's clock is two days ahead.
    screen = open_screen(hub, "/#/drivers/panel-clock", TWO_DAYS_AHEAD, **OPTIONS)
    screen.forgiven.append("the server responded with a status of 404")
    screen.ready()
    ahead = datetime.now(UTC) + timedelta(days=2)
    assert screen.page.evaluate("Date.now()") / 1000 == pytest.approx(ahead.timestamp(), abs=3600)
    peer.say({"driverId": "panel-clock", "latitude": 1.0, "longitude": 2.001})
    expect(figure(screen, "seen")).to_have_text(re.compile("^(just now|[0-9]+ s ago)$"))
    assert screen.page.locator("#day").input_value() < f"{ahead:%Y-%m-%d}"
    assert screen.page.get_by_role("button", name="Today").is_disabled()


@pytest.mark.thorough
def test_it_is_live_wherever_the_map_is(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "panel-far", "latitude": -33.9, "longitude": 18.4, "speed": 1})
    screen = open_screen(hub, "/#/drivers/panel-far", **OPTIONS)
    screen.ready()
    screen.jump(55.0, 25.0, 12)
    screen.until(lambda: screen.watches(55.0, 25.0, width=5.0))
    expect(figure(screen, "speed")).to_have_text("4 km/h")
    peer.say({"driverId": "panel-far", "latitude": -33.91, "longitude": 18.4, "speed": 2})
    expect(figure(screen, "speed")).to_have_text("7 km/h")
    screen.page.get_by_role("button", name="Close").click()
    screen.wait("() => document.getElementById('panel').hidden")


@pytest.mark.thorough
def test_it_follows(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "panel-follow", "latitude": 25.2, "longitude": 55.3})
    screen = open_screen(hub, "/#/drivers/panel-follow", **OPTIONS, **MOVING)
    screen.ready()
    follow = screen.page.locator("#panel").get_by_role("button", name="Follow")
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    assert screen.page.evaluate("hub.map.followed") == "panel-follow"
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "false")
    assert screen.page.evaluate("hub.map.followed") is None


def test_its_day_has_trips_and_stops(hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen) -> None:
    screen = open_screen(hub, f"/#/drivers/{DRIVER}", **OPTIONS)
    screen.ready()
    show_day(screen)
    entries = screen.page.locator(".entry")
    expect(entries).to_have_count(TRIPS * 2)
    kinds = [entry.get_attribute("class").split()[-1] for entry in entries.all()]
    assert kinds == ["trip", "stop", "trip", "stop", "trip", "soft"]
    first = trips[0]
    kilometres = f"{first['distance'] / 1000:.1f} km"
    expect(entries.nth(0)).to_contain_text(kilometres)
    expect(entries.nth(0)).to_contain_text("top 54 km/h")
    expect(entries.nth(0).locator(".entry-place")).to_have_text(re.compile(r"^\d.* of .* → .*"))
    stood = re.compile(rf" of {first['endPlace']['name']}, United Arab Emirates$")
    expect(entries.nth(1).locator(".entry-place bdi")).to_have_attribute("title", stood)
    began = entries.nth(0).locator("time").first
    expect(began).to_have_text("08:00")
    expect(began).to_have_attribute("title", f"{DAY} 04:00:00 UTC")
    sums = screen.page.locator(".totals")
    expect(sums.locator("[data-key=trips]")).to_contain_text(str(TRIPS))
    distance = sum(trip["distance"] for trip in trips)
    expect(sums.locator("[data-key=distance]")).to_contain_text(f"{distance / 1000:.1f} km")
    expect(sums.locator("[data-key=maxSpeed]")).to_contain_text("72 km/h")
    assert serious(screen) == []


@pytest.mark.thorough
def test_a_trip_is_drawn(hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen) -> None:
    screen = open_screen(hub, f"/#/drivers/{DRIVER}", **OPTIONS)
    screen.ready()
    show_day(screen)
    press = screen.page.get_by_role("button", name="Trip 2")
    press.click()
    screen.wait("""async () => {
        const data = await hub.map.maplibre.getSource("track").getData();
        return data.features.some((each) => each.properties.kind === "chosen");
    }""")
    expect(screen.page.get_by_role("button", name="Trip 2")).to_have_attribute("aria-pressed", "true")
    (line,) = drawn(screen, "chosen")
    trip = trips[1]
    for end, place in ((line[0], ("longitude", "latitude")), (line[-1], ("endLongitude", "endLatitude"))):
        assert end == pytest.approx([trip[name] for name in place], abs=2e-5)
    screen.wait("""() => {
        const map = hub.map.maplibre;
        return map.queryRenderedFeatures({layers: ["chosen"]}).length > 0 && map.getZoom() > 8;
    }""")
    press.click()
    screen.wait("""async () => (await hub.map.maplibre.getSource("track").getData()).features.length === 0""")


@pytest.mark.thorough
def test_a_trip_that_ends_while_one_looks_is_there(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    driver = "panel-trip"
    start = datetime.now(UTC) - timedelta(hours=1)
    if (start + timedelta(hours=4)).date() != (datetime.now(UTC) + timedelta(hours=4)).date():
        pytest.skip("the hour before is of the day before")
    peer.say({"driverId": driver, "latitude": 25.0, "longitude": 55.0, "recordedAt": start.isoformat()})
    screen = open_screen(hub, f"/#/drivers/{driver}", **OPTIONS)
    screen.ready()
    expect(screen.page.locator(".day-body")).to_contain_text("No trips on")
    fixes = []
    for second in range(0, 1800, 10):
        moved = min(second, 900) * 15 / 111_195
        when = start + timedelta(seconds=60 + second)
        fixes.append({"driverId": driver, "latitude": 25.0 + moved, "longitude": 55.0, "recordedAt": when.isoformat()})
    for first in range(0, len(fixes), 90):
        assert ask(hub, "POST", "/api/v1/location", fixes[first : first + 90])["accepted"]
    expect(screen.page.locator(".entry.trip")).to_have_count(1)

    def distance() -> float:
        (trip,) = ask(hub, "GET", f"/api/v1/drivers/{driver}/trips")["trips"]
        return float(trip["distance"])

    # While it is under way it is counted as far as the recorder has come.
    screen.until(lambda: 13_000 < distance() < 13_600)
    expect(screen.page.locator(".entry.trip")).to_contain_text(f"{distance() / 1000:.1f} km")


def test_the_keyboard_is_never_lost(hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen) -> None:
    screen = open_screen(hub, f"/#/drivers/{DRIVER}", **OPTIONS)
    screen.forgiven.append("the server responded with a status of 404")
    screen.ready()
    page = screen.page
    page.get_by_role("button", name="Previous day").press("Enter")
    page.get_by_role("button", name="Next day").press("Enter")
    expect(page.locator("#day")).to_be_focused()
    page.locator("#day").fill(DAY)
    page.locator(".entry.trip").first.wait_for()
    page.get_by_role("button", name="Load track").press("Enter")
    expect(page.get_by_role("button", name="Play")).to_be_focused()
    page.evaluate("id => hub.map.follow(id)", DRIVER)
    page.get_by_role("button", name="Stop").press("Enter")
    expect(page.locator("#map canvas")).to_be_focused()


@pytest.mark.thorough
def test_a_dialog_does_not_outlive_its_view(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, **OPTIONS)
    screen.forgiven.append("the server responded with a status of 404")
    screen.ready()
    screen.page.evaluate("() => hub.navigate('#/drivers/dialog')")
    screen.page.get_by_role("button", name="Share", exact=True).click()
    screen.page.get_by_role("dialog").wait_for()
    screen.page.go_back()
    screen.page.get_by_role("dialog").wait_for(state="detached")
    assert screen.page.locator("#panel").is_hidden()


def test_a_database_that_is_away_is_said_and_tried_again(
    hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    screen = open_screen(hub, f"/#/drivers/{DRIVER}", **OPTIONS)
    screen.ready()
    screen.forgiven.append("503")
    screen.page.route("**/trips?**", lambda route: route.fulfill(status=503, body="{}"))
    show_day(screen)
    expect(screen.page.locator(".day-body [role=alert]")).to_contain_text(
        "History is temporarily unavailable. Live tracking continues."
    )
    screen.page.unroute("**/trips?**")
    screen.page.locator(".day-body").get_by_role("button", name="Retry").click()
    expect(screen.page.locator(".entry.trip")).to_have_count(TRIPS)


@pytest.mark.thorough
def test_the_day_is_saved_as_a_file(hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen) -> None:
    screen = open_screen(hub, f"/#/drivers/{DRIVER}", **OPTIONS)
    screen.ready()
    show_day(screen)
    positions = sum((end - start) * 60 // every for start, end, _, _, every in LEGS)
    assert len(ask(hub, "GET", track())["positions"]) == positions
    for format, mark in {"gpx": "<trkpt", "csv": f"\n{DRIVER},", "geojson": '"Point"'}.items():
        with screen.page.expect_download() as waiting:
            screen.page.locator(f".files [data-format={format}]").click()
        assert waiting.value.suggested_filename == f"{DRIVER}-{DAY}.{format}"
        assert waiting.value.path().read_text().count(mark) == positions, format


def track() -> str:
    return f"/api/v1/drivers/{DRIVER}/track?{span()}"


@pytest.mark.thorough
def test_days_and_times_are_those_of_the_fleet(
    hub: HubProcess, trips: list[dict[str, Any]], open_screen: OpenScreen
) -> None:
    """A reader in Auckland sees the days that the figures of the API are by, and whose they are. There the first two
    trips were in the evening."""
    screen = open_screen(hub, f"/#/drivers/{DRIVER}", timezone_id="Pacific/Auckland", locale="en-GB")
    screen.ready()
    show_day(screen)
    expect(screen.page.locator(".day-zone")).to_have_text("Days and times of Asia/Dubai.")
    expect(screen.page.locator(".entry.trip").first.locator("time").first).to_have_text("08:00")
    expect(screen.page.locator(".entry.trip")).to_have_count(TRIPS)
    screen.page.get_by_role("button", name="Previous day").click()
    expect(screen.page.locator(".day-body")).to_contain_text("No trips on")
    assert screen.page.locator("#day").input_value() == "2026-10-04"
    (figures,) = ask(hub, "GET", f"/api/v1/analytics/daily?driverId={DRIVER}&from={DAY}&to={DAY}")["days"]
    assert figures["trips"] == TRIPS


@pytest.mark.thorough
def test_the_zone_is_not_named_where_it_is_the_readers(hub: HubProcess, open_screen: OpenScreen) -> None:
    ask(hub, "POST", "/api/v1/location", {"driverId": "panel-zone", "latitude": 25.2, "longitude": 55.3})
    screen = open_screen(hub, "/#/drivers/panel-zone", **OPTIONS)
    screen.ready()
    expect(screen.page.locator("#day")).to_be_visible()
    expect(screen.page.locator(".day-zone")).to_have_count(0)
