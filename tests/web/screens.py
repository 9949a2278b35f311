"""A page of the hub in a Chromium of the system, that records what it complains of."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    ViewportSize,
    WebSocket,
    expect,
    sync_playwright,
)

PATIENCE = 60_000
"""Milliseconds until a test gives up on a busy machine."""

expect.set_options(timeout=PATIENCE)

WINDOW: ViewportSize = {"width": 900, "height": 600}

CALM = {"reduced_motion": "reduce"}
"""A processor draws each frame of a transition or a glide here. Tests of movements open their page with ``MOVING``."""
MOVING = {"reduced_motion": "no-preference"}

POLL = 50
"""Milliseconds between two looks at what a test waits for."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # WebGL without a graphics card.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Everything but WebGL is drawn without the detour over SwiftShader, which Debian's defaults take.
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    # A page that a test answers itself may reach the hub, though it did not come from this machine. The suggestions of
    # the address bar are two more pages for each tab, and half of its processor time.
    "--disable-features=LocalNetworkAccessChecks,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    # A page that is not in front is drawn all the same.
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    # One process for the pages of a profile: it has compiled our scripts already (``Profile``).
    "--process-per-site",
]

UNOPTIMIZED = "--js-flags=--no-opt --no-maglev"
"""A page of a test ends before the work of V8's optimizing compilers, a tenth of its processor time, pays off."""

UNDRAWN = """
for (const name of ["clear", "drawArrays", "drawArraysInstanced", "drawElements", "drawElementsInstanced"]) {
  WebGL2RenderingContext.prototype[name] = () => {};
}
"""
"""A script that leaves out the pixels of the map, a quarter of a test's processor time. MapLibre's
``queryRenderedFeatures`` answers from its own index, and finds the same."""

UNMAPPED = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : get.call(this, kind, ...rest);
};
"""
"""A script that takes WebGL away: the page works without its map, at half of the processor time."""

METRIC = """
try {
  if (localStorage.getItem("preferences") === null) localStorage.setItem("preferences", '{"units": "km"}');
} catch {}
"""
"""A script that keeps the choice of metric units: with ``en-US`` the page has miles."""

NO_WORKERS = "delete Navigator.prototype.serviceWorker;"
"""A script that makes the page as it is where browsers have no service workers: on plain HTTP from another machine.
The worker fetches the files of the page a second time, which each test would wait for."""

KEPT_SOCKETS = """
globalThis.sockets = [];
globalThis.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    globalThis.sockets.push(this);
  }
};
"""
"""A script that lets a test reach the sockets of a page."""


SHELL = "chromium-headless-shell"
"""The browser without windows, tabs and an address bar: a page costs a third less. It refuses all notifications."""
WHOLE = ("chromium", "chromium-browser", "google-chrome")


def chromium(*, whole: bool = False) -> str | None:
    """The program, where there is one: the shell before a ``whole`` browser, unless it has to be one."""
    return next(filter(None, map(shutil.which, WHOLE if whole else (SHELL, *WHOLE))), None)


class Profile:
    """A browser context for one screen after another. It keeps our files, and an empty page of their site: with that
    the process of the pages does not end, and the next page finds the scripts compiled."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self._kept = context.new_page()
        self._kept.route("**", lambda route: route.fulfill(body=""))
        self._kept.goto("http://127.0.0.1/")
        self._devtools = context.new_cdp_session(self._kept)

    @property
    def free(self) -> bool:
        return self.context.pages == [self._kept]

    def clear(self, origin: str) -> None:
        """Close the pages, and let the next test find nothing of them but what the browser keeps of our files."""
        self.context.set_offline(False)
        self.context.clear_permissions()
        for page in self.context.pages:
            if page != self._kept:
                page.close()
        kinds = "cookies,local_storage,indexeddb,service_workers,cache_storage"
        self._devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": kinds})


