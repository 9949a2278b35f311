"""The fold of arrivals of one driver."""

from __future__ import annotations

import pytest

from hub.core.jobs.arrivals import Rules, Target, Tracker
from hub.core.jobs.status import Event
from hub.core.trips.state import Point
from tests.support.fence_books import NINE, PLACE, at

JOB = b"j" * 16
TARGET = Target(JOB, *PLACE, 100.0, NINE - 1, reach=100.0)


def facts(points: list[Point], target: Target = TARGET, rules: Rules = Rules()) -> list[tuple[str, float]]:  # noqa: B008
    """(event, seconds after nine), folded in two parts."""
    state: bytes | None = None
    for part in (points[: len(points) // 2], points[len(points) // 2 :]):
        tracker = Tracker(rules, state)
        for point in part:
            tracker.add([target], point)
        state = tracker.dump()
    return [(fact.event, (fact.at - NINE) / 1e6) for fact in Tracker(rules, state).facts(JOB)]


def test_slow_inside_is_an_arrival_and_fast_is_none() -> None:
    assert facts([at(0, 2_000), at(60, 900), at(120, 50, speed=2.0)]) == [("approaching", 60), ("arrived", 120)]
    assert facts([at(0, 900), at(10, 50, speed=14.0), at(20, -90, speed=14.0), at(30, -300)]) == [("approaching", 0)]


def test_half_a_minute_inside_is_an_arrival_at_any_speed() -> None:
    crawl = [at(n * 10, 95 - n * 40, speed=4.0) for n in range(6)]
    assert facts(crawl) == [("approaching", 0), ("arrived", 30)]
    assert facts(crawl, rules=Rules(after=60)) == [("approaching", 0)]


def test_a_speed_that_the_way_refutes_does_not_count() -> None:
    moving = [at(n * 5, 160 - n * 60, speed=0.0) for n in range(5)]
    assert facts(moving) == [("approaching", 0)]


def test_a_minute_outside_is_a_departure() -> None:
    there = [at(0, 0, speed=0.0)]
    assert facts([*there, at(60, 300), at(110, 300), at(115, 50)]) == [("approaching", 0), ("arrived", 0)]
    left = [*there, at(60, 300), at(120, 300)]
    assert facts(left) == [("approaching", 0), ("arrived", 0), ("departed", 60)]
    back = [*left, at(180, 0, speed=0.0)]
    assert facts(back)[3:] == [("arrived", 180)]


def test_what_is_beyond_the_time_of_a_job_does_not_count() -> None:
    points = [at(0, 0, speed=0.0), at(100, 0, speed=0.0)]
    assert facts(points, TARGET._replace(since=NINE)) == [("approaching", 100), ("arrived", 100)]
    assert facts(points, TARGET._replace(until=NINE - 1)) == []
    leaves = [at(0, 0, speed=0.0), at(60, 500), at(120, 500)]
    assert [name for name, _ in facts(leaves, TARGET._replace(until=NINE))] == ["approaching", "arrived", "departed"]


def test_cell_towers_count_nowhere() -> None:
    assert facts([at(0, 0, accuracy=900, speed=0.0), at(10, 5_000)]) == []


def test_a_late_point_is_refused() -> None:
    tracker = Tracker(Rules())
    tracker.add([TARGET], at(10, 0))
    assert not tracker.follows(at(0, 0)) and tracker.follows(at(10, 0))
    with pytest.raises(ValueError, match="late"):
        tracker.add([TARGET], at(0, 0))


def test_a_job_that_is_no_target_is_forgotten() -> None:
    tracker = Tracker(Rules())
    tracker.add([TARGET], at(10, 0, speed=0.0))
    assert tracker.changed == {JOB} and tracker.facts(JOB)[1].event is Event.ARRIVED
    tracker.keep([TARGET._replace(since=NINE)])
    assert tracker.facts(JOB) == []
