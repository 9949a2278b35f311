"""Reports on the screen: the rows of the API, kept by the address, as files and on paper, by keys, and read aloud."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.support.hub_process import HubProcess
from tests.web.conftest import OpenScreen
from tests.web.driven import DAY, OPTIONS, TRIPS, ask, sent_day
from tests.web.fenced import ask as enter
from tests.web.guarded import serious
from tests.web.screens import WINDOW

MAPPED = False

DRIVERS = ["reported-1", "reported-2"]


@pytest.fixture(scope="module")
def reported(hub: HubProcess) -> HubProcess:
    """The common hub, with two drivers who drove the same way."""
    for number, driver_id in enumerate(DRIVERS):
        sent_day(hub, driver_id, latitude=-25.0 - number * 10)
    return hub


def address(kind: str, *drivers: str, more: str = "") -> str:
    return f"/#/reports/{kind}?from={DAY}&to={DAY}{''.join(f'&driver={one}' for one in drivers or DRIVERS)}{more}"


def rows_of(hub: HubProcess, kind: str, more: str = "") -> list[dict[str, Any]]:
    who = "&".join(f"driverId={one}" for one in DRIVERS)
    found: list[dict[str, Any]] = ask(hub, "GET", f"/api/v1/reports/{kind}?from={DAY}&to={DAY}&{who}{more}")["rows"]
    return found


def test_the_table_has_the_rows_of_the_api_and_the_address_keeps_the_choice(
    reported: HubProcess, open_screen: OpenScreen
) -> None:
    screen = open_screen(reported, "/#/", **OPTIONS)
    page = screen.page
    page.get_by_role("link", name="Reports").click()
    page.get_by_label("From").fill(DAY)
    page.get_by_label("To", exact=True).fill(DAY)
    # By keys: a driver with Enter, which does not submit the form, and one that is removed again.
    field = page.get_by_role("combobox", name="Drivers")
    for driver_id in [*DRIVERS, "another"]:
        field.fill(driver_id)
        field.press("Enter")
    page.get_by_role("button", name="Remove another").press("Enter")
    expect(field).to_be_focused()
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    lines = page.locator(".report-table tbody tr")
    expect(lines).to_have_count(TRIPS * len(DRIVERS))
    trips = rows_of(reported, "trips")
    shown = lines.evaluate_all("all => all.map(one => one.querySelector('time').getAttribute('datetime'))")
    assert shown == [row["startedAt"] for row in trips]
    expect(page.get_by_role("img", name="Distance per day, at most")).to_have_count(1)
    assert page.url.endswith(address("trips"))
    expect(page.locator("#views a[aria-current=page]")).to_have_text("Reports")
    # Columns that are out of sight are told.
    wide = page.get_by_text("The table is wider than the page")
    expect(wide).to_be_visible()
    page.set_viewport_size({"width": 2400, "height": 600})
    expect(wide).to_be_hidden()
    page.set_viewport_size(WINDOW)
    page.get_by_label("Report", exact=True).select_option("mileage")
    expect(lines).to_have_count(len(DRIVERS))
    expect(page.get_by_role("img", name="Distance per driver, at most")).to_have_count(1)
    page.reload()
    page.locator(".report-table").wait_for()
    expect(lines).to_have_count(len(DRIVERS))
    expect(page.get_by_label("From")).to_have_value(DAY)
    assert page.url.endswith(address("mileage"))


@pytest.mark.thorough
def test_speeding_has_a_limit_in_kilometres_per_hour(reported: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(reported, address("speeding"), **OPTIONS)
    page = screen.page
    page.get_by_text("No rows for this choice.").wait_for()
    page.get_by_label("Limit in km/h").fill("fast")
    page.get_by_role("button", name="Show", exact=True).click()
    limit = page.get_by_label("Limit in km/h")
    expect(limit).to_be_focused()
    expect(limit).to_have_attribute("aria-invalid", "true")
    expect(limit).to_have_accessible_description("Must be a number of km/h, or empty for the limits of the fences.")
    page.get_by_label("Limit in km/h").fill("50,4")
    page.get_by_role("button", name="Show", exact=True).click()
    found = rows_of(reported, "speeding", "&speedLimit=14")
    assert found
    expect(page.locator(".report-table tbody tr")).to_have_count(len(found))
    expect(page.locator(".report-table tbody")).to_contain_text("54 km/h")
    page.reload()
    page.get_by_label("Limit in km/h").wait_for()
    expect(page.get_by_label("Limit in km/h")).to_have_value("50.4")


def test_days_that_are_missing_or_in_the_wrong_order_are_told_at_their_field(
    reported: HubProcess, open_screen: OpenScreen
) -> None:
    page = open_screen(reported, address("trips").replace(f"to={DAY}", "to=2020-01-01"), **OPTIONS).page
    first = page.get_by_label("From")
    expect(first).to_have_accessible_description("The first day must not be after the last day.")
    expect(page.get_by_text("Loading")).to_have_count(0)
    page.get_by_label("To", exact=True).fill(DAY)
    page.get_by_role("button", name="Show", exact=True).click()
    lines = page.locator(".report-table tbody tr")
    expect(lines).to_have_count(TRIPS * len(DRIVERS))
    first.fill("")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(first).to_be_focused()
    expect(first).to_have_accessible_description("Choose a first day.")
    # What is shown stays, and so do its heading and files.
    page.get_by_role("button", name="Remove").first.click()
    expect(lines).to_have_count(TRIPS * len(DRIVERS))
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV").click()
    assert started.value.suggested_filename == f"trips-{DAY}-{DAY}.csv"
    assert started.value.path().read_text().count("\n") == 1 + TRIPS * len(DRIVERS)


@pytest.mark.thorough
def test_an_unknown_report_and_an_unknown_driver(reported: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(reported, address("money"), **OPTIONS)
    page = screen.page
    page.locator(".report-table").wait_for()
    assert page.url.endswith(address("trips"))
    screen.forgiven.append("the server responded with a status of 404")
    page.route("**/api/v1/reports/trips?*", lambda route: route.fulfill(status=404, json={"detail": "no such driver"}))
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("A chosen driver does not exist, or is not in your groups.")


@pytest.mark.thorough
def test_a_view_that_was_left_draws_nothing_more(reported: HubProcess, open_screen: OpenScreen) -> None:
    page = open_screen(reported, "/#/analytics", **OPTIONS).page
    held: list[Route] = []
    page.route("**/api/v1/reports", lambda route: held.append(route))
    with page.expect_request("**/api/v1/reports"):
        page.get_by_role("link", name="Reports").click()
    page.get_by_text("Loading …").wait_for()
    page.get_by_role("link", name="Analytics").click()
    page.get_by_role("heading", name="Analytics").wait_for()
    with page.expect_response("**/api/v1/reports"):
        held[0].continue_()
    page.wait_for_timeout(200)
    expect(page.locator(".report-schedules")).to_have_count(0)
    assert page.url.endswith("#/analytics")
    # Nor does Analytics, left before its first answer.
    page.route("**/api/v1/analytics/**", lambda route: held.append(route))
    page.get_by_role("link", name="Map", exact=True).click()
    with page.expect_request("**/api/v1/analytics/**"):
        page.get_by_role("link", name="Analytics").click()
    page.get_by_role("link", name="Manage").click()
    page.get_by_role("heading", name="Manage").first.wait_for()
    with page.expect_response("**/api/v1/analytics/**"):
        held[1].continue_()
    page.wait_for_timeout(200)
    expect(page.get_by_role("heading", name="Analytics")).to_have_count(0)


@pytest.mark.thorough
def test_an_alert_without_a_driver_has_no_link_and_printing_keeps_the_rows(
    reported: HubProcess, open_screen: OpenScreen
) -> None:
    screen = open_screen(reported, "/#/", **OPTIONS)
    page = screen.page
    row = {"day": DAY, "driverName": "", "driverId": "", "at": f"{DAY}T10:00:00Z", "kind": "channel.disabled"}
    named = row | {"driverName": "Amal", "driverId": "reported-1"}
    rows = [row] + [named] * 499
    answer = {"rows": rows, "from": DAY, "to": DAY, "timeZone": "Asia/Dubai"}
    page.route("**/api/v1/reports/events?*", lambda route: route.fulfill(json=answer))
    page.evaluate(f"location.hash = '{address('events').removeprefix('/')}'")
    lines = page.locator(".report-table tbody tr")
    expect(lines).to_have_count(200)
    expect(lines.first.locator("a")).to_have_count(0)
    expect(lines.first.locator("td").nth(1)).to_have_text("\N{EN DASH}")
    page.get_by_role("button", name="Show 200 more").click()
    expect(lines).to_have_count(400)
    expect(lines.nth(200).locator("a")).to_be_focused()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(lines).to_have_count(500)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(lines).to_have_count(400)


def test_a_file_has_the_same_rows(reported: HubProcess, open_screen: OpenScreen, tmp_path: Path) -> None:
    page = open_screen(reported, address("trips"), **OPTIONS).page
    page.locator(".report-table").wait_for()
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV").click()
    assert started.value.suggested_filename == f"trips-{DAY}-{DAY}.csv"
    started.value.save_as(tmp_path / "saved.csv")
    with page.expect_download() as started:
        page.get_by_role("button", name="Excel").click()
    assert started.value.suggested_filename == f"trips-{DAY}-{DAY}.xlsx"
    saved = list(csv.DictReader(io.StringIO((tmp_path / "saved.csv").read_text())))
    trips = rows_of(reported, "trips")
    assert [(row["tripId"], float(row["distance"])) for row in saved] == [
        (row["tripId"], row["distance"]) for row in trips
    ]


@pytest.mark.thorough
def test_paper_has_the_table_alone(reported: HubProcess, open_screen: OpenScreen) -> None:
    page = open_screen(reported, address("trips"), **OPTIONS).page
    page.locator(".report-table").wait_for()
    # As if more rows were loaded than the page shows at once.
    page.evaluate(
        """() => {
          const line = document.querySelector(".report-table tbody tr");
          line.parentNode.append(...Array.from({ length: 150 }, () => line.cloneNode(true)));
        }"""
    )
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.locator(".report-choice")).to_be_hidden()
    expect(page.get_by_role("heading", name="Trips, ")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.report-table td')).color") == "rgb(0, 0, 0)"
    # The width of A4 in landscape between its margins.
    page.set_viewport_size({"width": 1032, "height": 700})
    edge = page.evaluate("document.querySelector('.report-table').getBoundingClientRect().right")
    assert edge <= 1032
    paper = page.pdf()
    # Of A4 in landscape 150 lines are several pages, with the head of the table on each.
    assert paper.startswith(b"%PDF") and paper.count(b"/Type /Page\n") >= 3


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), pytest.param("dark", 390, marks=pytest.mark.thorough)])
def test_no_serious_violation_in_any_report(
    reported: HubProcess, open_screen: OpenScreen, scheme: str, width: int
) -> None:
    screen = open_screen(
        reported, address("trips"), color_scheme=scheme, viewport={"width": width, "height": 780}, **OPTIONS
    )
    screen.page.locator(".report-table").wait_for()
    assert serious(screen) == []
    screen.page.get_by_label("Report", exact=True).select_option("speeding")
    screen.page.get_by_label("Limit in km/h").wait_for()
    assert serious(screen) == []
    assert screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.thorough
def test_a_report_is_sent_by_schedule(reported: HubProcess, open_screen: OpenScreen) -> None:
    new = {"name": "Desk", "kind": "email", "config": {"to": ["desk@hub.example"]}}
    assert ask(reported, "GET", "/api/v1/report-schedules")["schedules"] == []
    enter(reported, "POST", "/api/v1/channels", new)
    screen = open_screen(reported, address("mileage"), **OPTIONS)
    # What Chromium writes on the console where the hub refuses a field.
    screen.forgiven.append("the server responded with a status of 422")
    page = screen.page
    page.get_by_role("button", name="New schedule").press("Enter")
    dialog = page.get_by_role("dialog", name="New schedule")
    # It begins with what is shown.
    expect(dialog.get_by_label("Report", exact=True)).to_have_value("mileage")
    expect(dialog.get_by_label("Drivers")).to_have_value(", ".join(DRIVERS))
    expect(dialog.get_by_label("Time zone")).to_have_value("Asia/Dubai")
    assert serious(screen) == []
    page.keyboard.type("Kilometres")
    dialog.get_by_label("Sent", exact=True).select_option("month")
    dialog.get_by_label("At", exact=True).fill("07:15")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Choose at least one channel.")).to_be_visible()
    dialog.get_by_role("checkbox", name="Desk").check()
    dialog.get_by_role("button", name="Create").click()
    row = page.locator(".report-schedules tbody tr")
    row.wait_for()
    expect(row).to_contain_text("Each month at 07:15 (Asia/Dubai)")
    (stored,) = ask(reported, "GET", "/api/v1/report-schedules")["schedules"]
    assert (stored["name"], stored["kind"], stored["drivers"]) == ("Kilometres", "mileage", DRIVERS)
    row.get_by_role("button", name="Edit Kilometres").click()
    dialog = page.get_by_role("dialog", name="Edit Kilometres")
    dialog.get_by_label("Time zone").fill("Mars")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Mars is not a time zone")).to_be_visible()
    dialog.get_by_label("Time zone").fill("UTC")
    dialog.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("07:15 (UTC)")
    row.get_by_role("button", name="Switch off").press("Enter")
    expect(row).to_contain_text("Off")
    expect(row.get_by_role("button", name="Switch on")).to_be_focused()
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No reports are sent by e-mail yet.")).to_be_visible()
