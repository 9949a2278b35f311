"""500 and 2,000 drivers at one position a second: what the page costs, which part of the browser spends it, and how far
behind the page is.

These take minutes and print figures, which docs/screen.md holds: ``pytest -n 0 -m slow -s tests/web/test_scale.py``.
"""

from __future__ import annotations

import math
import statistics
import threading
import time
from typing import Any

import pytest
from playwright.sync_api import CDPSession

from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask
from tests.web.screens import Screen

BATCHES = 20
"""A second's positions come in so many messages, evenly spread."""

FRAMES = """() => {
    globalThis.frames = [];
    let before = performance.now();
    requestAnimationFrame(function next(now) {
        frames.push(now - before);
        before = now;
        requestAnimationFrame(next);
    });
}"""

SHOWN = """batches => {
    // Of the drivers of each message the least that any has on the page.
    const rounds = Array(batches).fill(Infinity);
    for (const { driverId, attributes } of hub.fleet.all()) {
        const batch = Number(driverId.slice("scale-".length)) % batches;
        rounds[batch] = Math.min(rounds[batch], attributes?.round ?? 0);
    }
    return rounds;
}"""

AS_BEFORE = """() => {
    // Every frame of the fleet is drawn, and each with all drivers anew.
    const { maplibre: map, layer } = hub.map;
    const source = map.getSource("drivers");
    layer.pace = () => 0;
    source.updateData = () => source.setData(layer.collection());
}"""


class Publisher(threading.Thread):
    """Lets each of ``drivers`` report once a second, on circles around Dubai; ``rounds`` is what those of each message
    have reported."""

    def __init__(self, hub: HubProcess, drivers: int) -> None:
        super().__init__(daemon=True)
        self.drivers = drivers
        self.peer = Peer(("127.0.0.1", hub.settings.port), "/ws?subscribe=none")
        self.rounds = [0] * BATCHES
        self.ended = threading.Event()

    def run(self) -> None:
        due = time.monotonic()
        while not self.ended.is_set():
            for batch in range(BATCHES):
                now = self.rounds[batch] + 1
                self.peer.say([self._fix(number, now) for number in range(batch, self.drivers, BATCHES)])
                self.rounds[batch] = now
                due += 1 / BATCHES
                time.sleep(max(0.0, due - time.monotonic()))

    def _fix(self, number: int, round_: int) -> dict[str, Any]:
        angle = number * 2.399963 + round_ * 0.004
        radius = 0.02 + 0.28 * (number / self.drivers) ** 0.5
        return {
            "driverId": f"scale-{number}",
            "latitude": 25.1 + radius * math.sin(angle),
            "longitude": 55.3 + radius * math.cos(angle),
            "heading": math.degrees(-angle) % 360,
            "speed": 20.0,
            "attributes": {"round": round_},
        }


WORK = {"script": "ScriptDuration", "layout": "LayoutDuration", "style": "RecalcStyleDuration", "main": "TaskDuration"}
"""What the page's main thread is asked for: the name here and in the DevTools protocol."""


class Spent:
    """Processor time: of the page's main thread by its kinds of work, and of the processes of the browser. The process
    ``GPU`` draws, by software where there is no graphics card."""

    def __init__(self, screen: Screen, devtools: CDPSession) -> None:
        self.devtools = devtools
        assert screen.context.browser is not None
        self.browser = screen.context.browser.new_browser_cdp_session()
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.began, self.before = time.monotonic(), self._now()

    def _now(self) -> dict[str, float]:
        of_page = {each["name"]: each["value"] for each in self.devtools.send("Performance.getMetrics")["metrics"]}
        spent = {name: of_page[asked] for name, asked in WORK.items()}
        for process in self.browser.send("SystemInfo.getProcessInfo")["processInfo"]:
            kind = f"process {process['type']}"
            spent[kind] = spent.get(kind, 0.0) + process["cpuTime"]
        return spent

    def per_second(self) -> dict[str, float]:
        """Milliseconds a second since the beginning."""
        passed = time.monotonic() - self.began
        return {name: 1_000 * (value - self.before.get(name, 0.0)) / passed for name, value in self._now().items()}


