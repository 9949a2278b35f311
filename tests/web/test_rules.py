"""Rules and channels on the management page: set up, tested, and seen to arrive in a terminal."""

from __future__ import annotations

import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.support.hub_process import HubProcess
from tests.web.conftest import OpenScreen
from tests.web.fenced import alarm, ask, send
from tests.web.guarded import serious
from tests.web.screens import PATIENCE, Screen

MAPPED = False

Listen = Callable[..., "Terminal"]


class Terminal:
    """``hub listen`` in a process of its own, and the lines that it prints."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-u", "-m", "hub", "listen", *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.url = re.search(r"http://[^\s]+", self.line_with("http://"))[0]  # type: ignore[index]

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)

    def line_with(self, text: str) -> str:
        """The next line that has a text."""
        while True:
            line = self._lines.get(timeout=PATIENCE / 1000)
            if text in line:
                return line

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


@pytest.fixture
def listen() -> Iterator[Listen]:
    started: list[Terminal] = []

    def begin(*arguments: str) -> Terminal:
        started.append(Terminal(*arguments))
        return started[-1]

    yield begin
    for terminal in started:
        terminal.stop()


def manage(screen: Screen, tab: str) -> None:
    screen.page.get_by_role("tab", name=tab, exact=True).click()


def new_webhook(screen: Screen, name: str, url: str) -> str:
    """A channel that is made in the dialog; its secret."""
    page = screen.page
    page.get_by_role("button", name="New channel").click()
    dialog = page.get_by_role("dialog", name="New channel")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("URL").fill(url)
    assert serious(screen) == []
    dialog.get_by_role("button", name="Create").click()
    shown = page.get_by_role("dialog", name=f"Secret of {name}")
    secret = shown.get_by_label("Secret", exact=True).input_value()
    assert shown.get_by_label("Command").input_value() == f"hub listen --secret {secret}"
    shown.get_by_role("button", name="Close").click()
    assert secret not in page.content()
    return secret


def test_a_channel_is_tested_and_a_rule_reaches_the_terminal(
    hub: HubProcess, open_screen: OpenScreen, listen: Listen
) -> None:
    first = listen("--port", "0")
    screen = open_screen(hub, "/#/manage")
    page = screen.page
    manage(screen, "Channels")
    secret = new_webhook(screen, "Terminal", first.url)
    page.get_by_role("button", name="Test Terminal").click()
    log = page.get_by_role("dialog", name="Log of Terminal")
    log.get_by_text("The test arrived: the receiver answered 204").wait_for()
    assert "hub.test" in first.line_with("hub.test")
    log.locator(".deliveries summary").click()
    assert "This is a test of the channel" in log.locator(".deliveries pre").inner_text()
    assert serious(screen) == []
    log.get_by_role("button", name="Close").click()

    manage(screen, "Rules")
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    dialog.get_by_label("Name", exact=True).fill("Call for help")
    dialog.get_by_label("An alert when a driver").select_option("alarm")
    drivers = dialog.get_by_label("Drivers", exact=True)
    ask(hub, "POST", "/api/v1/fleet/drivers", {"driverId": "ring-2", "name": "Ringo"})
    drivers.fill("ring-1, ringo")
    expect(dialog.locator("datalist option[value='ring-1, ring-2']")).to_have_count(1)
    expect(dialog.locator("datalist option")).to_have_count(1)
    expect(drivers).to_have_accessible_description(re.compile("type an id or a name"))
    drivers.fill("ring-1")
    dialog.get_by_role("checkbox", name="Terminal").check()
    dialog.get_by_label("Severity").select_option("critical")
    assert serious(screen) == []
    dialog.get_by_role("button", name="Create").click()
    row = page.get_by_role("row", name="Call for help")
    row.get_by_text("Sends an alarm").wait_for()
    send(hub, [alarm("ring-1", -26.0, 57.0)])
    assert "hub.alert.opened" in first.line_with("ring-1")

    # The receiver that was started again with the secret accepts what is signed with it.
    port = first.url.rsplit(":", 1)[1].strip("/")
    first.stop()
    second = listen("--port", port, "--secret", secret)
    send(hub, [alarm("ring-1", -26.0, 57.1)])
    second.line_with("signature valid")


@pytest.mark.thorough
def test_a_test_that_fails_says_why_also_with_keys_alone(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, "/#/manage")
    screen.forgiven.append("status of 409")
    page = screen.page
    keys = page.keyboard
    manage(screen, "Channels")
    # Nothing listens on the discard port.
    new_webhook(screen, "Nowhere", "http://127.0.0.1:9/")
    test = page.get_by_role("button", name="Test Nowhere")
    test.press("Enter")
    log = page.get_by_role("dialog", name="Log of Nowhere")
    log.get_by_text(re.compile("The test failed: .*Next try at")).wait_for()
    expect(log.get_by_role("button", name="Send a test")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    keys.press("Tab")
    expect(log.locator(".deliveries pre")).to_be_focused()
    assert serious(screen) == []
    # The table is read again after a test, and drawn again while the next dialog is open.
    channels = re.compile(r"/api/v1/channels\?")
    held: list[Route] = []
    page.route(channels, lambda route: held.append(route))  # a method of a list cannot be marked by Playwright
    drawn = test.element_handle()
    keys.press("Escape")
    expect(test).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    log.get_by_text(re.compile("Cannot connect")).wait_for()
    held.pop().continue_()
    page.unroute(channels)
    page.wait_for_function("node => !node.isConnected", arg=drawn)
    keys.press("Escape")
    expect(page.get_by_role("button", name="Log of Nowhere")).to_be_focused()

    page.get_by_role("button", name="Pause Nowhere").click()
    page.get_by_role("button", name="Resume Nowhere").wait_for()
    test.click()
    # It stays when the log has been read.
    log.locator(".deliveries li").wait_for()
    log.get_by_text("The channel is paused or disabled. Resume it first.").wait_for()
    keys.press("Escape")
    row = page.get_by_role("row", name="Nowhere")
    row.get_by_role("button", name="Delete Nowhere").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    row.wait_for(state="detached")
    # The keyboard stays in the table.
    screen.wait("() => document.activeElement.closest('.table-frame') !== null")


@pytest.mark.thorough
def test_an_edit_of_a_broker_keeps_the_positions(hub: HubProcess, open_screen: OpenScreen) -> None:
    body = {
        "name": "Broker",
        "kind": "traccar",
        "events": ["position", "trip"],
        "config": {"url": "http://127.0.0.1:9/"},
    }
    path = f"/api/v1/channels/{ask(hub, 'POST', '/api/v1/channels', body)['channel']['id']}"
    ask(hub, "PATCH", path, {"state": "paused"})
    screen = open_screen(hub, "/#/manage")
    page = screen.page
    manage(screen, "Channels")
    page.get_by_role("button", name="Edit Broker").click()
    dialog = page.get_by_role("dialog", name="Edit Broker")
    expect(dialog.get_by_label("Every position")).to_be_checked()
    dialog.get_by_label("Every event of trips").uncheck()
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    assert ask(hub, "GET", path)["events"] == ["position"]

    page.get_by_role("button", name="New channel").click()
    dialog = page.get_by_role("dialog", name="New channel")
    told = dialog.get_by_label("When another channel is disabled")
    expect(told).not_to_be_checked()
    dialog.get_by_label("Kind").select_option("email")
    expect(told).to_be_checked()
    told.uncheck()
    dialog.get_by_label("Kind").select_option("slack")
    expect(told).not_to_be_checked()


@pytest.mark.thorough
def test_wrong_input_is_named_at_its_field(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, "/#/manage")
    screen.forgiven.append("status of 422")
    page = screen.page
    manage(screen, "Channels")
    page.get_by_role("button", name="New channel").click()
    dialog = page.get_by_role("dialog", name="New channel")
    dialog.get_by_label("Name", exact=True).fill("Wrong")
    dialog.get_by_label("URL").fill("http://10.0.0.1/")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_label("URL")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_role("button", name="Close").click()

    manage(screen, "Rules")
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    dialog.get_by_label("An alert when a driver").select_option("overspeed")
    dialog.get_by_label("Speed limit in km/h").fill("3")
    dialog.get_by_role("button", name="Create").click()
    dialog.get_by_text("Enter a number from 4 to 1440.").wait_for()
    dialog.get_by_label("Speed limit in km/h").fill("90")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")


@pytest.mark.thorough
def test_a_channel_that_is_disabled_is_in_the_feed_until_it_is_resumed(
    hub: HubProcess, open_screen: OpenScreen, listen: Listen
) -> None:
    terminal = listen("--port", "0", "--status", "410")
    body = {"name": "Gone", "kind": "webhook", "config": {"url": terminal.url}}
    channel = ask(hub, "POST", "/api/v1/channels", body)["channel"]["id"]
    screen = open_screen(hub)
    page = screen.page
    page.get_by_role("tab", name="Alerts").click()
    ask(hub, "POST", f"/api/v1/channels/{channel}/test")
    item = page.locator(".feed-item", has_text="Nothing is sent through the channel Gone any more")
    item.get_by_text("Open").wait_for()
    assert item.get_by_role("link").count() == 0
    assert serious(screen) == []
    ask(hub, "PATCH", f"/api/v1/channels/{channel}", {"state": "paused"})
    item.get_by_text("Over").wait_for()


@pytest.mark.thorough
def test_maintenance_by_days_is_set_up_told_and_done(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, "/#/manage")
    screen.forgiven.append("status of 422")
    page = screen.page
    manage(screen, "Rules")
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    dialog.get_by_label("Name", exact=True).fill("Service")
    dialog.get_by_label("An alert when a driver").select_option("maintenance")
    dialog.get_by_label("Drivers", exact=True).fill("van-1")
    dialog.get_by_label("Kilometres between two").fill("")
    dialog.get_by_role("button", name="Create").click()
    dialog.get_by_text("needs every (metres), days, or both").wait_for()
    dialog.get_by_label("Days between two").fill("30")
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("row", name="Service").wait_for()
    (rule,) = [one for one in ask(hub, "GET", "/api/v1/rules")["rules"] if one["name"] == "Service"]
    assert rule["params"] == {"every": None, "start": 0.0, "days": 30}

    ask(hub, "POST", "/api/v1/location", {"driverId": "van-1", "latitude": 25.0, "longitude": 55.0})
    # The last maintenance was 31 days ago; a change of the rule makes the notifier look at once.
    at = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    ask(hub, "POST", f"/api/v1/rules/{rule['id']}/done", {"driverId": "van-1", "at": at})
    ask(hub, "PATCH", f"/api/v1/rules/{rule['id']}", {"name": "Oil and brakes"})
    screen.goto("/")
    page.get_by_role("tab", name="Alerts").click()
    item = page.locator(".feed-item", has_text="van-1 is due for maintenance after 30 days")
    item.get_by_role("button", name="Done").click()
    item.get_by_text("Over after").wait_for()
    item.get_by_role("button", name="Done").wait_for(state="detached")
    assert serious(screen) == []


def test_a_rule_is_edited_switched_off_and_two_users_change_it(hub: HubProcess, open_screen: OpenScreen) -> None:
    weekly = [["mo", "08:00", "24:00"], ["fr", "08:00", "24:00"]]
    body: dict[str, Any] = {
        "name": "Slow down",
        "kind": "overspeed",
        "params": {"limit": 25, "for": 20},
        "schedule": {"timeZone": "Asia/Dubai", "weekly": weekly},
        "watch": {"drivers": ["nobody-1"]},
    }
    made = ask(hub, "POST", "/api/v1/rules", body)
    screen = open_screen(hub, "/#/manage")
    screen.forgiven.append("status of 412")
    page = screen.page
    manage(screen, "Rules")
    page.get_by_role("button", name="Edit Slow down").click()
    dialog = page.get_by_role("dialog", name="Edit Slow down")
    assert dialog.get_by_label("Speed limit in km/h").input_value() == "90"
    assert dialog.get_by_role("checkbox", name="Monday").is_checked()
    assert not dialog.get_by_role("checkbox", name="Tuesday").is_checked()
    dialog.get_by_label("Speed limit in km/h").fill("100")
    ask(hub, "PATCH", f"/api/v1/rules/{made['id']}", {"severity": "critical"})
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_text("Another user changed this rule. Your input is kept").wait_for()
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="Slow down")
    row.get_by_text("Speed limit in km/h: 100").wait_for()
    kept = ask(hub, "GET", f"/api/v1/rules/{made['id']}")
    assert kept["params"]["limit"] == pytest.approx(100 / 3.6, abs=1e-4)
    assert kept["watch"] == {"drivers": ["nobody-1"]}
    assert kept["severity"] == "critical"
    row.get_by_role("button", name="Switch off Slow down").click()
    row.get_by_text("Off", exact=True).wait_for()
    assert ask(hub, "GET", f"/api/v1/rules/{made['id']}")["enabled"] is False
    assert serious(screen) == []
