"""Bad days of the screen: its hub dies, goes down, or falls silent; the page itself stands still for a while."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.screens import KEPT_SOCKETS, Screen

LOST = [
    "Failed to load resource",
    "Failed to fetch",
    "WebSocket connection to",
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
]
"""What is written on the console when a server is away, most of it by Chromium itself."""


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """An open hub for the tests here that freeze it or stop it in order, and leave it as it was."""
    folder = tmp_path_factory.mktemp("restarted")
    process = HubProcess(Settings(port=0, map="offline", data_dir=folder / "data", heartbeat_interval=0.5), folder)
    process.start()
    yield process
    process.stop()


def peer_of(hub: HubProcess) -> Peer:
    return Peer(("127.0.0.1", hub.settings.port), "/ws?subscribe=none")


def fix(driver_id: str, longitude: float, **more: Any) -> dict[str, Any]:
    return {"driverId": driver_id, "latitude": 25.0, "longitude": longitude, **more}


def drawn_at(screen: Screen, driver_id: str, longitude: float) -> None:
    screen.wait("([id, x]) => hub.map.layer.at(id)?.[0] === x", [driver_id, longitude])


def test_a_hub_that_was_killed_is_found_again_and_no_dot_is_wrong(own_hub: HubProcess, open_screen: OpenScreen) -> None:
    with peer_of(own_hub) as peer:
        peer.say([fix("stays", 55.0), fix("moves", 55.01), fix("goes", 55.02)])
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
    screen = open_screen(own_hub)
    screen.forgiven = LOST
    screen.ready()
    drawn_at(screen, "goes", 55.02)
    screen.page.evaluate("() => { globalThis.loadedOnce = true; }")
    own_hub.kill()
    badge = screen.page.locator("#connection")
    badge.get_by_text("Reconnecting").wait_for()
    screen.page.locator("#connection", has_text=" ago").wait_for()
    assert screen.page.locator("#map").get_attribute("data-state") == "reconnecting"
    own_hub.start()
    with peer_of(own_hub) as peer:
        # While the page is not there yet, one moves a little and one to where the map does not look.
        peer.say([fix("moves", 55.011), fix("goes", -120.0)])
        badge.get_by_text("Live").wait_for()
        drawn_at(screen, "moves", 55.011)
        drawn_at(screen, "stays", 55.0)
        screen.wait("() => hub.map.layer.at('goes') === undefined")
        # The numbers of the new run are lower than those of the old one, and count all the same.
        peer.say(fix("stays", 55.001))
        drawn_at(screen, "stays", 55.001)
    assert screen.page.evaluate("() => globalThis.loadedOnce") is True


@pytest.mark.thorough
def test_after_a_short_break_only_what_moved_comes_again(restarted: HubProcess, open_screen: OpenScreen) -> None:
    with peer_of(restarted) as peer:
        peer.say([fix(f"d-{number}", 55.0 + number / 1000) for number in range(20)])
        screen = open_screen(restarted, before=KEPT_SOCKETS)
        screen.forgiven = LOST
        screen.ready()
        drawn_at(screen, "d-19", 55.019)
        # Up to here all that was sent is known: a heartbeat says so.
        screen.wait(
            "() => { hub.connection.onMessage(m => { globalThis.beat ||= m.type === 'heartbeat'; }); return true; }"
        )
        screen.wait("() => globalThis.beat")
        before = len(screen.received)
        screen.lose_connection()
        peer.say(fix("d-7", 55.1))
        screen.page.wait_for_selector("#connection[data-state=live]")
        screen.wait("() => hub.fleet.get('d-7').longitude === 55.1 || !hub.fleet.get('d-7').live")
    # Alerts and fences have nothing to resume.
    again = {message["id"]: message["reset"] for message in screen.received[before:] if message["type"] == "subscribed"}
    assert again == {"map": False, "facts": True}
    assert {message["driverId"] for message in screen.received[before:] if message["type"] == "location"} <= {"d-7"}


@pytest.mark.thorough
def test_a_hub_that_goes_down_in_order_says_when_to_come_back(restarted: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(restarted)
    screen.forgiven = LOST
    screen.ready()
    restarted.stop()
    try:
        screen.page.locator("#connection[data-state=reconnecting]").wait_for()
        assert any(message["type"] == "bye" for message in screen.received)
    finally:
        restarted.start()
    screen.page.wait_for_selector("#connection[data-state=live]")


def test_a_page_that_cannot_begin_says_so_and_tries_again(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub)
    screen.forgiven = ["Failed to load resource", "ApiError"]
    screen.page.route("**/api/v1/screen", lambda route: route.abort())
    screen.page.reload()
    screen.page.get_by_role("alert").get_by_text("The hub does not respond.").wait_for()
    screen.page.unroute("**/api/v1/screen")
    screen.page.get_by_role("button", name="Try again").click()
    screen.ready()


def test_a_silent_hub_makes_the_picture_stale(restarted: HubProcess, open_screen: OpenScreen) -> None:
    with peer_of(restarted) as peer:
        peer.say([fix("silent", 55.0)])
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
    screen = open_screen(restarted)
    screen.forgiven = LOST
    screen.ready()
    screen.page.get_by_label("Search drivers").fill("silent")
    row = screen.page.locator(".row[data-driver=silent]")
    row.get_by_text("Online").wait_for()
    restarted.signal(signal.SIGSTOP)
    try:
        screen.page.locator("#connection", has_text="Stale since").wait_for()
        row.get_by_text("Last known: online").wait_for()
    finally:
        restarted.signal(signal.SIGCONT)
    screen.page.wait_for_selector("#connection[data-state=live]")
    row.get_by_text("Online").wait_for()


@pytest.mark.thorough
def test_a_late_heartbeat_is_said_before_the_socket_is_given_up(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub)
    screen.page.clock.install()
    screen.page.reload()
    screen.ready()
    sockets = screen.sockets
    badge = screen.page.locator("#connection")

    def stale() -> bool:
        # A heartbeat comes every ten seconds, of which the page has more than one while it is asked; or one comes now.
        screen.page.clock.run_for(12_500)
        return badge.inner_text().startswith("Stale since 1")

    screen.until(stale)
    with peer_of(hub) as peer:
        peer.say(fix("breaks-the-silence", 55.0))
        badge.get_by_text("Live").wait_for()
    assert screen.sockets == sockets


@pytest.mark.thorough
@pytest.mark.parametrize("fixes", [1_500, pytest.param(12_000, marks=pytest.mark.slow)])
def test_a_page_that_stands_still_is_conflated_and_not_dropped(
    hub: HubProcess, open_screen: OpenScreen, fixes: int
) -> None:
    size = 50
    with peer_of(hub) as peer:
        peer.say(fix("fast", 55.0))
        screen = open_screen(hub)
        screen.ready()
        drawn_at(screen, "fast", 55.0)
        # The page stands still, as on a machine without breath: its scripts are stopped where they are.
        debugger = screen.context.new_cdp_session(screen.page)
        debugger.send("Debugger.enable")
        debugger.send("Debugger.pause")
        now = datetime.now(UTC)
        for start in range(0, fixes, size):
            batch = []
            for number in range(start, start + size):
                recorded = now + timedelta(milliseconds=number)
                more = {"recordedAt": recorded.isoformat(), "attributes": {"filling": "x" * 980}}
                batch.append(fix("fast", 55.0 + (number + 1) / 1_000_000, **more))
            peer.say(batch)
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
        debugger.send("Debugger.resume")
        screen.wait("x => Math.abs(hub.fleet.get('fast').longitude - x) < 1e-9", 55.0 + fixes / 1_000_000)
    screen.page.wait_for_selector("#connection[data-state=live]")
    assert screen.sockets == 1
    assert sum(location["driverId"] == "fast" for location in screen.locations()) < fixes / 2
