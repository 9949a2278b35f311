"""The live map: drivers appear, move and are found; what is sent follows what is looked at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.screens import CALM, MOVING, Screen


def fix(driver_id: str, latitude: float, longitude: float, **more: Any) -> dict[str, Any]:
    return {"driverId": driver_id, "latitude": latitude, "longitude": longitude, **more}


def look_at(screen: Screen, longitude: float, latitude: float, zoom: float) -> None:
    """Move the map, and wait until the hub has moved the subscription there."""
    screen.jump(longitude, latitude, zoom)
    screen.until(lambda: screen.watches(longitude, latitude, width=20.0))


def drawn_at(screen: Screen, driver_id: str, longitude: float) -> None:
    screen.wait("([id, x]) => hub.map.layer.at(id)?.[0] === x", [driver_id, longitude])


def test_a_driver_appears_and_moves(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    screen = open_screen(hub, **MOVING)
    screen.ready()
    # A map that begins shows the drivers of other tests.
    look_at(screen, 55.3, 25.2, 10)
    peer.say(fix("mover", 25.2, 55.3, speed=10, heading=90))
    row = screen.page.locator(".row", has_text="mover")
    row.wait_for()
    row.get_by_text("36 km/h").wait_for()
    drawn_at(screen, "mover", 55.3)
    peer.say(fix("mover", 25.2, 55.301, speed=20, heading=90))
    drawn_at(screen, "mover", 55.301)
    row.get_by_text("72 km/h").wait_for()
    # As a picture: its arrow is where the map says that it is.
    found = """() => {
        const map = hub.map.maplibre;
        return map.queryRenderedFeatures(map.project([55.301, 25.2]), {layers: ["arrows", "groups"]}).length > 0;
    }"""
    screen.wait(found)


@pytest.mark.thorough
def test_an_arrow_glides_between_two_positions(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say([fix("glider", 10.0, 20.0, recordedAt="2026-03-01T08:00:00Z")])
    screen = open_screen(hub, **MOVING)
    screen.ready()
    look_at(screen, 20.0, 10.0, 13)
    # A first visit goes to the driver by itself, nearer: the subscription of that view lacks the second place.
    screen.until(lambda: screen.watches(20.01, 10.0, width=20.0))
    drawn_at(screen, "glider", 20.0)
    screen.page.evaluate(
        """() => {
            globalThis.places = new Set();
            hub.map.layer.onDrawn(() => places.add(hub.map.layer.at("glider")[0]));
        }"""
    )
    peer.say([fix("glider", 10.0, 20.01, recordedAt="2026-03-01T08:00:01Z")])
    drawn_at(screen, "glider", 20.01)
    between = screen.page.evaluate("() => [...places].filter(x => x > 20.0 && x < 20.01).length")
    # Frames are few on a busy machine; without a glide there is none.
    assert between >= 1


@pytest.mark.thorough
def test_who_wants_less_motion_sees_none(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say([fix("hopper", 11.0, 21.0, recordedAt="2026-03-01T08:00:00Z")])
    screen = open_screen(hub, **CALM)
    screen.ready()
    look_at(screen, 21.0, 11.0, 13)
    drawn_at(screen, "hopper", 21.0)
    screen.page.evaluate(
        """() => {
            globalThis.places = new Set();
            hub.map.layer.onDrawn(() => places.add(hub.map.layer.at("hopper")[0]));
        }"""
    )
    peer.say([fix("hopper", 11.0, 21.01, recordedAt="2026-03-01T08:00:01Z")])
    drawn_at(screen, "hopper", 21.01)
    assert set(screen.page.evaluate("() => [...places]")) <= {21.0, 21.01}


def test_the_map_decides_what_is_sent(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say([fix("near-1", 30.0, 60.0), fix("near-2", 30.01, 60.0), fix("far", -30.0, -60.0)])
    screen = open_screen(hub)
    screen.ready()
    look_at(screen, 60.0, 30.0, 12)
    screen.wait("() => hub.map.layer.at('near-1') && hub.map.layer.at('near-2') && !hub.map.layer.at('far')")
    before = len(screen.received)
    for step in range(1, 3):
        peer.say([fix("far", -30.0, -60.0 + step / 1000), fix("near-1", 30.0, 60.0 + step / 1000)])
        drawn_at(screen, "near-1", 60.0 + step / 1000)
    moved = {message["driverId"] for message in screen.received[before:] if message["type"] == "location"}
    assert moved == {"near-1"}
    # What is outside stays in the list, where it says how old it is.
    assert screen.driver("far")
    look_at(screen, -60.0, -30.0, 12)
    drawn_at(screen, "far", -59.998)
    screen.wait("() => !hub.map.layer.at('near-1') && !hub.fleet.get('near-1').live")
    assert screen.sockets == 1


def test_a_followed_driver_stays_in_the_middle(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say(fix("lead", 40.0, 70.0))
    screen = open_screen(hub, **MOVING)
    screen.ready()
    screen.page.get_by_label("Search drivers").fill("lead")
    screen.page.locator(".row", has_text="lead").dblclick()
    screen.page.get_by_text("Following lead", exact=True).wait_for()
    for step in range(1, 4):
        longitude = 70.0 + step / 10  # each time out of what was seen before
        peer.say(fix("lead", 40.0, longitude))
        screen.wait("x => Math.abs(hub.map.maplibre.getCenter().lng - x) < 1e-6", longitude)
    screen.page.keyboard.press("Escape")
    screen.page.get_by_text("Following lead", exact=True).wait_for(state="hidden")
    screen.wait("() => hub.map.followed === null")


@pytest.mark.thorough
def test_who_is_opened_comes_into_sight(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say([fix("in-sight", -30.0, 20.0), fix("out-of-sight", -31.0, 25.0)])
    screen = open_screen(hub, **CALM)
    screen.forgiven.append("the server responded with a status of 404")
    screen.ready()
    look_at(screen, 20.0, -30.0, 12)
    centre = "() => { const {lng, lat} = hub.map.maplibre.getCenter(); return [lng, lat]; }"
    screen.page.evaluate("() => hub.navigate('#/drivers/in-sight')")
    screen.page.locator("#panel").get_by_role("heading", name="in-sight").wait_for()
    assert screen.page.evaluate(centre) == pytest.approx([20.0, -30.0])
    screen.page.evaluate("() => hub.navigate('#/drivers/out-of-sight')")
    screen.page.locator("#panel").get_by_role("heading", name="out-of-sight").wait_for()
    screen.wait(f"() => {{ const [x, y] = ({centre})(); return Math.hypot(x - 25, y + 31) < 1e-6; }}")


def test_search_filter_and_order(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say([fix(f"van-{number}", 50.0, 80.0, speed=number) for number in range(1, 13)])
    screen = open_screen(hub)
    screen.ready()
    page = screen.page
    page.keyboard.press("/")
    page.keyboard.type("VAN-")
    rows = page.locator(".row .row-name")
    screen.wait("() => document.querySelector('.row').getAttribute('aria-setsize') === '12'")
    assert rows.all_inner_texts()[:3] == ["van-1", "van-2", "van-3"]
    page.get_by_label("Sort drivers by").select_option("Speed")
    assert rows.first.inner_text() == "van-12"
    page.get_by_role("button", name="Offline").click()
    page.get_by_text("No matching drivers").wait_for()
    page.get_by_role("button", name="All").click()
    page.get_by_label("Search drivers").fill("van-7")
    screen.wait("() => document.querySelectorAll('.row').length === 1")


@pytest.mark.thorough
def test_the_list_is_worked_with_keys(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say([fix(f"key-{number}", 51.0, 81.0) for number in range(1, 4)])
    screen = open_screen(hub)
    screen.ready()
    page = screen.page
    page.keyboard.press("/")
    page.keyboard.type("key-")
    screen.wait("() => document.querySelector('.row').getAttribute('aria-setsize') === '3'")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#/drivers/key-2")
    assert page.locator(".row[aria-selected=true]").inner_text().startswith("key-2")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    screen.wait("() => document.querySelector('.row').getAttribute('aria-setsize') !== '3'")
    assert page.url.endswith("#/drivers/key-2")
    page.keyboard.press("Escape")
    page.wait_for_url("**/#/")


@pytest.mark.thorough
def test_an_empty_fleet_says_what_to_do_and_ten_thousand_drivers_are_a_quick_list(
    own_hub: HubProcess, open_screen: OpenScreen
) -> None:
    screen = open_screen(own_hub)
    screen.ready()
    page = screen.page
    page.get_by_text("No driver has reported yet.").wait_for()
    assert f"hub simulate --url http://127.0.0.1:{own_hub.settings.port}" in page.inner_text("#list")
    with Peer(own_hub.address, "/ws?subscribe=none") as peer:
        peer.say(fix("first", 25.0, 55.0))
        page.locator(".row", has_text="first").wait_for()
        # The map was not moved by hand, so it goes where the fleet is.
        screen.wait("() => Math.abs(hub.map.maplibre.getCenter().lng - 55) < 1e-3")

        # On the common hub, each page of a later test would load them, too.
        for start in range(0, 10_000, 500):
            numbers = range(start, start + 500)
            # Over ten degrees: the map shows the whole fleet, and a tile has room for so many names only.
            peer.say([fix(f"many-{each:05}", -40.0 + each // 100 / 10, -20.0 + each % 100 / 10) for each in numbers])
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
    screen.goto()
    screen.ready()
    page.get_by_label("Search drivers").fill("many-")
    screen.wait("() => document.querySelector('.row').getAttribute('aria-setsize') === '10000'")
    page.locator(".rows").focus()
    page.keyboard.press("End")
    page.locator(".row", has_text="many-09999").wait_for()
    # Only what is in view is in the document, whatever is scrolled through.
    assert page.locator(".row").count() < 60
    page.get_by_label("Search drivers").fill("many-04242")
    screen.wait("() => document.querySelectorAll('.row').length === 1")


def test_what_falls_silent_is_stale_and_then_offline(quick_hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(quick_hub)
    screen.ready()
    with Peer(("127.0.0.1", quick_hub.settings.port), "/ws?subscribe=none") as peer:
        peer.say(fix("quiet", 25.0, 55.0, speed=5))
        row = screen.page.locator(".row", has_text="quiet")
        for word in ("Online", "Stale", "Offline"):
            row.get_by_text(word).wait_for()
        assert "km/h" not in row.inner_text()
        screen.page.get_by_role("button", name="Offline 1").wait_for()
        screen.wait("() => hub.map.layer.at('quiet')")
        peer.say(fix("quiet", 25.0, 55.0, speed=6))
        row.get_by_text("Online").wait_for()


@pytest.mark.thorough
def test_names_come_from_the_registry_in_any_script(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say(fix("named", 52.0, 82.0))
    screen = open_screen(hub)
    screen.ready()
    made = screen.page.evaluate(
        """async () => {
            await hub.api.post("/api/v1/fleet/drivers", {driverId: "named", name: "خالد المنصوري"});
            await hub.fleet.readNames();
        }"""
    )
    assert made is None
    screen.page.get_by_label("Search drivers").fill("خالد")
    name = screen.page.locator(".row .row-name")
    name.get_by_text("خالد المنصوري").wait_for()
    assert name.get_attribute("dir") == "auto"


def test_a_page_without_webgl_still_lists_the_fleet(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say(fix("listed", 53.0, 83.0))
    screen = open_screen(hub, mapped=False)
    screen.page.get_by_text("This browser cannot draw the map").wait_for()
    screen.page.wait_for_selector("#connection[data-state=live]")
    peer.say(fix("listed", 53.0, 83.0, speed=15))
    screen.page.locator(".row", has_text="listed").get_by_text("54 km/h").wait_for()


@pytest.mark.thorough
def test_dark_and_light(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say(fix("shade", 54.0, 84.0))
    screen = open_screen(hub, color_scheme="dark")
    screen.ready()
    ground = "() => getComputedStyle(document.body).backgroundColor"
    assert screen.page.evaluate(ground) == "rgb(18, 24, 31)"
    screen.page.get_by_role("button", name="Light").click()
    assert screen.page.evaluate(ground) == "rgb(255, 255, 255)"
    screen.page.reload()
    screen.ready()
    assert screen.page.evaluate(ground) == "rgb(255, 255, 255)"
    # A new style of the map has the drivers, too.
    screen.page.get_by_role("button", name="Dark").click()
    screen.wait("() => hub.map.maplibre.getLayer('arrows') && hub.map.layer.size > 0")


@pytest.mark.thorough
def test_a_change_of_the_map_style_loses_no_picture(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    """A new style has no images at first, and layers ask for theirs at once; MapLibre complains on the console about an
    image that it does not get."""
    peer.say([fix(f"style-{n}", 20.0 + n / 10, 30.0 + n / 10, **({"heading": 90} if n % 2 else {})) for n in range(40)])
    screen = open_screen(hub, **MOVING)
    screen.ready()
    look_at(screen, 32.0, 22.0, 6)
    drawn_at(screen, "style-39", 33.9)
    for theme in ["dark", "light"]:
        screen.page.evaluate("theme => hub.map.setTheme(theme)", theme)
        screen.page.wait_for_timeout(150)
    screen.wait("() => hub.map.maplibre.areTilesLoaded() && hub.map.maplibre.hasImage('disc-online')")
    # Asked for before ``style.load``, as a tile may do it.
    name = screen.page.evaluate(
        """() => {
            const map = hub.map.maplibre;
            map.removeImage("disc-stale");
            map.fire("styleimagemissing", {id: "disc-stale"});
            return map.hasImage("disc-stale");
        }"""
    )
    assert name


@pytest.mark.thorough
def test_drivers_move_on_although_a_style_was_replaced_during_a_change(
    hub: HubProcess, open_screen: OpenScreen, peer: Peer
) -> None:
    """MapLibre drops the answers of its worker for a style that is gone."""
    peer.say(fix("restyled", 21.0, 31.0))
    screen = open_screen(hub)
    screen.ready()
    look_at(screen, 31.0, 21.0, 6)
    drawn_at(screen, "restyled", 31.0)
    screen.page.evaluate("() => void (hub.map.maplibre.getSource('drivers').updateData = () => new Promise(() => {}))")
    peer.say(fix("restyled", 21.0, 31.1))
    drawn_at(screen, "restyled", 31.1)
    screen.page.evaluate("() => hub.map.setTheme('dark')")
    screen.wait("() => hub.map.maplibre.getSource('drivers')?.updateData.length === 1")
    peer.say(fix("restyled", 21.0, 31.2))
    screen.wait(
        """async () => {
            const { features } = await hub.map.maplibre.getSource("drivers").getData();
            return features.some(({ id, geometry }) => id === "restyled" && geometry.coordinates[0] === 31.2);
        }"""
    )


@pytest.mark.thorough
def test_an_address_that_nobody_made_shows_the_map(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, "/#/drivers/%")
    screen.ready()
    assert screen.page.locator("#panel").is_hidden()
    screen.page.evaluate("() => hub.navigate('#/nothing/here')")
    screen.page.wait_for_url("**/#/nothing/here")
    assert screen.page.locator("#list").is_visible()
    assert screen.page.get_by_role("link", name="Map").get_attribute("aria-current") == "page"


def test_the_way_back_leads_through_the_views(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say(fix("way-back", 55.0, 85.0))
    screen = open_screen(hub, "/#/analytics")
    # No trip of this driver: Chromium writes on the console that the answer to that is 404.
    screen.forgiven.append("the server responded with a status of 404")
    page = screen.page
    page.get_by_role("heading", name="Analytics").wait_for()
    assert page.title() == "Analytics · Fleet · Location hub"
    page.evaluate("() => hub.navigate('#/drivers/way-back')")
    page.locator("#panel").get_by_role("heading", name="way-back").wait_for()
    assert page.title() == "way-back · Fleet · Location hub"
    page.go_back()
    page.get_by_role("heading", name="Analytics").wait_for()
    assert page.locator("#map").is_hidden()
    page.go_forward()
    page.locator("#panel").get_by_role("heading", name="way-back").wait_for()
