"""Links to several drivers: the page, as a display on a wall, and in a frame of another site."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route

from tests.web.conftest import OpenScreen
from tests.web.guarded import FLEET, GuardedHub, log_in, logged_in, serious
from tests.web.test_share import report

LOOKED = re.compile("^(Live|Not live)$")
"""What a page says of positions that it has received."""


@pytest.fixture(scope="module")
def buses(guarded: GuardedHub) -> GuardedHub:
    for number in (1, 2, 3):
        body = {"driverId": f"bus-{number}", "name": f"Bus {number}", "groups": ["buses"]}
        guarded.make("/api/v1/fleet/drivers", body)
        report(guarded, f"bus-{number}", longitude=55.3 + number / 10)
    return guarded


def share(hub: GuardedHub, **more: Any) -> dict[str, Any]:
    return hub.make("/api/v1/shares", {"kind": "group", "group": "buses", "hours": 1, **more})


def test_a_link_to_a_group_is_made_opened_and_ended(buses: GuardedHub, open_screen: OpenScreen) -> None:
    buses.user("bus-sharer", "dispatcher")
    inside = open_screen(buses)
    inside.forgiven.append("status of 422")
    log_in(inside, "bus-sharer")
    logged_in(inside, "bus-sharer")
    inside.page.get_by_role("button", name="Share group").click()
    dialog = inside.page.get_by_role("dialog", name="Share a group or several drivers")
    dialog.get_by_label("Group").select_option(label="Chosen drivers")
    dialog.get_by_role("button", name="Create share link").click()
    dialog.get_by_text("Enter at least one driver id.").wait_for()
    dialog.get_by_label("Drivers", exact=True).fill("bus-1, nobody")
    dialog.get_by_role("button", name="Create share link").click()
    dialog.get_by_text("There is no driver nobody.").wait_for()
    assert serious(inside) == []
    dialog.get_by_label("Group").select_option(label="buses")
    dialog.get_by_label("Show the names of the drivers").check()
    dialog.get_by_label("Name shown to recipients").fill("School buses")
    dialog.get_by_role("button", name="Create share link").click()
    path = urlsplit(dialog.get_by_label("Share link", exact=True).input_value()).path
    dialog.get_by_text("School buses").wait_for()
    screen = open_screen(buses, path)
    screen.forgiven.append("status of 404")
    page = screen.page
    page.get_by_role("heading", name="School buses").wait_for()
    page.locator("#state").get_by_text(LOOKED).wait_for()
    page.wait_for_selector("#map[data-ready]")
    names = page.get_by_role("list", name="Drivers").get_by_role("listitem")
    screen.until(lambda: names.count() == 3)
    assert names.locator("bdi").all_text_contents() == ["Bus 1", "Bus 2", "Bus 3"]
    assert serious(screen) == []
    for hidden in ("bus-1", '"buses"', FLEET):
        assert hidden not in page.content()
    assert screen.sockets == 0
    # A driver that leaves the group leaves the page.
    assert buses.ask("PATCH", "/api/v1/fleet/drivers/bus-3", {"groups": []}, etag="*").status == 200
    screen.until(lambda: names.count() == 2)
    page.get_by_text("2 drivers").wait_for()
    assert buses.ask("PATCH", "/api/v1/fleet/drivers/bus-3", {"groups": ["buses"]}, etag="*").status == 200
    page.get_by_text("3 drivers").wait_for()
    # As a display: the map alone.
    display = open_screen(buses, f"{path}?kiosk")
    display.forgiven.append("status of 404")
    # On a busy machine the positions may be old by then.
    display.page.locator(".kiosk-state").get_by_text(LOOKED).wait_for()
    display.page.wait_for_selector("#map[data-ready]")
    for part in ("header", "footer", "#names", ".maplibregl-ctrl-group"):
        assert not display.page.locator(part).locator("visible=true").count(), part
    assert serious(display) == []
    dialog.get_by_role("button", name="End the share link School buses").click()
    inside.page.get_by_role("dialog", name="End the share link School buses").get_by_role(
        "button", name="End share link"
    ).click()
    page.get_by_text("This share link has expired or was ended").wait_for()
    display.page.get_by_text("Ended", exact=True).locator("visible=true").wait_for()
    assert "Bus 1" not in page.content() + display.page.content()


def test_a_page_of_another_site_shows_it_only_if_the_setting_names_the_site(
    buses: GuardedHub, open_screen: OpenScreen
) -> None:
    """``HUB_EMBED_ORIGINS`` of this hub is ``http://allowed.localhost``."""
    made = share(buses, label="In a frame")
    screen = open_screen(buses, "/livez")
    screen.forgiven += ["favicon.ico", "another host", "frame-ancestors", "status of 404"]
    origin = f"http://127.0.0.1:{buses.settings.port}"

    def embed(path: str) -> Any:
        def answer(route: Route) -> None:
            route.fulfill(content_type="text/html", body=f'<!doctype html><iframe src="{origin}{path}"></iframe>')

        return answer

    path = urlsplit(made["url"]).path
    for site, framed in (("http://allowed.localhost", True), ("http://other.localhost", False)):
        screen.page.route(f"{site}/", embed(path))
        screen.page.goto(f"{site}/")
        heading = screen.page.frame_locator("iframe").get_by_role("heading", name="In a frame")
        if framed:
            heading.wait_for()
            screen.page.frame_locator("iframe").locator("#state").get_by_text(LOOKED).wait_for()
        else:
            screen.until(lambda: any(frame.url.startswith("chrome-error:") for frame in screen.page.frames))
            assert heading.count() == 0
    # The screen itself is in no frame.
    screen.page.route("http://allowed.localhost/screen", embed("/"))
    screen.page.goto("http://allowed.localhost/screen")
    screen.until(lambda: any(frame.url.startswith("chrome-error:") for frame in screen.page.frames))
