"""The dispatcher screen in a real browser: a Chromium of the system, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.driven import ZONE
from tests.web.fenced import ask
from tests.web.guarded import GuardedHub
from tests.web.screens import Browser, Screen, chromium

NEEDED = "NEED_CHROMIUM"
"""Where this is set, as in continuous integration, a browser that is missing is a failure."""

OpenScreen = Callable[..., Screen]


@pytest.fixture(scope="package")
def shared_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    folder = tmp_path_factory.mktemp("screen")
    # Channels of tests have their receiver on this machine.
    settings = Settings(port=0, map="offline", data_dir=folder / "data", time_zone=ZONE, hooks_allow="127.0.0.0/8")
    process = HubProcess(settings, folder)
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def hub(shared_hub: HubProcess) -> Iterator[HubProcess]:
    """An open hub with services of its own, for all tests that leave it alone. They use driver ids of their own, which
    leave the map after each file: of a long list only the first rows are in the document. Alerts are acknowledged,
    since the feed counts those that are not."""
    yield shared_hub
    for alert in ask(shared_hub, "GET", "/api/v1/alerts?limit=1000")["alerts"]:
        if "acknowledgedAt" not in alert:
            ask(shared_hub, "POST", f"/api/v1/alerts/{alert['alertId']}/acknowledge")
    for driver in ask(shared_hub, "GET", "/api/v1/drivers?limit=1000")["drivers"]:
        ask(shared_hub, "DELETE", f"/api/v1/drivers/{driver['driverId']}/live")


@pytest.fixture(scope="package")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedHub]:
    """A hub that asks for logins. Tests use users, drivers and vehicles of their own."""
    process = GuardedHub(tmp_path_factory.mktemp("guarded"), embed_origins="http://allowed.localhost")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def own_hub(tmp_path: Path) -> Iterator[HubProcess]:
    """An open hub of the test's own, without drivers, to be killed and started again."""
    process = HubProcess(Settings(port=0, map="offline", data_dir=tmp_path / "data", heartbeat_interval=0.5), tmp_path)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def quick_hub(tmp_path: Path) -> Iterator[HubProcess]:
    """The same, where drivers are stale and offline within seconds."""
    settings = Settings(port=0, map="offline", data_dir=tmp_path / "data", stale_after=2.0, offline_after=4.0)
    process = HubProcess(settings, tmp_path)
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for the folder, which keeps our files. While it runs, no event loop can run on this thread, so no other
    fixture of the folder may need one."""
    if chromium() is None:
        if os.environ.get(NEEDED):
            pytest.fail(f"{NEEDED} is set, and there is no chromium")
        pytest.skip("there is no chromium on PATH (Debian: apt-get install chromium-headless-shell)")
    with Browser() as running:
        yield running


@pytest.fixture
def open_screen(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenScreen]:
    """``open_screen(hub, path, before, **options)`` opens a page of a ``HubProcess``, after the script ``before``;
    at the end none may have complained. ``drawn``: with the pixels of the map; not ``mapped``: without a map, which
    is the default of a file that says ``MAPPED = False``."""
    opened: list[Screen] = []
    mapped = getattr(request.module, "MAPPED", True)

    def open_screen(hub: HubProcess, path: str = "/", before: str = "", **options: object) -> Screen:
        options.setdefault("mapped", mapped)
        screen = browser.screen(f"http://127.0.0.1:{hub.settings.port}", **options)
        opened.append(screen)
        if before:
            screen.page.add_init_script(before)
        screen.goto(path)
        return screen

    yield open_screen
    complaints = [complaint for screen in opened for complaint in screen.complaints]
    for screen in opened:
        screen.close()
    assert complaints == []


@pytest.fixture
def peer(hub: HubProcess) -> Iterator[Peer]:
    """A driver's connection to the common hub; ``peer.say({...})`` publishes."""
    with Peer(("127.0.0.1", hub.settings.port), "/ws?subscribe=none") as connected:
        yield connected
