"""When clocks count as different, and how it is said."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from hub.clock import SystemClock
from hub.core.live.unlogged import Batch
from hub.edge.clock import Clock
from hub.edge.clock_watch import MOST, REPEAT, ClockWatch, in_words, is_wrong, majority, span
from hub.logs import Action

DAY = 86_400.0


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ([], None),
        ([DAY, DAY], None),  # as likely the devices
        ([DAY, DAY, DAY], (DAY, 3)),
        ([-DAY] * 40 + [0.0], (-DAY, 40)),
        ([0.2, 0.5, 4.0, 3_600.0, -DAY], (0.5, 3)),
        ([60.0, 600.0, 6_000.0, 60_000.0], None),  # sent late, each by another time
        ([DAY, DAY, DAY, 0.0, 0.0, 0.0], None),
    ],
)
def test_drivers_count_when_most_of_them_agree(offsets: list[float], expected: tuple[float, int] | None) -> None:
    assert majority(offsets) == expected


@pytest.mark.parametrize(
    ("source", "offset", "expected"),
    [
        ("redis", 9.0, False),
        ("redis", -11.0, True),
        ("drivers", -59.0, False),
        ("drivers", -61.0, True),
        ("drivers", 599.0, False),  # a tracker's way through its provider
        ("drivers", 601.0, True),
    ],
)
def test_how_much_is_wrong(source: str, offset: float, expected: bool) -> None:
    assert is_wrong(source, offset) is expected


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (11.2, "11 seconds"),
        (61.0, "1 minute"),
        (3_590.0, "1 hour"),
        (DAY, "1 day"),
        (10 * DAY, "10 days"),
        (1_024 * 7 * DAY, "1,024 weeks"),
    ],
)
def test_a_span_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_what_differs_by_the_same_stands_together() -> None:
    assert (
        in_words({"Redis": -DAY, "40 of 41 drivers": -DAY})
        == "the hub's clock is 1 day behind Redis and 40 of 41 drivers"
    )
    assert in_words({"Redis": 3_600.0, "PostgreSQL": -60.0}) == (
        "the hub's clock is 1 hour ahead of Redis and 1 minute behind PostgreSQL"
    )


def batch(driver: str, recorded_at: str, received_at: str = "2026-01-02T00:00:00Z") -> Batch:
    one = Batch()
    payload = f'{{"type":"location","driverId":"{driver}","recordedAt":"{recorded_at}","receivedAt":"{received_at}"}}'
    one.payloads["f"], one.size = [payload.encode()], 1
    return one


def test_the_newest_fix_of_each_driver_counts_and_invented_ones_are_bounded() -> None:
    watch = ClockWatch(Clock())
    for number in range(MOST + 10):
        watch.sample(batch(f"d{number}", "2026-01-01T00:00:00Z"))
    watch.look()
    assert watch.problem == f"the hub's clock is 1 day ahead of {MOST} of {MOST} drivers"
    for number in range(MOST):
        watch.sample(batch(f"d{number}", "2026-01-01T23:59:59Z"))
    watch.look()
    assert (watch.problem, watch.offsets) == (None, {"drivers": 1.0})


def test_a_fix_without_a_time_and_a_batch_without_positions_say_nothing() -> None:
    watch = ClockWatch(Clock())
    for name in ("a", "b", "c"):
        watch.sample(batch(name, "2026-01-02T00:00:00Z"))
    watch.sample(Batch())
    watch.look()
    assert watch.offsets == {}


class Hands(SystemClock):
    """A clock that the test moves."""

    __slots__ = ("now_seconds",)

    def __init__(self) -> None:
        self.now_seconds = 1_000.0

    def monotonic(self) -> float:
        return self.now_seconds


def test_it_is_logged_once_and_again_after_a_while() -> None:
    hands = Hands()
    watch = ClockWatch(Clock(), hands)
    with capture_logs() as lines:
        watch.look()
        for name in ("a", "b", "c", "d"):
            watch.sample(batch(name, "2026-01-03T00:00:00Z"))
            watch.look()
        watch._servers["redis"] = -DAY
        watch.look()
        watch.look()
        hands.now_seconds += REPEAT + 1  # the drivers' fixes are too old by now
        watch.look()
        hands.now_seconds += REPEAT + 1
        watch.look()
        watch._servers.clear()
        watch.look()
        watch.look()
    assert [(line["event"], line.get("problem")) for line in lines] == [
        (Action.CLOCK_WRONG, "the hub's clock is 1 day behind 3 of 3 drivers: drivers are shown with a clock warning"),
        (
            Action.CLOCK_WRONG,
            "the hub's clock is 1 day behind Redis and 4 of 4 drivers: drivers are shown with a clock warning",
        ),
        (Action.CLOCK_WRONG, "the hub's clock is 1 day behind Redis"),
        (Action.CLOCK_WRONG, "the hub's clock is 1 day behind Redis"),
        (Action.CLOCK_RIGHT, None),
    ]