class Screen:
    """A page, what it was sent by its sockets, and its ``complaints``: errors on the console, exceptions, requests to
    other hosts. A test that means to cause one of them names it in ``forgiven`` (a part of its text)."""

    def __init__(self, profile: Profile, origin: str) -> None:
        self.profile, self.context, self.origin = profile, profile.context, origin
        self.forgiven: list[str] = []
        self.received: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.sockets = 0
        self._complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._complaints.append(f"exception: {error}"))
        self.page.on("request", self._on_request)
        self.page.on("websocket", self._on_socket)

    @property
    def complaints(self) -> list[str]:
        return [text for text in self._complaints if not any(part in text for part in self.forgiven)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "GPU stall" not in message.text:
            self._complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and f"{address.scheme}://{address.netloc}" != self.origin:
            self._complaints.append(f"another host: {request.url}")

    def _on_socket(self, socket: WebSocket) -> None:
        self.sockets += 1
        if urlsplit(socket.url).netloc != urlsplit(self.origin).netloc:
            self._complaints.append(f"another host: {socket.url}")
        # A message of the hub is one JSON object.
        socket.on("framereceived", lambda payload: self.received.append(json.loads(payload)))
        socket.on("framesent", lambda payload: self.sent.append(json.loads(payload)))

    def locations(self) -> list[dict[str, Any]]:
        """The positions that its sockets were sent."""
        return [message for message in self.received if message["type"] == "location"]

    def goto(self, path: str = "/") -> None:
        self.page.goto(self.origin + path)

    def ready(self) -> None:
        """Wait until the map is drawn and the hub is heard."""
        self.page.wait_for_selector("#map[data-ready]")
        self.page.wait_for_selector("#connection[data-state=live]")

    def driver(self, driver_id: str) -> dict[str, Any] | None:
        """What the page knows of a driver."""
        found: dict[str, Any] | None = self.page.evaluate("id => globalThis.hub?.fleet.get(id) ?? null", driver_id)
        return found

    def wait(self, expression: str, argument: object = None) -> None:
        """Until something is true on the page; ``hub`` is the context of its views."""
        # Playwright's own waiting takes a promise for true before it is kept.
        self.until(lambda: self._holds(expression, argument))

    def _holds(self, expression: str, argument: object) -> bool:
        try:
            # Only the truth of it comes back: to copy a map out of the page takes seconds.
            return bool(self.page.evaluate(f"async given => Boolean(await ({expression})(given))", argument))
        except Error as error:
            # The page is being loaded again.
            if "Execution context was destroyed" not in error.message:
                raise
            return False

    def until(self, what: Callable[[], object]) -> None:
        """Wait for something that the page causes outside of it."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not what():
            assert time.monotonic() < deadline, "it did not come true"
            self.page.wait_for_timeout(POLL)

    def jump(self, longitude: float, latitude: float, zoom: float) -> None:
        """Move the map, without a glide."""
        # ``jumpTo`` returns the map, which would take seconds to copy out of the page.
        view = {"center": [longitude, latitude], "zoom": zoom}
        self.page.evaluate("view => void hub.map.maplibre.jumpTo(view)", view)

    def watches(self, longitude: float, latitude: float, *, width: float) -> bool:
        """Whether the map's subscription is answered: at most ``width`` degrees wide, and with this place in it."""
        asked = [message for message in self.sent if message["type"] == "subscribe" and message["id"] == "map"]
        answered = [message for message in self.received if message["type"] == "synced" and message["id"] == "map"]
        if not asked or len(asked) != len(answered) or "bbox" not in asked[-1]:
            return False
        west, south, east, north = asked[-1]["bbox"]
        return bool(east - west <= width and west < longitude < east and south < latitude < north)

    def lose_connection(self) -> None:
        """As networks do. The page has to have been opened with ``before=KEPT_SOCKETS``."""
        self.page.evaluate("() => globalThis.sockets.at(-1).close()")

    def close(self) -> None:
        self.profile.clear(self.origin)


class Browser:
    """Chromium, while the context lasts. There can be one at a time in a thread, and no event loop beside it."""

    def __enter__(self) -> Browser:
        self._playwright = sync_playwright().start()
        self._running: dict[tuple[bool, bool], PlaywrightBrowser] = {}
        self._profiles: dict[str, list[Profile]] = {}
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._running.values():
            each.close()
        self._playwright.stop()

    def _chromium(self, optimized: bool, whole: bool) -> PlaywrightBrowser:
        if (optimized, whole) not in self._running:
            arguments = ARGUMENTS if optimized else [*ARGUMENTS, UNOPTIMIZED]
            program = chromium(whole=whole)
            self._running[optimized, whole] = self._playwright.chromium.launch(executable_path=program, args=arguments)
        return self._running[optimized, whole]

    def screen(
        self,
        origin: str,
        *,
        drawn: bool = False,
        mapped: bool = True,
        worker: bool = False,
        optimized: bool = False,
        whole: bool = False,
        **options: Any,
    ) -> Screen:
        """A page with nothing of those that are open; ``options`` as of Playwright's ``new_context``. Only one that is
        ``drawn`` has the pixels of the map, one that is not ``mapped`` has no map, and only one with a ``worker`` the
        service worker. One that is ``optimized`` runs scripts as fast as for a user. One of a ``whole`` browser can
        have notifications.

        The window is small, since a processor draws it here. Pages that are opened alike one after another share a
        profile, which saves most of the time until the map is there; the window and the preferences of style are those
        of a page, and do not make pages different."""
        viewport = options.pop("viewport", WINDOW)
        media = CALM | {name: options.pop(name) for name in ("color_scheme", "reduced_motion") if name in options}
        alike = self._profiles.setdefault(json.dumps([optimized, whole, options], sort_keys=True), [])
        profile = next((each for each in alike if each.free), None)
        if profile is None:
            profile = Profile(self._chromium(optimized, whole).new_context(viewport=WINDOW, **options))
            alike.append(profile)
        screen = Screen(profile, origin)
        if not mapped:
            screen.page.add_init_script(UNMAPPED)
        elif not drawn:
            screen.page.add_init_script(UNDRAWN)
        screen.page.add_init_script(METRIC)
        if not worker:
            screen.page.add_init_script(NO_WORKERS)
        if viewport != WINDOW:
            screen.page.set_viewport_size(viewport)
        screen.page.emulate_media(**media)
        return screen