def measure(screen: Screen, publisher: Publisher, seconds: int) -> dict[str, float]:
    """Frame times (ms), heap (MB, after its garbage was collected), the most positions that any driver was behind what
    it had sent when the page was asked, and what was ``Spent`` (ms a second)."""
    devtools = screen.context.new_cdp_session(screen.page)
    spent = Spent(screen, devtools)
    screen.page.evaluate(FRAMES)
    heap, behind, drawn = [], [], []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        screen.page.wait_for_timeout(5_000)
        sent = list(publisher.rounds)
        behind.append(max(said - shown for said, shown in zip(sent, screen.page.evaluate(SHOWN, BATCHES), strict=True)))
        drawn.append(screen.page.evaluate("() => hub.map.layer.size"))
        devtools.send("HeapProfiler.collectGarbage")
        used = devtools.send("Runtime.getHeapUsage")["usedSize"]
        heap.append(used / 1e6)
    frames = sorted(screen.page.evaluate("() => frames"))
    assert drawn[-1] == publisher.drivers
    return spent.per_second() | {
        "frames_per_second": len(frames) / seconds,
        "frame_p50": statistics.median(frames),
        "frame_p95": frames[int(len(frames) * 0.95)],
        "frame_p99": frames[int(len(frames) * 0.99)],
        "heap_first": statistics.median(heap[: max(1, len(heap) // 3)]),
        "heap_last": statistics.median(heap[-max(1, len(heap) // 3) :]),
        "behind": max(behind),
    }


@pytest.mark.slow
@pytest.mark.parametrize("drivers", [500, 2_000])
@pytest.mark.parametrize(
    ("trick", "drawn", "seconds"),
    [(False, True, 60), (True, False, 60), (True, True, 100)],
    ids=["every-frame-all", "without-pixels", "as-it-is"],
)
def test_drivers_once_a_second(
    own_hub: HubProcess, open_screen: OpenScreen, drivers: int, trick: bool, drawn: bool, seconds: int
) -> None:
    publisher = Publisher(own_hub, drivers)
    publisher.start()
    time.sleep(2)
    screen = open_screen(own_hub, drawn=drawn, optimized=True, viewport={"width": 1280, "height": 800})
    screen.forgiven = ["Violation"]
    screen.ready()
    screen.wait(f"() => hub.map.layer.size === {drivers}")
    # What Playwright tells of each message is not part of what is measured.
    screen.received.clear()
    if not trick:
        screen.page.evaluate(AS_BEFORE)
    figures = measure(screen, publisher, seconds)
    publisher.ended.set()
    publisher.join()
    print("\n", {name: round(value, 1) for name, value in figures.items()})
    if trick:
        # Where software draws, a frame of 2,000 drivers takes up to a quarter of a second.
        assert figures["behind"] <= 2
        assert figures["heap_last"] < figures["heap_first"] * 1.2


WITHOUT_DETAILS = """() => {
    // As before the details: neither badges nor what is shown of a followed driver.
    const map = hub.map.maplibre;
    const details = /^(kinds|(group-)?alert-marks|followed-)/;
    globalThis.taken = map.getStyle().layers.filter(({id}) => details.test(id));
    for (const {id} of taken) map.removeLayer(id);
}"""

WITH_DETAILS = """() => {
    const map = hub.map.maplibre;
    for (const layer of taken) map.addLayer(layer);
}"""

ROUND = 8
"""Seconds of one measurement; with and without the details take turns."""

ROUNDS = 4


def cost(screen: Screen, seconds: int) -> tuple[float, float]:
    """Milliseconds of the page's main thread for each second, and frames for each second."""
    devtools = screen.context.new_cdp_session(screen.page)
    spent = Spent(screen, devtools)
    screen.page.evaluate(FRAMES)
    began = time.monotonic()
    screen.page.wait_for_timeout(seconds * 1_000)
    figures = spent.per_second()["main"], len(screen.page.evaluate("() => frames")) / (time.monotonic() - began)
    # The loop of this measurement ends, so that the next one is alone.
    screen.page.evaluate("() => { frames = { push() { throw new Error('end of a measurement'); } }; }")
    devtools.detach()
    return figures


@pytest.mark.slow
@pytest.mark.parametrize("drivers", [500, 2_000])
def test_details_cost_nothing_without_a_followed_driver(
    own_hub: HubProcess, open_screen: OpenScreen, drivers: int
) -> None:
    """Half of the drivers have vehicles whose kind has a picture."""
    for number in range(0, min(drivers, 500), 2):
        registered = {"driverId": f"scale-{number}", "name": f"Driver {number}"}
        driven = {"vehicleId": f"v-{number}", "type": "van", "driverId": f"scale-{number}"}
        ask(own_hub, "POST", "/api/v1/fleet/drivers", registered)
        ask(own_hub, "POST", "/api/v1/fleet/vehicles", driven)
    publisher = Publisher(own_hub, drivers)
    publisher.start()
    screen = open_screen(own_hub, drawn=True, viewport={"width": 1280, "height": 800})
    screen.forgiven = ["Violation", "end of a measurement"]
    screen.ready()
    screen.wait(f"() => hub.map.layer.size === {drivers}")
    figures: dict[str, list[tuple[float, float]]] = {"without": [], "with": [], "followed": []}
    for _ in range(ROUNDS):
        screen.received.clear()
        screen.page.evaluate(WITHOUT_DETAILS)
        figures["without"].append(cost(screen, ROUND))
        screen.page.evaluate(WITH_DETAILS)
        figures["with"].append(cost(screen, ROUND))
    zoom = screen.page.evaluate("() => hub.map.maplibre.getZoom()")
    screen.page.evaluate("zoom => { hub.map.follow('scale-1'); hub.map.maplibre.jumpTo({zoom}); }", zoom)
    for _ in range(ROUNDS):
        figures["followed"].append(cost(screen, ROUND))
    publisher.ended.set()
    publisher.join()
    medians = {
        name: tuple(round(statistics.median(values), 1) for values in zip(*found, strict=True))
        for name, found in figures.items()
    }
    print(f"\n{drivers} drivers, main thread ms/s and frames/s: {medians}")
    assert medians["with"][0] < medians["without"][0] * 1.25
