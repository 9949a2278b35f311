"""The log lines about clocks of drivers and late fixes, at a bounded rate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import structlog

from hub.clock import SystemClock
from hub.core.live.hub import Hub
from hub.core.nouns import Fix
from hub.edge.driver_report import LATE_INTERVAL, LINES, DriverReport
from hub.logs import Action
from tests.support.live.conversations import NINE, SECOND


class Steady(SystemClock):
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Steady:
    return Steady()


@pytest.fixture
def hub() -> Hub:
    return Hub("e")


def drive(hub: Hub, driver_id: str, off: timedelta, begin: int = 0, count: int = 6) -> None:
    for second in range(begin, begin + count):
        now = NINE + second * SECOND
        hub.publish(hub.fleet("f"), driver_id, Fix(1, 2, recorded_at=now + off), now)


def look(report: DriverReport) -> list[dict[str, Any]]:
    with structlog.testing.capture_logs() as lines:
        report.look()
    return [dict(line) for line in lines]


def test_a_clock_is_wrong_and_right_again(hub: Hub, clock: Steady) -> None:
    report = DriverReport(hub, clock)
    drive(hub, "d", timedelta(minutes=3))
    (line,) = look(report)
    assert line["event"] == Action.DRIVER_CLOCK_WRONG
    assert (line["fleet"], line["driver_id"], line["problem"], line["offset"]) == ("f", "d", "3 minutes ahead", 180.0)
    assert look(report) == []
    drive(hub, "d", timedelta(), begin=10)
    assert [line["event"] for line in look(report)] == [Action.DRIVER_CLOCK_RIGHT]


def test_late_fixes_are_summed_up_once_a_minute(hub: Hub, clock: Steady) -> None:
    report = DriverReport(hub, clock)
    for number in range(LINES + 5):
        drive(hub, f"d{number}", timedelta(), count=1)
        for _ in range(number + 1):
            hub.publish(hub.fleet("f"), f"d{number}", Fix(1, 3, recorded_at=NINE - 20 * SECOND), NINE)
    assert look(report) == []
    clock.seconds += LATE_INTERVAL
    lines = look(report)
    assert [line["event"] for line in lines] == [Action.FIXES_LATE] * LINES
    first = lines[0]
    assert (first["driver_id"], first["count"], first["most_seconds"], first["drivers"]) == ("d14", 15, 20.0, 15)
    clock.seconds += LATE_INTERVAL
    assert look(report) == []


def test_a_fleet_of_wrong_clocks_does_not_fill_the_log(hub: Hub, clock: Steady) -> None:
    report = DriverReport(hub, clock)
    for number in range(3 * LINES):
        drive(hub, f"d{number}", timedelta(days=1))
    assert (len(look(report)), len(look(report))) == (LINES, 0)
    clock.seconds += LATE_INTERVAL
    assert len(look(report)) == LINES
