"""Links for people without an account: what they see, and what they do not."""

from __future__ import annotations

import http.client
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.identity.test_tokens import token
from tests.support.running import PATIENCE
from tests.web.conftest import OpenScreen
from tests.web.guarded import FLEET, GuardedHub, log_in, logged_in, serious
from tests.web.screens import MOVING

POSITION = {"latitude": 25.2, "longitude": 55.3, "speed": 10, "heading": 90}


def report(hub: GuardedHub, driver_id: str, **changes: float) -> None:
    headers = {"authorization": f"Bearer {token(role='driver', driver=driver_id, fleet=FLEET)}"}
    body = json.dumps({"driverId": driver_id, **POSITION, **changes})
    connection = http.client.HTTPConnection("127.0.0.1", hub.settings.port, timeout=PATIENCE)
    try:
        connection.request("POST", "/api/v1/location", body, headers)
        assert connection.getresponse().status == 200
    finally:
        connection.close()


def share(hub: GuardedHub, driver_id: str, label: str, **more: Any) -> dict[str, Any]:
    return hub.make("/api/v1/shares", {"driverId": driver_id, "label": label, "hours": 1, **more})


def test_a_link_is_made_opened_and_ended(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    guarded.make("/api/v1/fleet/drivers", {"driverId": "secret-id-7", "name": "Secret Name"})
    guarded.user("sharer", "dispatcher")
    report(guarded, "secret-id-7")
    inside = open_screen(guarded)
    log_in(inside, "sharer")
    logged_in(inside, "sharer")
    inside.wait("() => hub.fleet.nameOf('secret-id-7') === 'Secret Name'")
    page = inside.page
    inside.goto("/#/drivers/secret-id-7")
    panel = page.locator("#panel")
    panel.get_by_role("button", name="Share", exact=True).wait_for()
    # A dispatcher sets states and shares, and makes no keys.
    assert page.get_by_role("button", name="Connect a phone").count() == 0
    page.get_by_role("button", name="Change state").click()
    state = page.get_by_role("dialog", name="State of Secret Name")
    state.get_by_label("State", exact=True).select_option("Busy")
    state.get_by_role("button", name="Save").click()
    state.wait_for(state="detached")
    assert guarded.ask("GET", "/api/v1/drivers/secret-id-7/state").json["state"] == "busy"
    panel.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog", name="Share Secret Name")
    dialog.get_by_label("Name shown to recipients").fill("Your parcel")
    dialog.get_by_label("Valid for").select_option(label="Custom end")
    dialog.get_by_label("Until", exact=True).fill("")
    dialog.get_by_role("button", name="Create share link").click()
    dialog.get_by_text("Choose a date and a time.").wait_for()
    dialog.get_by_label("Valid for").select_option(label="1 hour")
    dialog.get_by_role("button", name="Create share link").click()
    url = dialog.get_by_label("Share link", exact=True).input_value()
    dialog.get_by_role("button", name="End the share link Your parcel").wait_for()
    assert serious(inside) == []

    outside = open_screen(guarded, urlsplit(url).path, **MOVING)
    outside.forgiven.append("status of 404")
    view = outside.page
    view.get_by_role("heading", name="Your parcel").wait_for()
    view.locator("#state[data-state=live]").wait_for()
    view.wait_for_selector("#map[data-ready]")
    view.get_by_text("36 km/h").wait_for()
    view.get_by_text("heading east").wait_for()
    view.get_by_text("Dubai, United Arab Emirates").wait_for()
    view.get_by_text("Shared until").wait_for()
    assert serious(outside) == []
    seen = view.content()
    for hidden in ("secret-id-7", "Secret Name", "sharer", FLEET):
        assert hidden not in seen
    assert view.get_attribute("meta[name=robots]", "content") == "noindex, nofollow"
    assert outside.sockets == 0
    with view.expect_response(lambda response: "/api/v1/share/" in response.url) as answered:
        report(guarded, "secret-id-7", longitude=55.31, speed=20)
    assert set(answered.value.json()) == {"label", "status", "expiresAt", "position", "place"}
    assert set(answered.value.json()["position"]) == {"latitude", "longitude", "recordedAt", "heading", "speed"}
    view.get_by_text("72 km/h").wait_for()

    dialog.get_by_role("button", name="End the share link Your parcel").click()
    page.get_by_role("dialog", name="End the share link Your parcel").get_by_role(
        "button", name="End share link"
    ).click()
    dialog.get_by_text("No share links for this driver.").wait_for()
    view.get_by_text("This share link has expired or was ended").wait_for()
    assert "Your parcel" not in view.content()


@pytest.mark.thorough
def test_a_link_ends_when_its_time_is_over(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    report(guarded, "short")
    ends = datetime.now(UTC) + timedelta(seconds=12)
    made = share(guarded, "short", "Short", hours=None, expiresAt=ends.isoformat())
    screen = open_screen(guarded, urlsplit(made["url"]).path)
    screen.forgiven.append("status of 404")
    screen.page.get_by_role("heading", name="Short").wait_for()
    screen.page.get_by_text("This share link has expired or was ended").wait_for()
    assert screen.page.locator("#figures").inner_text() == ""


def test_a_wrong_link_shows_nothing(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    screen = open_screen(guarded, "/share/AAAAAAAAAAAAAAAAAAAAAAAA")
    screen.forgiven.append("status of 404")
    screen.page.get_by_text("This share link has expired or was ended").wait_for()
    assert serious(screen) == []


def test_who_has_not_been_heard_is_waited_for(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    guarded.make("/api/v1/fleet/drivers", {"driverId": "silent"})
    screen = open_screen(guarded, urlsplit(share(guarded, "silent", "Silent")["url"]).path)
    screen.page.get_by_text("No position yet.").wait_for()
    report(guarded, "silent")
    screen.page.locator("#state[data-state=live]").wait_for()
    assert not screen.page.get_by_text("No position yet.").is_visible()


@pytest.mark.thorough
def test_who_is_not_heard_any_more_is_said_to_be(tmp_path: Path, open_screen: OpenScreen) -> None:
    hub = GuardedHub(tmp_path, stale_after=2.0)
    hub.start()
    try:
        report(hub, "parked")
        screen = open_screen(hub, urlsplit(share(hub, "parked", "Parked")["url"]).path)
        screen.page.get_by_text("No position since").wait_for()
        assert screen.page.locator("#state").inner_text() == "Not live"
        screen.page.close()
    finally:
        hub.stop()


@pytest.mark.thorough
def test_a_page_that_is_hidden_does_not_ask(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    report(guarded, "hidden-page")
    screen = open_screen(guarded, urlsplit(share(guarded, "hidden-page", "Hidden")["url"]).path)
    page = screen.page
    page.locator("#state[data-state=live]").wait_for()
    hide = """hidden => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/v1/share/" in request.url else None)
    # An answer that was under way sets the clock for a question that is not asked.
    page.wait_for_timeout(4_000)
    assert asked == []
    page.evaluate(hide, False)
    screen.until(lambda: asked)


@pytest.mark.thorough
def test_a_lost_connection_is_said(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    report(guarded, "tunnel")
    screen = open_screen(guarded, urlsplit(share(guarded, "tunnel", "Tunnel")["url"]).path)
    screen.forgiven.append("net::ERR_FAILED")
    screen.page.locator("#state[data-state=live]").wait_for()
    screen.page.route("**/api/v1/share/*", lambda route: route.abort())
    screen.page.get_by_text("Connection lost.").wait_for()
    screen.page.unroute_all()
    screen.page.locator("#state[data-state=live]").wait_for()
