"""The JavaScript client in a browser: a driver whose fixes survive their page in IndexedDB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.hub_process import HubProcess
from tests.support.running import until
from tests.web.conftest import OpenScreen
from tests.web.driven import ask
from tests.web.screens import Screen
from tests.web.test_recovery import LOST

PATH = "/js/src/index.js"
"""A document of the hub's origin without scripts of its own."""

LOAD = f"() => import('{PATH}').then(() => null)"
"""Done before the hub is killed."""

OPEN = """
async ({ url, driverId, fixes }) => {
  const client = await import("/js/src/index.js");
  const outbox = await client.openBrowserOutbox("fixes");
  const waiting = outbox.size;
  const driver = new client.DriverClient(url, { driverId, outbox });
  globalThis.driver = driver;
  for (let second = 0; second < fixes; second += 1) {
    await driver.send({ latitude: 25.2, longitude: 55.3, recordedAt: new Date(Date.UTC(2026, 2, 1) + second * 1000) });
  }
  return { waiting, pending: driver.pending, durable: outbox.durable };
}
"""

FLUSH = "async () => { await driver.flush(); return [driver.acked, driver.rejected, driver.pending]; }"

OPEN_AGAIN = """
async () => {
  const client = await import("/js/src/index.js");
  return client.openBrowserOutbox("fixes").then(() => "opened", (error) => `${error.name}: ${error.message}`);
}
"""


@pytest.fixture
def tabs(own_hub: HubProcess, open_screen: OpenScreen) -> Iterator[tuple[Screen, Screen]]:
    """Two tabs of one browser profile."""
    first = open_screen(own_hub, PATH)
    first.forgiven = [*LOST, "favicon.ico"]
    second = Screen(first.profile, first.origin)
    second.goto(PATH)
    for tab in (first, second):
        tab.page.evaluate(LOAD)
    yield first, second
    second.page.close()


def count(hub: HubProcess, driver_id: str) -> Any:
    found = ask(hub, "GET", f"/api/v1/drivers/{driver_id}/track?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z")
    return len((found or {"positions": []})["positions"])


@pytest.mark.thorough
def test_fixes_that_were_accepted_without_a_hub_survive_their_page(
    own_hub: HubProcess, tabs: tuple[Screen, Screen]
) -> None:
    first, second = tabs
    given = {"url": own_hub.url, "driverId": "browser", "fixes": 20}
    own_hub.kill()
    assert first.page.evaluate(OPEN, given) == {"waiting": 0, "pending": 20, "durable": True}
    assert second.page.evaluate(OPEN_AGAIN) == "OutboxInUse: fixes: another tab has this outbox open"
    first.page.close()
    own_hub.start()
    assert second.page.evaluate(OPEN, given | {"fixes": 0}) == {"waiting": 20, "pending": 20, "durable": True}
    assert second.page.evaluate(FLUSH) == [20, 0, 0]
    until(lambda: count(own_hub, "browser") == 20)
    # What is acknowledged is gone from the store, too.
    second.page.reload()
    # Twenty repetitions, and one more.
    again = second.page.evaluate(OPEN, given | {"fixes": 21})
    assert again["waiting"] == 0
    assert second.page.evaluate(FLUSH) == [21, 0, 0]
    until(lambda: count(own_hub, "browser") > 20)
    assert count(own_hub, "browser") == 21


def test_a_browser_without_a_store_keeps_fixes_in_memory(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub, PATH, before="Object.defineProperty(globalThis, 'indexedDB', { value: undefined });")
    screen.forgiven = ["IndexedDB is not available", "favicon.ico"]
    given = {"url": hub.url, "driverId": "forgetful", "fixes": 3}
    opened = screen.page.evaluate(OPEN, given)
    assert opened["durable"] is False
    assert screen.page.evaluate(FLUSH) == [3, 0, 0]
    assert any("IndexedDB is not available" in text for text in screen._complaints)
