"""The screen as an app: installed, without its hub, of a new build, on a phone, and as a display on a wall."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from hub.edge import web
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask
from tests.web.guarded import GuardedHub, log_in, logged_in, serious
from tests.web.screens import KEPT_SOCKETS
from tests.web.test_recovery import LOST
from tests.web.test_share import report

CONTROLLED = "() => navigator.serviceWorker.controller && caches.keys().then(keys => keys.length === 1)"
"""The worker has the files of the page."""

KEPT = """async () => {
  const request = indexedDB.open("hub-last", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("fleet");
  const database = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const read = database.transaction("fleet").objectStore("fleet").getAll();
  const found = await new Promise((resolve) => { read.onsuccess = () => resolve(read.result); });
  database.close();
  return JSON.stringify(found);
}"""
"""The positions that the browser keeps."""

HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
  Object.defineProperty(document, "hidden", { value: false, configurable: true });
}"""


class Upgradable(GuardedHub):
    """A hub that serves a copy of the pages, to be replaced by another build."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        root = web.FOLDER.parent.parent
        copy = folder / "tree"
        (copy / "clients").mkdir(parents=True)
        for name in ("hub", "schema.sql", "tests"):
            (copy / name).symlink_to(root / name)
        for part in (root / "clients").iterdir():
            if part.name != "web":
                (copy / "clients" / part.name).symlink_to(part)
        self.web = copy / "clients" / "web"
        # Files behind a link to another folder are not served.
        shutil.copytree(web.FOLDER, self.web, ignore=shutil.ignore_patterns("node_modules", "swagger-ui"))
        # `python -m hub` takes the package of the working directory.
        self._wrapper = ["env", "-C", str(copy)]

    def build_again(self) -> None:
        """As an upgrade does: another script under another name, and a worker that names it."""
        built = self.web / "built"
        (main,) = built.glob("main-????????.js")
        new = "main-NEWBUILD.js"
        (built / new).write_text(main.read_text() + ";globalThis.newBuild = true;")
        for path in built.glob(f"{main.name}*"):
            path.unlink()
        page = (built / "index.html").read_text()
        version = page.split('<meta name="build" content="')[1].split('"')[0]
        for name in ("index.html", "worker.js"):
            text = (built / name).read_text().replace(main.name, new).replace(version, "another")
            (built / name).write_text(text)
            for suffix in (".gz", ".br"):
                (built / f"{name}{suffix}").unlink(missing_ok=True)


@pytest.fixture
def upgradable(tmp_path: Path) -> Iterator[Upgradable]:
    process = Upgradable(tmp_path)
    process.start()
    yield process
    process.stop()


def test_it_can_be_installed(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, worker=True)
    screen.ready()
    screen.wait(CONTROLLED)
    devtools = screen.context.new_cdp_session(screen.page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert urlsplit(manifest["url"]).path == "/manifest.webmanifest"
    found = [error["errorId"] for error in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    # Playwright's contexts are private windows, in which nothing can be installed.
    assert set(found) <= {"in-incognito"}


@pytest.mark.thorough
def test_it_opens_without_its_hub_and_takes_a_new_build_over(upgradable: Upgradable, open_screen: OpenScreen) -> None:
    hub = upgradable
    hub.user("courier", "dispatcher")
    hub.make("/api/v1/fleet/drivers", {"driverId": "last-seen"})
    hub.make(
        "/api/v1/fleet/vehicles", {"vehicleId": "v-1", "plate": "DXB A 12345", "type": "Van", "driverId": "last-seen"}
    )
    report(hub, "last-seen")
    screen = open_screen(hub, worker=True)
    screen.forgiven = [*LOST, "ApiError", "Failed to fetch", "status of 5", "The hub does not respond"]
    page = screen.page
    log_in(screen, "courier")
    logged_in(screen, "courier")
    screen.wait(CONTROLLED)
    page.locator(".row", has_text="last-seen").wait_for()
    page.evaluate(HIDE)
    screen.until(lambda: "last-seen" in page.evaluate(KEPT))

    # Without the hub: the page opens, says how old everything is, and shows what was kept.
    hub.stop()
    page.reload()
    page.get_by_text("Offline. Positions of").first.wait_for()
    page.locator(".row", has_text="last-seen").wait_for()
    page.locator(".row", has_text="Last known").wait_for()
    page.locator(".row", has_text="Van DXB A 12345").wait_for()
    page.get_by_role("searchbox", name="Search drivers").fill("a12345")
    page.locator(".row", has_text="last-seen").wait_for()
    page.wait_for_selector("#map[data-ready]")
    assert serious(screen) == []
    kept = page.evaluate(
        """async () => {
            const [name] = await caches.keys();
            return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
        }"""
    )
    assert "/" in kept
    assert not [path for path in kept if path.startswith(("/api/", "/share/"))]

    # The hub is back: it is live again by itself.
    hub.start()
    logged_in(screen, "courier")
    page.locator(".row", has_text="last-seen").wait_for()

    # A new build is offered and not forced, and then taken over as a whole.
    hub.stop()
    hub.build_again()
    hub.start()
    button = page.get_by_role("button", name="Reload for the new version")
    button.wait_for()
    assert page.evaluate("() => globalThis.newBuild") is None
    assert serious(screen) == []
    button.click()
    screen.wait("() => globalThis.newBuild")
    logged_in(screen, "courier")
    screen.wait(CONTROLLED)
    assert page.get_by_role("button", name="Reload for the new version").count() == 0

    # Nothing of the fleet is left after a logout.
    page.evaluate(HIDE)
    screen.until(lambda: "last-seen" in page.evaluate(KEPT))
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("dialog", name="Log in").wait_for()
    screen.until(lambda: page.evaluate(KEPT) == "[]")
    hub.stop()
    page.reload()
    page.get_by_text("The hub does not respond").first.wait_for()
    assert "last-seen" not in page.content()


SMALL = """() => [...document.querySelectorAll("button, select, input, nav a")]
  .filter((each) => each.checkVisibility() && !each.closest("[inert], .maplibregl-ctrl-attrib, .unseen"))
  .map((each) => [each.textContent || each.ariaLabel || each.className, each.getBoundingClientRect()])
  .filter(([, { height, width }]) => width > 0 && (height < 28 || width < 28))
  .map(([name, { width, height }]) => `${name}: ${width} x ${height}`)"""


@pytest.mark.thorough
def test_a_phone_has_the_map_first_and_targets_for_thumbs(hub: HubProcess, open_screen: OpenScreen, peer: Peer) -> None:
    peer.say({"driverId": "phone-1", "latitude": 25.0, "longitude": 55.0})
    screen = open_screen(hub, viewport={"width": 360, "height": 640}, has_touch=True)
    screen.forgiven.append("status of 404")
    screen.ready()
    page = screen.page

    def heights() -> tuple[float, float]:
        shown, listed = (page.locator(name).bounding_box() for name in ("#map", "#list"))
        assert shown
        return shown["height"], listed["height"] if listed else 0

    page.locator(".row").first.wait_for()
    shown, listed = heights()
    # Nothing scrolls: there is much of the map, and a whole row of the list below it.
    assert shown > 220
    row = page.locator(".row").first.bounding_box()
    assert row and row["y"] > shown and row["y"] + row["height"] <= 640
    handle = page.locator(".sheet-handle")
    handle.focus()
    page.keyboard.press("ArrowDown")
    assert heights()[1] == 0
    assert heights()[0] > 400
    handle.tap()
    assert heights() == (shown, listed)
    handle.tap()
    assert heights()[1] > 350
    # What is opened in the sheet is in sight.
    handle.tap()
    page.evaluate("() => hub.navigate('#/drivers/phone-1')")
    page.locator("#panel").get_by_role("heading", name="phone-1").wait_for()
    assert (page.locator("#panel").bounding_box() or {"height": 0})["height"] > 150
    small: dict[str, Any] = {}
    for address in ("#/drivers/phone-1", "#/", "#/analytics", "#/reports", "#/manage", "#/system"):
        page.evaluate("address => hub.navigate(address)", address)
        screen.wait("() => !document.body.textContent.includes('Loading …')")
        assert page.evaluate("() => document.documentElement.scrollWidth") == 360, address
        small[address] = page.evaluate(SMALL)
        assert serious(screen) == [], address
    assert small == {address: [] for address in small}


AWAKE = """
globalThis.locks = 0;
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => { globalThis.locks += 1; } } });
"""


@pytest.mark.thorough
def test_a_display_shows_the_map_alone_and_follows_a_group(
    hub: HubProcess, open_screen: OpenScreen, peer: Peer
) -> None:
    for driver_id, longitude in (("wall-1", 10.0), ("wall-2", 10.2), ("elsewhere", -60.0)):
        groups = ["wall"] if driver_id.startswith("wall") else []
        ask(hub, "POST", "/api/v1/fleet/drivers", {"driverId": driver_id, "groups": groups})
        peer.say({"driverId": driver_id, "latitude": 40.0, "longitude": longitude})
    screen = open_screen(hub, "/?kiosk&group=wall", before=AWAKE + KEPT_SOCKETS)
    page = screen.page
    page.wait_for_selector("#map[data-ready]")
    page.locator(".kiosk-state[data-state=live]").wait_for()
    for hidden in (".bar", "#list", "#panel", ".maplibregl-ctrl-group"):
        assert not page.locator(hidden).locator("visible=true").count(), hidden
    assert page.locator("#map").bounding_box() == {"x": 0, "y": 0, "width": 900, "height": 600}
    assert page.evaluate("() => globalThis.locks") == 1
    screen.wait("() => { const box = hub.map.maplibre.getBounds(); return box.getEast() - box.getWest() < 5; }")
    assert serious(screen) == []
    # It goes where the drivers go.
    peer.say({"driverId": "wall-2", "latitude": 41.0, "longitude": 17.0})
    screen.wait(
        "() => { const box = hub.map.maplibre.getBounds(); return box.contains([10, 40]) && box.contains([17, 41]); }"
    )
    alert = {"alertId": "a", "version": 1, "driverId": "wall-1", "state": "open", "noticedAt": "2026-03-01T08:00:00Z"}
    page.route("**/api/v1/alerts?*", lambda route: route.fulfill(json={"alerts": [alert]}))
    screen.lose_connection()
    page.locator(".kiosk-state", has_text="Reconnecting").wait_for()
    page.locator(".kiosk-state[data-state=live]").wait_for()
    # Alerts that no user has acknowledged are seen from afar, too: read again with the connection.
    screen.wait(
        """() => hub.map.maplibre.queryRenderedFeatures({layers: ["alert-marks", "group-alert-marks"]}).length === 1"""
    )
