"""Drivers, vehicles and users entered on the page, and phones connected from there."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.support.running import PATIENCE, until
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask
from tests.web.guarded import PASSWORD, GuardedHub, log_in, logged_in, serious
from tests.web.screens import Screen

MAPPED = False


@pytest.fixture(scope="module")
def admin(guarded: GuardedHub) -> str:
    """The name of an admin for all tests here."""
    guarded.user("manager", "admin")
    return "manager"


@pytest.fixture
def manager(guarded: GuardedHub, admin: str, open_screen: OpenScreen) -> Screen:
    """A screen with the management, in a session of its own."""
    screen = open_screen(guarded)
    log_in(screen, admin)
    logged_in(screen, admin)
    # The link to the account is called like the user.
    screen.page.get_by_role("link", name="Manage", exact=True).click()
    # The map page has a tab and a search of the drivers, too.
    screen.page.get_by_role("tablist", name="Manage").wait_for()
    return screen


def post_as_traccar_client(url: str, latitude: float, longitude: float) -> int:
    """The status of what Traccar Client sends to the URL that was typed into it."""
    parts = urlsplit(url)
    query = urlencode({"id": "888", "lat": latitude, "lon": longitude, "speed": 19.4, "bearing": 90, "batt": 80})
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("POST", f"{parts.path}?{query}")
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_driver_is_entered_found_edited_disabled_and_deleted(guarded: GuardedHub, manager: Screen) -> None:
    page = manager.page
    manager.forgiven.append("status of 422")
    page.get_by_role("button", name="New driver").click()
    dialog = page.get_by_role("dialog", name="New driver")
    about = re.compile("^Made from the name; you can change it now, but not later")
    expect(dialog.get_by_label("Id", exact=True)).to_have_accessible_description(about)
    dialog.get_by_label("Id", exact=True).fill("truck 17")
    dialog.get_by_role("button", name="Create").click()
    dialog.get_by_text("Use 1 to 64 letters").wait_for()
    assert dialog.get_by_label("Id", exact=True).get_attribute("aria-invalid") == "true"
    dialog.get_by_label("Id", exact=True).fill("truck-17")
    dialog.get_by_label("Name").fill("خالد")
    dialog.get_by_role("button", name="Create").click()
    # A new driver needs a phone; for now it does without.
    page.get_by_role("dialog", name="Phones of خالد").get_by_role("button", name="Close").click()

    # What is found is shown anew a moment after the typing.
    with page.expect_response(lambda response: "q=" in response.url):
        page.get_by_role("searchbox", name="Search drivers").fill("خال")
    row = page.get_by_role("row", name="truck-17")
    row.wait_for()
    row.get_by_role("button", name="Edit truck-17").click()
    page.get_by_label("Phone number", exact=True).fill("+971 50 000 0000")
    page.get_by_label("Groups").fill("north, v@ns")
    page.get_by_label("Stale after seconds").fill("900")
    page.get_by_label("Offline after seconds").fill("soon")
    page.keyboard.press("Enter")
    # Neither is saved before both are right.
    manager.wait("() => document.querySelector('.editor [aria-invalid=true]')")
    page.get_by_label("Groups").fill("north, vans")
    page.get_by_label("Offline after seconds").fill("1800")
    page.keyboard.press("Enter")
    row.get_by_text("north, vans").wait_for()
    row.get_by_text("+971 50 000 0000").wait_for()
    manager.wait("() => document.activeElement.ariaLabel === 'Edit truck-17'")

    row.get_by_role("button", name="History of truck-17").click()
    dialog = page.get_by_role("dialog", name="History of خالد")
    dialog.get_by_label("Months of history").fill("6")
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    kept = guarded.ask("GET", "/api/v1/drivers/truck-17/retention").json
    assert (kept["months"], kept["own"]) == (6, True)
    row.get_by_role("button", name="Disable truck-17").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    row.get_by_text("Disabled", exact=True).wait_for()
    manager.wait("() => document.activeElement.ariaLabel === 'Enable truck-17'")
    kept = guarded.ask("GET", "/api/v1/fleet/drivers/truck-17").json
    assert (kept["name"], kept["phone"], kept["disabled"]) == ("خالد", "+971 50 000 0000", True)
    assert (kept["groups"], kept["staleAfter"], kept["offlineAfter"]) == (["north", "vans"], 900, 1800)

    row.get_by_role("button", name="Delete truck-17").click()
    page.keyboard.press("Enter")  # the harmless answer has the focus
    assert guarded.ask("GET", "/api/v1/fleet/drivers/truck-17").status == 200
    row.get_by_role("button", name="Delete truck-17").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    row.wait_for(state="detached")
    assert guarded.ask("GET", "/api/v1/fleet/drivers/truck-17").status == 404


@pytest.mark.thorough
def test_the_id_is_made_from_the_name(guarded: GuardedHub, manager: Screen) -> None:
    manager.forgiven.append("status of 409")
    guarded.make("/api/v1/fleet/drivers", {"driverId": "jurgen-muller"})
    page = manager.page
    page.get_by_role("button", name="New driver").click()
    dialog = page.get_by_role("dialog", name="New driver")
    manager.wait("() => document.activeElement.labels[0].textContent === 'Name'")
    page.keyboard.type("Jürgen Müller")
    assert dialog.get_by_label("Id", exact=True).input_value() == "jurgen-muller"
    page.keyboard.press("Enter")
    # Taken: the next one.
    dialog = page.get_by_role("dialog", name="Phones of Jürgen Müller")
    dialog.get_by_role("button", name="Close").click()
    assert guarded.ask("GET", "/api/v1/fleet/drivers/jurgen-muller-2").json["name"] == "Jürgen Müller"


@pytest.mark.thorough
def test_a_driver_that_sends_is_registered(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "unknown-1", "latitude": 25.0, "longitude": 55.0})
    until(lambda: "unknown-1" in [one["driverId"] for one in ask(hub, "GET", "/api/v1/drivers?limit=1000")["drivers"]])
    screen = open_screen(hub, "/#/manage")
    page = screen.page
    stranger = page.locator(".unregistered")
    # A press does not wait for what is hidden.
    stranger.locator("summary").wait_for()
    stranger.locator("summary").press("Enter")
    stranger.get_by_role("button", name="Register unknown-1").press("Enter")
    page.get_by_role("dialog", name="Register unknown-1").get_by_label("Name").fill("Known")
    page.keyboard.press("Enter")
    page.get_by_role("row", name="unknown-1").get_by_text("Known", exact=True).wait_for()
    stranger.get_by_role("button", name="Register unknown-1").wait_for(state="detached")


@pytest.mark.thorough
def test_drivers_from_a_file_and_to_one(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, "/#/manage", viewport={"width": 390, "height": 780})
    screen.forgiven.append("status of 422")
    page = screen.page

    def choose(text: str, encoding: str = "utf-8") -> None:
        file = {"name": "d.csv", "mimeType": "text/csv", "buffer": text.encode(encoding)}
        page.get_by_label("CSV file").set_input_files(file)

    page.get_by_role("button", name="Import CSV").press("Enter")
    dialog = page.get_by_role("dialog", name="Import drivers")
    choose("driverId;name\nfile-1;Ann\nfile 2;Bob\n")
    dialog.get_by_text("Line 3, driverId: Use 1 to 64 letters").wait_for()
    assert serious(screen) == []
    assert not dialog.get_by_role("button", name="Import", exact=True).is_visible()
    choose("driverId;name\nfile-1;Jürgen\n", "windows-1252")
    dialog.get_by_text("The file is not UTF-8.").wait_for()
    choose("driverId;name\nfile-1;Ann\nfile-2;Bob\n")
    dialog.get_by_text("New: 2, changed: 0, unchanged: 0.").wait_for()
    dialog.get_by_role("button", name="Import", exact=True).press("Enter")
    page.get_by_role("row", name="file-2").get_by_text("Bob", exact=True).wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export CSV").press("Enter")
    assert "file-1,Ann,," in saved.value.path().read_text().splitlines()


@pytest.mark.thorough
def test_a_vehicle_gets_a_driver(guarded: GuardedHub, manager: Screen) -> None:
    guarded.make("/api/v1/fleet/drivers", {"driverId": "wheel", "name": "Courier"})
    page = manager.page
    manager.forgiven += ["status of 422"]
    page.get_by_role("tab", name="Drivers").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="New vehicle").click()
    dialog = page.get_by_role("dialog", name="New vehicle")
    dialog.get_by_label("Plate").fill("Van 1")
    # The id is proposed, until another one is entered.
    assert dialog.get_by_label("Id", exact=True).input_value() == "van-1"
    dialog.get_by_label("Plate").fill("D 4711")
    dialog.get_by_label("Id", exact=True).fill("van-1")
    dialog.get_by_label("Driver").fill("nobody-there")
    dialog.get_by_role("button", name="Create").click()
    dialog.get_by_text("There is no driver nobody-there: register it first.").wait_for()
    dialog.get_by_label("Driver").fill("whe")
    dialog.locator("datalist option[value=wheel]").wait_for(state="attached")
    dialog.get_by_label("Driver").fill("wheel")
    dialog.get_by_role("button", name="Create").click()
    row = page.get_by_role("row", name="van-1")
    row.get_by_text("wheel").wait_for()
    # The search and the list know it now, and not at the next minute.
    page.wait_for_function("() => hub.fleet.entryOf('wheel')?.vehicle?.plate === 'D 4711'")
    row.get_by_role("button", name="Edit van-1").click()
    page.get_by_label("Driver", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    row.get_by_text("None", exact=True).wait_for()
    page.wait_for_function("() => hub.fleet.entryOf('wheel') && !hub.fleet.entryOf('wheel').vehicle")
    assert guarded.ask("GET", "/api/v1/fleet/vehicles/van-1").json["driverId"] is None


@pytest.mark.thorough
def test_who_was_slower_sees_both_versions_and_loses_nothing(
    guarded: GuardedHub, manager: Screen, open_screen: OpenScreen
) -> None:
    guarded.make("/api/v1/fleet/vehicles", {"vehicleId": "bus", "name": "Bus", "plate": "A 1"})
    guarded.user("rival", "admin")
    other = open_screen(guarded, "/#/manage")
    log_in(other, "rival")
    for screen in (manager, other):
        screen.forgiven.append("status of 412")
        screen.page.get_by_role("tab", name="Vehicles").click()
        screen.page.get_by_role("button", name="Edit bus").click()
    mine, theirs = manager.page, other.page
    theirs.get_by_label("Plate", exact=True).fill("B 2")
    theirs.get_by_role("button", name="Save").click()
    theirs.get_by_role("row", name="bus").get_by_text("B 2").wait_for()

    mine.get_by_label("Name", exact=True).fill("School bus")
    mine.get_by_label("Plate", exact=True).fill("C 3")
    mine.get_by_role("button", name="Save").click()
    versions = mine.get_by_role("group", name="Two versions of the plate")
    versions.wait_for()
    assert versions.inner_text().splitlines()[0] == "Another user changed the plate to B 2; you entered C 3."
    assert mine.get_by_label("Name", exact=True).input_value() == "School bus"
    assert serious(manager) == []
    mine.get_by_role("button", name="Save").click()
    mine.get_by_text("Choose which version to keep first.").wait_for()
    versions.get_by_role("button", name="Use their version").click()
    assert mine.get_by_label("Plate", exact=True).input_value() == "B 2"
    mine.get_by_role("button", name="Save").click()
    mine.get_by_role("row", name="bus").get_by_text("School bus").wait_for()
    kept = guarded.ask("GET", "/api/v1/fleet/vehicles/bus").json
    assert (kept["name"], kept["plate"]) == ("School bus", "B 2")

    # The other page still has what was there before, and keeps its own.
    theirs.get_by_role("button", name="Edit bus").click()
    theirs.get_by_label("Name", exact=True).fill("Night bus")
    theirs.get_by_label("Plate", exact=True).fill("D 4")
    theirs.get_by_role("button", name="Save").click()
    theirs.get_by_role("button", name="Keep my version").click()
    theirs.get_by_role("button", name="Save").click()
    theirs.get_by_role("row", name="bus").get_by_text("D 4").wait_for()
    kept = guarded.ask("GET", "/api/v1/fleet/vehicles/bus").json
    assert (kept["name"], kept["plate"]) == ("Night bus", "D 4")

    # Of two who change different fields nobody has to decide anything.
    mine.reload()
    mine.get_by_role("tab", name="Vehicles").click()
    mine.get_by_role("button", name="Edit bus").click()
    mine.get_by_label("Name", exact=True).fill("Day bus")
    assert guarded.ask("PATCH", "/api/v1/fleet/vehicles/bus", {"plate": "E 5"}, etag="*").status == 200
    mine.get_by_role("button", name="Save").click()
    row = mine.get_by_role("row", name="bus")
    row.get_by_role("button", name="Edit bus").wait_for()
    assert "Day bus" in row.inner_text() and "E 5" in row.inner_text()
    kept = guarded.ask("GET", "/api/v1/fleet/vehicles/bus").json
    assert (kept["name"], kept["plate"]) == ("Day bus", "E 5")


@pytest.mark.thorough
def test_what_is_typed_stays_while_others_search_or_delete(guarded: GuardedHub, manager: Screen) -> None:
    guarded.make("/api/v1/fleet/drivers", {"driverId": "gone", "name": "Gone"})
    page = manager.page
    manager.forgiven.append("status of 404")
    page.get_by_role("searchbox", name="Search drivers").fill("gone")
    page.get_by_role("button", name="Edit gone").click()
    page.get_by_label("Name", exact=True).fill("Still here")
    page.get_by_role("searchbox", name="Search drivers").fill("somebody else")
    page.get_by_text("No match for “somebody else”.").wait_for()
    assert page.get_by_label("Name", exact=True).input_value() == "Still here"
    assert guarded.ask("DELETE", "/api/v1/fleet/drivers/gone", etag="*").status == 204
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Another user deleted this driver.").wait_for()
    assert page.get_by_label("Name", exact=True).input_value() == "Still here"


def test_a_user_is_invited_with_a_password_that_is_shown_once(
    guarded: GuardedHub, manager: Screen, open_screen: OpenScreen
) -> None:
    page = manager.page
    page.get_by_role("tab", name="Users").click()
    page.get_by_role("button", name="New user").click()
    dialog = page.get_by_role("dialog", name="New user")
    dialog.get_by_label("User name").fill("Desk-G")
    dialog.get_by_role("button", name="Create").click()
    shown = page.get_by_role("dialog", name="Password of desk-g")
    once = shown.get_by_label("One-time password").input_value()
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", once)
    assert serious(manager) == []
    shown.get_by_role("button", name="Close").click()
    assert once not in page.content()

    invited = open_screen(guarded)
    invited.forgiven += ["status of 403", "status of 401"]
    log_in(invited, "desk-g", once)
    invited.page.get_by_label("New password", exact=True).fill(PASSWORD)
    invited.page.get_by_label("Repeat new password").fill(PASSWORD)
    invited.page.get_by_role("button", name="Log in").click()
    logged_in(invited, "desk-g")

    row = page.get_by_role("row", name="desk-g")
    row.get_by_role("button", name="Disable desk-g").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    row.get_by_text("Disabled", exact=True).wait_for()
    invited.page.get_by_text("Your session has ended. Log in again.").wait_for()


@pytest.mark.thorough
def test_an_api_key_is_made_shown_once_and_revoked(guarded: GuardedHub, manager: Screen) -> None:
    page = manager.page
    manager.forgiven.append("status of 422")
    page.get_by_role("tab", name="API keys").click()
    page.get_by_text("No API keys.").wait_for()
    page.get_by_role("button", name="New API key").click()
    dialog = page.get_by_role("dialog", name="New API key")
    dialog.get_by_role("button", name="Create").click()
    dialog.locator("[aria-invalid=true]").wait_for()
    dialog.get_by_label("Name").fill("Billing")
    dialog.get_by_label("Role").select_option("gateway")
    dialog.get_by_label("Valid for").select_option("90")
    dialog.get_by_role("button", name="Create").click()
    shown = page.get_by_role("dialog", name="API key of Billing")
    key = shown.get_by_label("API key", exact=True).input_value()
    assert re.fullmatch(r"hub_[A-Za-z0-9_-]{43}", key)
    assert serious(manager) == []
    shown.get_by_role("button", name="Close").click()
    assert key not in page.content()
    row = page.get_by_role("row", name="Billing")
    assert key[:12] in row.inner_text() and "Gateway" in row.inner_text()
    assert serious(manager) == []
    (kept,) = guarded.ask("GET", "/api/v1/keys").json["keys"]
    assert (kept["name"], kept["role"]) == ("Billing", "gateway")

    row.get_by_role("button", name="Revoke Billing").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    page.get_by_text("No API keys.").wait_for()
    assert guarded.ask("GET", "/api/v1/keys").json == {"keys": []}


@pytest.mark.thorough
def test_a_phone_is_connected_and_revoked(guarded: GuardedHub, manager: Screen) -> None:
    guarded.make("/api/v1/fleet/drivers", {"driverId": "pax", "name": "Pax"})
    page = manager.page
    page.get_by_role("searchbox", name="Search drivers").fill("pax")
    page.get_by_role("button", name="Phones of pax").click()
    dialog = page.get_by_role("dialog", name="Phones of Pax")
    dialog.get_by_text("No phone tokens.").wait_for()
    dialog.get_by_label("Phone", exact=True).fill("Old Samsung")
    dialog.get_by_role("button", name="Create phone token").click()
    code = dialog.get_by_role("img", name="QR code of the URL")
    code.wait_for()
    manager.wait("() => document.querySelector('.qr').naturalWidth > 100")
    assert dialog.get_by_text("Traccar Client:").is_visible()
    assert dialog.get_by_text("OwnTracks:").is_visible()
    assert serious(manager) == []
    url = dialog.get_by_label("URL for the app").input_value()

    assert post_as_traccar_client(url, 25.2, 55.3) == 200
    manager.wait("() => hub.fleet.get('pax')?.status === 'online'")
    assert manager.driver("pax")["latitude"] == 25.2  # type: ignore[index]

    dialog.get_by_role("button", name="Revoke Old Samsung").click()
    page.get_by_role("dialog", name="Revoke Old Samsung").get_by_role("button", name="Revoke").click()
    dialog.get_by_text("No phone tokens.").wait_for()
    assert dialog.get_by_label("URL for the app").count() == 0
    manager.wait("() => true")
    assert post_as_traccar_client(url, 25.3, 55.3) == 401


@pytest.mark.thorough
def test_an_open_hub_shows_the_address_for_phones(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, "/#/manage")
    page = screen.page
    page.get_by_role("tab", name="Drivers").wait_for()
    assert page.get_by_role("tab", name="Users").count() == 0
    assert page.get_by_role("tab", name="API keys").count() == 0
    page.get_by_role("button", name="New driver").click()
    page.get_by_role("dialog").get_by_label("Id", exact=True).fill("open-phone")
    page.get_by_role("button", name="Create").click()
    dialog = page.get_by_role("dialog", name="Phones of open-phone")
    url = dialog.get_by_label("URL for the app").input_value()
    assert url == f"{screen.origin}/osmand?id=open-phone"
    dialog.get_by_role("button", name="Close").click()
    assert serious(screen) == []


def test_the_management_is_read_in_the_dark_and_in_a_narrow_window(hub: HubProcess, open_screen: OpenScreen) -> None:
    size = {"width": 390, "height": 780}
    screen = open_screen(hub, "/#/manage", color_scheme="dark", viewport=size)
    page = screen.page
    page.get_by_role("button", name="New driver").click()
    page.get_by_role("dialog").get_by_label("Id", exact=True).fill("narrow")
    page.get_by_role("dialog").get_by_label("Name").fill("A driver with a long name that needs more than one line")
    page.get_by_role("button", name="Create").click()
    dialog = page.get_by_role("dialog", name="Phones of A driver")
    assert serious(screen) == []
    dialog.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Edit narrow").click()
    page.get_by_label("Phone number", exact=True).wait_for()
    assert serious(screen) == []
    assert page.evaluate("document.querySelector('.manage').scrollWidth <= innerWidth")
