"""What a visit costs: bytes, and the second time hardly any. Times are printed, not judged: ``-s`` shows them. And the
pages as a developer has them, not built."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from clients.web.packages import HERE
from tests.support.hub_process import HubProcess
from tests.web.conftest import OpenScreen
from tests.web.screens import Screen


def visit(screen: Screen) -> tuple[int, int, dict[str, float]]:
    """Requests, the bytes that came, and milliseconds until something was painted and until the map was there."""
    loaded: list[int] = []
    devtools = screen.context.new_cdp_session(screen.page)
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    screen.goto("/")
    screen.ready()
    screen.page.wait_for_load_state("networkidle")
    painted = "() => performance.getEntriesByName('first-contentful-paint').length > 0"
    # A picture is a frame: on a busy machine the browser may leave out those before.
    screen.until(lambda: screen.page.screenshot() and screen.page.evaluate(painted))
    times: dict[str, Any] = screen.page.evaluate(
        """() => ({
            paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
            live: performance.now(),
        })"""
    )
    devtools.detach()
    return len(loaded), sum(loaded), {name: round(value) for name, value in times.items()}


@pytest.mark.thorough
def test_a_first_visit_is_short_and_a_second_one_asks_only_whether_something_is_new(
    hub: HubProcess, open_screen: OpenScreen
) -> None:
    screen = open_screen(hub, "/livez")
    screen.forgiven = ["favicon.ico"]  # of a page that is only text
    screen.context.new_cdp_session(screen.page).send("Network.clearBrowserCache")
    requests, first, first_times = visit(screen)
    again, second, second_times = visit(screen)
    print(f"\nfirst visit: {requests} requests, {first} bytes, {first_times} ms")
    print(f"second visit: {again} requests, {second} bytes, {second_times} ms")
    assert requests < 25
    assert 100_000 < first < 600_000
    assert second < 20_000


def use_sources(screen: Screen) -> None:
    """Answer with the page that the hub serves where nothing is built."""
    screen.page.route(f"{screen.origin}/", lambda route: route.fulfill(path=HERE / "index.html"))


@pytest.mark.thorough
def test_the_sources_work_as_they_are(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, "/livez")
    screen.forgiven = ["favicon.ico"]
    use_sources(screen)
    screen.goto("/")
    screen.ready()
    assert screen.page.evaluate("document.querySelector('script[type=module]').src").endswith("/web/js/app/main.js")
    for view, heading in [("Analytics", "Analytics"), ("Manage", "Manage the fleet")]:
        screen.page.get_by_role("link", name=view).click()
        screen.page.get_by_role("heading", name=heading).wait_for()


def test_without_the_packages_the_page_works_and_says_what_is_missing(hub: HubProcess, open_screen: OpenScreen) -> None:
    """As after an installation without a network."""

    def without_packages(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"mapAvailable": False})

    screen = open_screen(hub, "/livez")
    screen.forgiven = ["favicon.ico", "Failed to load resource", "The view could not be loaded"]
    use_sources(screen)
    screen.page.route("**/api/v1/screen", without_packages)
    screen.page.route("**/web/vendor/**", lambda route: route.fulfill(status=404))
    screen.goto("/")
    screen.page.wait_for_selector("#connection[data-state=live]")
    expect(screen.page.locator(".map-notice")).to_contain_text("The map is missing")
    screen.page.get_by_role("link", name="Manage").click()
    screen.page.get_by_role("heading", name="Manage the fleet").wait_for()
    screen.page.get_by_role("link", name="Analytics").click()
    expect(screen.page.get_by_role("alert")).to_contain_text("could not be downloaded when the hub was installed")
    # A hub that does not answer has not been updated, and its packages may be there.
    silent = ["**/api/v1/screen", "**/js/system/system.js*"]
    for path in silent:
        screen.page.route(path, lambda route: route.abort("connectionrefused"))
    screen.page.get_by_role("link", name="System").click()
    expect(screen.page.get_by_role("alert")).to_contain_text("The hub does not respond.")
    expect(screen.page.get_by_role("button", name="Retry")).to_be_visible()
    # The tabs next to the map say the same.
    screen.page.get_by_role("link", name="Map", exact=True).click()
    screen.page.get_by_role("tab", name="Fences").click()
    side = screen.page.locator(".side-panel").get_by_role("alert")
    expect(side).to_contain_text("The hub does not respond.")
    screen.page.unroute("**/api/v1/screen")
    screen.page.get_by_role("tab", name="Alerts").click()
    expect(side).to_contain_text("could not be downloaded when the hub was installed")
    side.get_by_role("button", name="Reload").wait_for()
