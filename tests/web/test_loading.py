"""What a visit costs: bytes, and the second time hardly any. Times are printed, not judged: ``-s`` shows them."""

from __future__ import annotations

from typing import Any

from tests.clients.hub_process import HubProcess
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
    times: dict[str, Any] = screen.page.evaluate(
        """() => ({
            paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
            live: performance.now(),
        })"""
    )
    devtools.detach()
    return len(loaded), sum(loaded), {name: round(value) for name, value in times.items()}


def test_a_first_visit_is_short_and_a_second_one_asks_only_whether_something_is_new(
    own_hub: HubProcess, open_screen: OpenScreen
) -> None:
    screen = open_screen(own_hub, "/livez")
    screen.forgiven = ["favicon.ico"]  # of a page that is only text
    screen.context.new_cdp_session(screen.page).send("Network.clearBrowserCache")
    requests, first, first_times = visit(screen)
    again, second, second_times = visit(screen)
    print(f"\nfirst visit: {requests} requests, {first} bytes, {first_times} ms")
    print(f"second visit: {again} requests, {second} bytes, {second_times} ms")
    assert requests < 25
    assert 100_000 < first < 600_000
    assert second < 20_000
