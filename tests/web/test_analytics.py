"""The figures per day and driver: those of the API, sorted, saved, and readable by everybody."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.web.conftest import OpenScreen
from tests.web.driven import DAY, OPTIONS, TRIPS, ask, sent_day
from tests.web.guarded import serious
from tests.web.screens import Screen

MAPPED = False

DRIVERS = ["counted-1", "counted-2", "counted-3"]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """A hub with three drivers, who drove the same way at different latitudes, so that their sums differ."""
    folder = tmp_path_factory.mktemp("counted")
    process = HubProcess(Settings(port=0, map="offline", data_dir=folder / "data"), folder)
    process.start()
    for number, driver_id in enumerate(DRIVERS):
        sent_day(process, driver_id, latitude=25.0 + number * 20)
    yield process
    process.stop()


def figures(hub: HubProcess) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(hub, "GET", f"/api/v1/analytics/daily?from={DAY}&to={DAY}")["days"]
    return found


def shown(hub: HubProcess, open_screen: OpenScreen, first: str = DAY, last: str = DAY, **options: Any) -> Screen:
    """The page, with the figures of some days."""
    screen = open_screen(hub, "/#/analytics", **OPTIONS | options)
    choose(screen, first, last)
    return screen


def choose(screen: Screen, first: str, last: str) -> None:
    page = screen.page
    page.locator(".figures-body .notice, .figures-body table").first.wait_for()
    page.get_by_label("From").fill(first)
    page.get_by_label("to", exact=True).fill(last)
    page.get_by_role("button", name="Show", exact=True).click()


def names(screen: Screen) -> list[str]:
    return screen.page.locator(".figures-drivers tbody th").all_text_contents()


def test_the_figures_are_those_of_the_api_and_sort(counted: HubProcess, open_screen: OpenScreen) -> None:
    screen = shown(counted, open_screen, "2026-10-04", "2026-10-06")
    page = screen.page
    days = page.locator(".figures-fleet tbody tr")
    expect(days).to_have_count(3)
    rows = {row["driverId"]: row for row in figures(counted)}
    kilometres = sum(row["distance"] for row in rows.values()) / 1000
    day = page.locator(f".figures-fleet tr[data-day='{DAY}']")
    expect(day.locator("[data-key=distance]")).to_have_text(
        f"{kilometres:.0f} km" if kilometres >= 100 else f"{kilometres:.1f} km"
    )
    expect(day.locator("[data-key=trips]")).to_have_text(str(TRIPS * len(DRIVERS)))
    expect(day.locator("[data-key=drivers]")).to_have_text(str(len(DRIVERS)))
    expect(page.locator(".figures-fleet tr[data-day='2026-10-06'] [data-key=trips]")).to_have_text("0")
    # A picture of each figure says in words what it shows.
    expect(page.get_by_role("img", name="Trips per day, at most 9 on")).to_have_count(1)
    expect(page.locator(".figures-drivers tfoot [data-key=trips]")).to_have_text(str(TRIPS * len(DRIVERS)))
    # Farthest first, until somebody wants it otherwise.
    farthest = sorted(rows, key=lambda each: -rows[each]["distance"])
    assert names(screen) == farthest
    page.locator("th[data-key=name] button").click()
    expect(page.locator("th[data-key=name]")).to_have_attribute("aria-sort", "ascending")
    assert names(screen) == DRIVERS
    page.keyboard.press("Enter")
    expect(page.locator("th[data-key=name]")).to_have_attribute("aria-sort", "descending")
    assert names(screen) == DRIVERS[::-1]
    page.get_by_role("link", name=DRIVERS[0]).click()
    expect(page.locator("#panel")).to_contain_text(DRIVERS[0])


@pytest.mark.thorough
def test_they_are_saved_as_a_file(counted: HubProcess, open_screen: OpenScreen, tmp_path: Path) -> None:
    screen = shown(counted, open_screen)
    screen.page.locator(".figures-drivers").wait_for()
    with screen.page.expect_download() as started:
        screen.page.get_by_role("button", name="Save as CSV").click()
    assert started.value.suggested_filename == f"fleet-{DAY}-{DAY}.csv"
    started.value.save_as(tmp_path / "saved.csv")
    with (tmp_path / "saved.csv").open(newline="") as file:
        saved = list(csv.DictReader(file))
    assert [
        (row["day"], row["driver"], int(row["trips"]), float(row["distance_m"]), float(row["max_speed_m_s"]))
        for row in saved
    ] == [(row["day"], row["driverId"], row["trips"], row["distance"], row["maxSpeed"]) for row in figures(counted)]


def test_days_that_cannot_be_are_named_and_empty_ones_say_why(counted: HubProcess, open_screen: OpenScreen) -> None:
    screen = shown(counted, open_screen, "2026-02-02", "2026-02-01")
    complaint = screen.page.get_by_role("alert")
    expect(complaint).to_have_text("The first day must not be after the last day.")
    choose(screen, "2025-01-01", "2026-02-01")
    expect(complaint).to_have_text("At most 366 days can be shown at once.")
    choose(screen, "2026-02-01", "2026-02-02")
    expect(complaint).to_have_text("")
    expect(screen.page.locator(".figures-body")).to_contain_text("A driver that stands still has none.")
    expect(screen.page.get_by_role("button", name="Save as CSV")).to_be_disabled()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.thorough)])
def test_everybody_can_read_them_in_a_narrow_window_too(
    counted: HubProcess, open_screen: OpenScreen, scheme: str
) -> None:
    screen = shown(counted, open_screen, color_scheme=scheme, viewport={"width": 390, "height": 780})
    screen.page.locator(".figures-drivers").wait_for()
    assert serious(screen) == []
    assert screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
