"""The base map: streets where a tile server answers, the built-in map where none does, and the choice between them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.sync_api import Route, expect
from pmtiles.tile import TileType

from hub.embedded.postgres import Postgres
from hub.embedded.services import run_directory
from hub.embedded.valkey import Valkey
from hub.settings import Settings
from tests.support.api.calls import get
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.support.running import Edge, edge, until
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask
from tests.web.guarded import serious
from tests.web.screens import PATIENCE, Screen
from tests.web.tile_server import (
    GLYPH_HOST,
    STYLE_HOST,
    TILE_HOST,
    TileServer,
    archive,
    png,
    style,
    tile_server,
    vector_tile,
)

OPENFREEMAP_HOST = "https://tiles.openfreemap.org"

PICTURES = os.environ.get("HUB_PICTURES")

SHOWN = "name => hub.map.base.choice === name && hub.map.base.state.name === 'shown'"
BUILT_IN = "() => hub.map.maplibre.getSource('land') !== undefined"
STREETS = "() => hub.map.maplibre.getSource('base:drivers') !== undefined && hub.map.maplibre.getLayer('arrows')"
GROUND = "() => hub.map.maplibre.getPaintProperty('base:ground', 'background-color')"


@dataclass
class Node:
    """A node of the common hub with settings of its own, as ``open_screen`` takes it."""

    edge: Edge
    settings: Settings


StartNode = Callable[..., Node]


@pytest.fixture
def tiles() -> Iterator[TileServer]:
    with tile_server() as server:
        yield server


@pytest.fixture
def start_node(shared_hub: HubProcess) -> Iterator[StartNode]:
    """``start_node(map=…)``: another edge on the services of the common hub."""
    run = run_directory(shared_hub.settings.data_dir)
    urls = {kind.name: kind(shared_hub.settings, run).url for kind in (Valkey, Postgres)}
    with ExitStack() as running:

        def start(**settings: str) -> Node:
            made = Settings(port=0, redis_url=urls["valkey"], database_url=urls["postgresql"], **settings)
            started = running.enter_context(edge(made))
            return Node(started, msgspec.structs.replace(made, port=started.address[1]))

        yield start


def policy(node: Node, path: str = "/") -> str:
    return get(node.edge, path).headers["content-security-policy"]


def reads(node: Node, host: str) -> None:
    """Wait until the hub has read the style, which names a host."""
    until(lambda: host in policy(node))


def abroad(screen: Screen) -> Screen:
    """Requests to other hosts are meant, and an answer other than 200 is on the console."""
    screen.forgiven += ["another host", "Failed to load resource"]
    return screen


def picture(screen: Screen, name: str) -> None:
    if PICTURES is not None:
        screen.page.screenshot(path=Path(PICTURES) / f"map-{name}.png")


def provider(route: Route) -> None:
    """OpenFreeMap, as it answers a browser with internet access."""
    path = urlsplit(route.request.url).path
    headers = {"access-control-allow-origin": "*"}
    if path.startswith("/styles/"):
        made = style("#102030" if path.endswith("dark") else "#e6efe0", f"{OPENFREEMAP_HOST}/planet")
        route.fulfill(body=json.dumps(made), content_type="application/json", headers=headers)
    elif path == "/planet":
        found = {"tiles": [f"{OPENFREEMAP_HOST}/planet/{{z}}/{{x}}/{{y}}.pbf"], "attribution": "© OpenStreetMap"}
        route.fulfill(body=json.dumps(found), content_type="application/json", headers=headers)
    else:
        route.fulfill(body=vector_tile(), content_type="application/x-protobuf", headers=headers)


@pytest.fixture
def automatic(start_node: StartNode) -> Node:
    return start_node(map="auto")


def test_streets_are_the_default_and_follow_the_theme(automatic: Node, open_screen: OpenScreen) -> None:
    with Peer(automatic.edge.address, "/ws?subscribe=none") as peer:
        peer.say({"driverId": "on-streets", "latitude": 12.0, "longitude": 13.0})
    screen = open_screen(automatic, "/livez", drawn=PICTURES is not None, color_scheme="light")
    screen.forgiven += ["favicon.ico", "another host"]
    screen.context.route(f"{OPENFREEMAP_HOST}/**", provider)
    screen.goto("/")
    screen.ready()
    screen.wait(STREETS)
    screen.wait("() => hub.map.layer.size > 0 && hub.map.maplibre.areTilesLoaded()")
    assert screen.page.evaluate(GROUND) == "#e6efe0"
    expect(screen.page.locator(".maplibregl-ctrl-attrib")).to_contain_text("© OpenStreetMap")
    picture(screen, "streets")
    screen.page.get_by_role("button", name="Dark", exact=True).click()
    screen.wait(f"() => {STREETS[6:]} && ({GROUND})() === '#102030'")
    picture(screen, "streets-dark")

    menu = screen.page.get_by_role("button", name="Map style")
    menu.click()
    options = screen.page.get_by_role("group", name="Map style").get_by_role("radio")
    assert [each.get_attribute("value") for each in options.all()] == ["streets", "light", "dark", "built-in"]
    expect(screen.page.get_by_label("Streets")).to_be_focused()
    assert serious(screen) == []
    picture(screen, "menu")
    screen.page.get_by_label("Built-in map").check()
    screen.wait(BUILT_IN)
    screen.page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    assert screen.page.locator(".map-styles").is_hidden()
    # It does not stay open when the focus leaves it.
    menu.click()
    screen.page.keyboard.press("Shift+Tab")
    expect(menu).to_be_focused()
    assert screen.page.locator(".map-styles").is_visible()
    screen.page.keyboard.press("Shift+Tab")
    assert screen.page.locator(".map-styles").is_hidden()
    assert menu.get_attribute("aria-expanded") == "false"

    # The choice is kept.
    screen.page.reload()
    screen.ready()
    screen.wait(SHOWN, "built-in")
    assert screen.page.evaluate(BUILT_IN)
    menu.click()
    assert screen.page.get_by_label("Built-in map").is_checked()
    screen.context.unroute_all()


@pytest.mark.parametrize("how", ["refused", pytest.param("silent", marks=pytest.mark.thorough)])
def test_without_internet_the_built_in_map_is_there_at_once(automatic: Node, open_screen: OpenScreen, how: str) -> None:
    screen = open_screen(automatic, "/livez")
    screen.forgiven += ["favicon.ico", "another host", "Failed to load resource", "AJAXError"]
    # A request that no one answers stays open.
    screen.context.route(f"{OPENFREEMAP_HOST}/**", lambda route: route.abort() if how == "refused" else None)
    screen.goto("/")
    screen.ready()
    screen.wait("() => hub.map.maplibre.getSource('land')._data !== undefined")
    expected = "failed" if how == "refused" else "loading"
    screen.wait("name => hub.map.base.state.name === name", expected)
    assert screen.page.evaluate(BUILT_IN)
    assert screen.page.locator(".map-notice").is_hidden()
    if how == "refused":
        screen.page.get_by_role("button", name="Map style").click()
        note = screen.page.locator(".map-styles-note")
        expect(note).to_contain_text("tiles.openfreemap.org does not answer")
        picture(screen, "without-internet")
        # The internet is back.
        screen.context.unroute_all()
        screen.context.route(f"{OPENFREEMAP_HOST}/**", provider)
        screen.page.evaluate("() => void dispatchEvent(new Event('online'))")
        screen.wait(STREETS)
        expect(note).to_be_empty()
    screen.context.unroute_all(behavior="ignoreErrors")


@pytest.mark.thorough
def test_the_hub_reads_the_hosts_of_a_style(start_node: StartNode, open_screen: OpenScreen, tiles: TileServer) -> None:
    node = start_node(map=tiles.url("/style.json"), map_dark=tiles.url("/dark.json"))
    reads(node, GLYPH_HOST)
    for host in (STYLE_HOST, TILE_HOST, GLYPH_HOST):
        assert f"http://{host}:{tiles.port}" in policy(node).split("connect-src")[1]
    tiles.asked.clear()
    screen = abroad(open_screen(node, color_scheme="dark"))
    screen.ready()
    screen.wait(STREETS)
    assert screen.page.evaluate(GROUND) == "#102030"
    screen.wait("() => hub.map.maplibre.areTilesLoaded()")
    # Ours is the font that the style has.
    font = screen.page.evaluate("() => hub.map.maplibre.getLayoutProperty('driver-names', 'text-font')")
    assert font == ["Stand-in Regular"]
    screen.page.get_by_role("button", name="Light", exact=True).click()
    screen.wait(f"() => {STREETS[6:]} && ({GROUND})() === '#e6efe0'")
    screen.until(lambda: any(path.startswith("/fonts/") for path in tiles.paths()))
    # Every request names the site, and nothing more.
    referers = {referer for _, path, referer in tiles.asked if path.startswith(("/vector", "/style", "/fonts"))}
    assert referers == {f"http://127.0.0.1:{node.settings.port}/"}


@pytest.mark.thorough
def test_a_style_that_is_missing_is_told(start_node: StartNode, open_screen: OpenScreen, tiles: TileServer) -> None:
    tiles.status["/style.json"] = 404
    node = start_node(map=tiles.url("/style.json"))
    screen = abroad(open_screen(node))
    screen.ready()
    notice = screen.page.get_by_role("status").locator(".map-notice")
    expect(notice).to_contain_text("The configured map cannot be loaded:", timeout=PATIENCE)
    expect(notice).to_contain_text(f"127.0.0.1:{tiles.port} answers with status 404.")
    assert screen.page.evaluate(BUILT_IN)
    picture(screen, "missing-style")
    tiles.status.clear()
    screen.page.get_by_role("button", name="Map style").click()
    # Its tiles are on a host that the page was not permitted to use when it was loaded.
    screen.forgiven.append("Content Security Policy")
    screen.page.get_by_role("button", name="Try again").click()
    expect(notice).to_contain_text("127.0.0.2")


def test_a_style_that_is_not_valid_is_told(start_node: StartNode, open_screen: OpenScreen) -> None:
    node = start_node(map="http://127.0.0.1:9/style.json")
    screen = open_screen(node, "/livez")
    screen.forgiven += ["favicon.ico", "another host", "layers[0].type"]
    broken = {"version": 8, "sources": {}, "layers": [{"id": "ground", "type": "unknown"}]}
    headers = {"access-control-allow-origin": "*"}
    screen.page.route("http://127.0.0.1:9/**", lambda route: route.fulfill(json=broken, headers=headers))
    screen.goto("/")
    screen.ready()
    expect(screen.page.locator(".map-notice")).to_contain_text("The style is not valid", timeout=PATIENCE)
    screen.wait(BUILT_IN)
    screen.wait("() => hub.map.maplibre.getLayer('arrows')")


@pytest.mark.thorough
def test_raster_tiles_lie_on_the_built_in_map(
    start_node: StartNode, open_screen: OpenScreen, tiles: TileServer
) -> None:
    node = start_node(
        map=tiles.url("/raster/{z}/{x}/{y}.png") + " © Stand-in contributors",
        map_satellite=tiles.url("/satellite/{z}/{x}/{y}.png?key=k"),
    )
    screen = abroad(open_screen(node, drawn=PICTURES is not None, color_scheme="light"))
    screen.ready()
    screen.wait(SHOWN, "streets")
    screen.wait("() => hub.map.maplibre.getLayer('tiles') && hub.map.maplibre.areTilesLoaded()")
    assert screen.page.evaluate(BUILT_IN)
    expect(screen.page.locator(".maplibregl-ctrl-attrib")).to_contain_text("© Stand-in contributors")
    assert {referer for *_, referer in tiles.asked} == {f"http://127.0.0.1:{node.settings.port}/"}
    picture(screen, "raster")
    screen.page.get_by_role("button", name="Dark", exact=True).click()
    hue = "hub.map.maplibre.getPaintProperty('tiles', 'raster-hue-rotate')"
    screen.wait(f"() => hub.map.maplibre.getLayer('tiles') && {hue} === 180")
    screen.wait("() => hub.map.maplibre.areTilesLoaded()")
    picture(screen, "raster-dark")
    screen.page.get_by_role("button", name="Map style").click()
    screen.page.get_by_label("Satellite").check()
    # Images are not inverted.
    screen.wait(f"() => hub.map.maplibre.getSource('tiles')?.tiles?.[0].includes('/satellite/') && !{hue}")
    screen.until(lambda: any(path.startswith("/satellite/") for path in tiles.paths()))

    tiles.status["/raster"] = 404
    screen.page.get_by_label("Streets").check()
    notice = screen.page.locator(".map-notice")
    expect(notice).to_contain_text("has no tile of this place (status 404)", timeout=PATIENCE)


@pytest.mark.thorough
def test_the_note_about_a_missing_vector_tile_ends_with_the_next_one(
    start_node: StartNode, open_screen: OpenScreen, tiles: TileServer
) -> None:
    tiles.status["/vector"] = 404
    node = start_node(map=tiles.url("/style.json"))
    reads(node, GLYPH_HOST)
    screen = abroad(open_screen(node))
    screen.ready()
    screen.wait(STREETS)
    notice = screen.page.locator(".map-notice")
    expect(notice).to_contain_text("has no tile of this place (status 404)", timeout=PATIENCE)
    tiles.status.clear()
    screen.page.evaluate("() => void hub.map.maplibre.jumpTo({zoom: 6})")
    expect(notice).to_be_hidden(timeout=PATIENCE)


@pytest.mark.thorough
def test_a_share_link_has_streets_and_its_token_stays_here(
    start_node: StartNode, open_screen: OpenScreen, tiles: TileServer, shared_hub: HubProcess
) -> None:
    node = start_node(map=tiles.url("/style.json"))
    reads(node, GLYPH_HOST)
    ask(shared_hub, "POST", "/api/v1/fleet/drivers", {"driverId": "shared-car"})
    with Peer(node.edge.address, "/ws?subscribe=none") as peer:
        peer.say({"driverId": "shared-car", "latitude": 25.2, "longitude": 55.3, "heading": 90})
    made = ask(shared_hub, "POST", "/api/v1/shares", {"driverId": "shared-car", "label": "Car", "hours": 1})
    path = urlsplit(made["url"]).path
    tiles.asked.clear()
    screen = abroad(open_screen(node, path, drawn=PICTURES is not None))
    page = screen.page
    page.locator("#state[data-state=live]").wait_for()
    page.wait_for_selector("#map[data-ready]")
    screen.until(lambda: any(each.startswith("/vector/14") for each in tiles.paths()))
    picture(screen, "share")
    assert {referer for *_, referer in tiles.asked} == {f"http://127.0.0.1:{node.settings.port}/"}
    assert GLYPH_HOST in policy(node, path)
    page.get_by_role("button", name="Map style").click()
    page.get_by_label("Built-in map").check()
    expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text("Natural Earth")


@pytest.mark.thorough
def test_a_map_of_one_file_is_served_by_the_hub(start_node: StartNode, open_screen: OpenScreen, tmp_path: Path) -> None:
    archive(tmp_path / "area.pmtiles", vector_tile())
    node = start_node(map=str(tmp_path / "area.pmtiles"))
    # No request to another host is forgiven.
    screen = open_screen(node, drawn=PICTURES is not None, color_scheme="light")
    screen.ready()
    drawn = "() => hub.map.maplibre.getSource('base:protomaps') && hub.map.maplibre.areTilesLoaded()"
    screen.wait(drawn)
    screen.wait("() => hub.map.maplibre.querySourceFeatures('base:protomaps', {sourceLayer: 'roads'}).length > 0")
    expect(screen.page.locator(".maplibregl-ctrl-attrib")).to_contain_text("© Archive")
    picture(screen, "archive")
    ground = "() => hub.map.maplibre.getPaintProperty('base:earth', 'fill-color')"
    light = screen.page.evaluate(ground)
    screen.page.get_by_role("button", name="Dark", exact=True).click()
    screen.wait(f"light => {drawn[6:]} && ({ground})() !== light", light)
    screen.wait("() => hub.map.maplibre.getLayer('arrows')")
    picture(screen, "archive-dark")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("layers", "kind", "shown"),
    [(("transportation",), TileType.MVT, "it has the layers transportation"), ((), TileType.PNG, "")],
)
def test_a_file_with_other_content(
    start_node: StartNode,
    open_screen: OpenScreen,
    tmp_path: Path,
    layers: tuple[str, ...],
    kind: TileType,
    shown: str,
) -> None:
    archive(tmp_path / "area.pmtiles", png(230, 220, 200) if kind is TileType.PNG else vector_tile(), kind, layers)
    screen = open_screen(start_node(map=str(tmp_path / "area.pmtiles")))
    screen.ready()
    if shown:
        expect(screen.page.locator(".map-notice")).to_contain_text(shown, timeout=PATIENCE)
        assert screen.page.evaluate(BUILT_IN)
    else:
        screen.wait("() => hub.map.maplibre.getLayer('tiles') && hub.map.maplibre.areTilesLoaded()")


def test_offline_means_no_other_host_and_no_menu(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub)
    screen.ready()
    screen.wait(SHOWN, "built-in")
    assert screen.page.get_by_role("button", name="Map style").count() == 0
