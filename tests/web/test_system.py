"""The system page: figures of the hub and its queues, and a quarantined request that is shown and sent again."""

from __future__ import annotations

import http.client
import json
import re

import pytest
import redis

from hub.embedded.services import run_directory
from hub.embedded.valkey import Valkey
from hub.stores.redis.nodes import NODE_KEY, NODES_KEY
from tests.support.hub_process import HubProcess
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask
from tests.web.guarded import GuardedHub, log_in, logged_in, serious

MAPPED = False


def test_state_and_quarantine_by_keyboard(hub: HubProcess, open_screen: OpenScreen) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", hub.settings.port)
    connection.request("POST", "/osmand?id=system-7&lat=north&lon=7")
    assert connection.getresponse().status == 200
    connection.close()
    screen = open_screen(hub, "/#/system", color_scheme="dark", viewport={"width": 390, "height": 780})
    page = screen.page
    page.locator("[data-part=live]").get_by_text("OK", exact=True).wait_for()
    figures = page.locator(".system-figures")
    for title in ("Hub", "Log", "Recorder", "Not stored"):
        figures.get_by_role("heading", name=title, exact=True).wait_for()
    assert figures.locator("dt:text-is('State') + dd").text_content() == "Recording"

    quarantine = page.locator("section", has=page.get_by_role("heading", name="Quarantine"))
    row = quarantine.get_by_role("row", name="osmand")
    reload = quarantine.get_by_role("button", name="Reload quarantine")
    while row.count() == 0:  # it is written within a second
        with page.expect_response(lambda response: "/quarantine" in response.url):
            reload.press("Enter")
    assert serious(screen) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    row.get_by_role("button", name=re.compile(r"^Show: lat.*, .*:\d\d UTC$")).press("Enter")
    dialog = page.get_by_role("dialog", name="Quarantine")
    dialog.get_by_text("id=system-7&lat=north").wait_for()
    assert serious(screen) == []
    page.keyboard.press("Escape")
    screen.wait("() => document.activeElement.textContent === 'Show'")
    row.get_by_role("button", name="Send again").press("Enter")
    quarantine.get_by_text("0 points published, 1 still refused: lat").wait_for()
    assert row.count() == 1


@pytest.mark.parametrize(("locale", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_nodes_are_listed_in_both_directions(
    hub: HubProcess, open_screen: OpenScreen, locale: str, direction: str
) -> None:
    """The hub, and another one that drains and is behind: as it would report itself."""
    (own,) = [node for node in ask(hub, "GET", "/api/v1/system")["nodes"] if node["id"] != "other"]
    other = own | {"id": "other", "address": "10.0.0.12:8080", "pid": 7, "draining": True, "behindMs": 12_500}
    url = Valkey(hub.settings, run_directory(hub.settings.data_dir)).url
    with redis.Redis.from_url(url) as client:
        client.set(NODE_KEY + "other", json.dumps(other))
        client.sadd(NODES_KEY, "other")
        try:
            screen = open_screen(hub, "/#/system", locale=locale, viewport={"width": 390, "height": 780})
            page = screen.page
            page.locator("[data-node=other]").wait_for()
            assert page.evaluate("() => document.documentElement.dir || 'ltr'") == direction
            assert page.evaluate("() => document.documentElement.scrollWidth") == 390
            serving, draining = (page.locator(f"[data-node='{id}']") for id in (own["id"], "other"))
            assert own["address"] in serving.locator("th").inner_text()
            assert own["version"] in serving.inner_text()
            assert serving.locator(".bad").count() == 0
            assert draining.locator(".bad").count() == 2
            if locale == "en":
                assert re.search(r"Draining\s+12.50 s", draining.inner_text())
                assert re.search(r"Serving\s+up to date", serving.inner_text())
            assert serious(screen) == []
        finally:
            client.delete(NODE_KEY + "other")


@pytest.mark.thorough
def test_only_admins_have_the_page(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    guarded.user("system-desk", "dispatcher")
    screen = open_screen(guarded, "/#/system")
    log_in(screen, "system-desk")
    logged_in(screen, "system-desk")
    screen.page.get_by_role("link", name="Map", exact=True).wait_for()
    assert screen.page.get_by_role("link", name="System", exact=True).count() == 0
    assert screen.page.locator(".system").count() == 0
