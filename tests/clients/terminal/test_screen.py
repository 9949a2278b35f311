"""The watcher's screen as text."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from clients.dispatcher import Disconnected, Event, Stale
from clients.messages import Left, Location, Status, Subscribed, Synced
from clients.terminal.screen import Screen, age, lag, spark
from clients.view import View

START = 1_772_359_200.0
"""A full second."""


def location(driver_id: str, latitude: float, longitude: float, heading: float, received: float, seq: int) -> Location:
    instant = datetime.fromtimestamp(received, UTC)
    return Location(driver_id, latitude, longitude, instant, instant, seq, speed=25.0, heading=heading)


class Watching:
    """A view and a screen that hear the same."""

    def __init__(self) -> None:
        self.view = View()
        self.screen = Screen("ws://localhost:8080/ws", self.view.latest, self.view.presence)

    def hear(self, now: float, *events: Event) -> None:
        for event in events:
            self.view.apply(event)
            self.screen.apply(event, now)

    def text(self, now: float, width: int = 80, height: int = 24) -> list[str]:
        self.screen.turn(now)
        console = Console(record=True, width=width, height=height, file=StringIO(), force_terminal=True)
        console.print(self.screen)
        return console.export_text().splitlines()


def watching() -> Watching:
    watching = Watching()
    watching.hear(START, Subscribed("w", "e", 2, 2, True))
    watching.hear(START, location("truck-1", 25.0, 55.0, 0, START - 500, 1))
    watching.hear(START, location("truck-2", 25.2, 55.4, 90, START - 500, 2))
    watching.hear(START, Synced("w", 2), Status("truck-2", "stale"))
    watching.hear(START + 0.5, location("truck-1", 25.01, 55.0, 0, START + 0.45, 3))
    return watching


@pytest.mark.parametrize(("width", "height"), [(80, 24), (200, 60), (50, 15), (30, 6)])
def test_it_fills_the_terminal(width: int, height: int) -> None:
    lines = watching().text(START + 1, width, height)
    assert [len(line) for line in lines] == [width] * height


def test_live() -> None:
    lines = watching().text(START + 1)
    assert lines[0].startswith(" ● live  ws://localhost:8080/ws  lag p50 50 · p95 50 · p99 50 ms")
    assert lines[1].startswith(" 2 drivers · 1 online · 1 stale   1 updates/s ")
    listed = [line[46:] for line in lines[3:-1]]
    assert listed[0].split() == ["truck-1", "↑", "90", "km/h", "now"]
    assert listed[1].split() == ["truck-2", "→", "90", "km/h", "1", "s"]
    assert any("↑" in line[:45] for line in lines) and any("→" in line[:45] for line in lines)
    assert "km" in lines[-1]


def test_a_snapshot_is_not_counted_as_traffic() -> None:
    watched = Watching()
    watched.hear(START, Subscribed("w", "e", 1, 1, True), location("truck-1", 25.0, 55.0, 0, START - 500, 1))
    lines = watched.text(START + 1)
    assert lines[0].startswith(" ● connecting")
    assert " 0 updates/s" in lines[1]
    assert "lag" not in lines[0]


def test_a_problem_is_shown() -> None:
    watched = watching()
    watched.hear(START + 2, Stale(25.0))
    assert watched.text(START + 3)[0].startswith(" ● stale  ws://localhost:8080/ws  no message from the hub for 25 s")
    watched.hear(START + 4, location("truck-1", 25.02, 55.0, 0, START + 4, 4))
    assert watched.text(START + 4)[0].startswith(" ● live")
    watched.hear(START + 5, Disconnected("no close frame", 3.25))
    assert watched.text(START + 5)[0].startswith(
        " ● reconnecting  ws://localhost:8080/ws  no close frame; next attempt in 3.2 s"
    )
    watched.hear(START + 9, Subscribed("w", "f", 1, 1, True), Synced("w", 1))
    lines = watched.text(START + 10)
    assert lines[0].startswith(" ● live")
    assert lines[1].startswith(" 0 drivers   0 updates/s")


def test_a_driver_that_left_is_not_listed() -> None:
    watched = watching()
    watched.hear(START + 2, Left("w", "truck-1"))
    assert "truck-1" not in "\n".join(watched.text(START + 3))


def test_rates_are_of_whole_seconds() -> None:
    watched = watching()
    for tick in range(30):
        watched.hear(START + 2 + tick / 10, location("truck-1", 25.0, 55.0, 0, START + 2, 10 + tick))
    assert " 10 updates/s ▁▁" in watched.text(START + 5)[1]
    assert "█" in watched.text(START + 5)[1]
    assert " 0 updates/s" in watched.text(START + 7)[1]


def test_words() -> None:
    assert [age(seconds) for seconds in (0, 0.9, 1, 59, 60, 3_599, 3_600, 90_000)] == [
        "now",
        "now",
        "1 s",
        "59 s",
        "1 min",
        "59 min",
        "1 h",
        "1 d",
    ]
    assert lag([n / 1000 for n in range(101)]) == "lag p50 50 · p95 95 · p99 99 ms"
    assert spark([0, 5, 10]) == "▁▅█"
