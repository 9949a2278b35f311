"""The promise of the whole thing: trips are a function of the set of points, however and whenever they arrive."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.trips.refold import NEVER, Refold
from hub.core.trips.state import Point, Stop, Trip, TripRules, rank
from hub.core.trips.tracker import Tracker
from tests.support.laws import examples
from tests.support.tracks import NINE, Walker

RULES = TripRules(checkpoint=16)  # small, so that short tracks have many

Rows = tuple[dict[int, Trip], dict[int, Stop]]


def whole(points: list[Point]) -> tuple[Rows, dict[int, bytes]]:
    """Rows and checkpoints of one fold over everything."""
    refold = Refold(RULES, None, NEVER)
    refold.feed(sorted(set(points), key=rank), {})
    return refold.rows(), dict(refold.checkpoints)


class Ledger:
    """What the recorder does with its tables, done with dictionaries."""

    def __init__(self) -> None:
        self.stored: set[Point] = set()
        self.trips: dict[int, Trip] = {}
        self.stops: dict[int, Stop] = {}
        self.checkpoints: dict[int, bytes] = {}
        self.tracker = Tracker(RULES)
        self.folded = 0

    def arrive(self, batch: list[Point]) -> None:
        new = sorted(set(batch) - self.stored, key=rank)
        self.stored.update(new)
        if not new:
            return
        if not self.tracker.follows(new[0]):
            self.refold(new)
            return
        for point in new:
            if self.tracker.add(point):
                self.checkpoints[self.tracker.state.at] = self.tracker.dump()
        for row in self.tracker.rows:
            (self.trips if isinstance(row, Trip) else self.stops)[row.started_at] = row  # type: ignore[index]
        self.tracker.rows.clear()
        self.folded += len(new)

    def refold(self, new: list[Point]) -> None:
        start = max((at for at in self.checkpoints if at < new[0][0]), default=-NEVER)
        refold = Refold(RULES, self.checkpoints.get(start), new[-1][0])
        points = sorted((point for point in self.stored if point[0] > start), key=rank)
        for i in range(0, len(points), 7):  # in chunks, as from a database
            self.folded += len(points[i : i + 7])
            if refold.feed(points[i : i + 7], self.checkpoints):
                break
        for table, rows in zip((self.trips, self.stops), refold.rows(), strict=True):
            for key in [key for key in table if refold.first <= key < refold.until]:
                del table[key]
            table.update(rows)  # type: ignore[arg-type]
        for at in [at for at in self.checkpoints if start < at <= refold.done_at]:
            del self.checkpoints[at]
        self.checkpoints.update(refold.checkpoints)
        if not refold.done:
            self.tracker = refold.tracker
            self.tracker.rows.clear()

    def forget(self) -> None:
        """Start as after a crash: with what is stored, and nothing else."""
        start = max(self.checkpoints, default=-NEVER)
        tracker = Tracker(RULES, self.checkpoints.get(start))
        for point in sorted(self.stored, key=rank):
            if point[0] > start:
                tracker.add(point)
        tracker.rows.clear()
        assert tracker.dump() == self.tracker.dump()
        self.tracker = tracker

    def check(self) -> None:
        rows, checkpoints = whole(list(self.stored))
        assert (self.trips, self.stops) == rows
        assert self.checkpoints == checkpoints


doings = st.one_of(
    st.tuples(
        st.just("drive"),
        st.integers(30, 900),
        st.sampled_from([1.4, 8.0, 14.0, 30.0]),
        st.sampled_from([2.0, 10.0, 40.0]),
    ),
    st.tuples(st.just("stand"), st.integers(60, 1200), st.sampled_from([0.0, 5.0, 40.0]), st.sampled_from([5.0, 30.0])),
    st.tuples(st.just("silence"), st.sampled_from([100, 299, 400, 3500, 3600, 9000])),
    st.tuples(st.just("jump"), st.integers(-3000, 3000), st.integers(-3000, 3000)),
    st.tuples(st.just("spike"), st.integers(-3000, 3000), st.integers(-3000, 3000)),
    st.tuples(st.just("cell")),
    st.tuples(st.just("ghosts"), st.integers(300, 4000), st.integers(1, 40), st.sampled_from([None, 0.0])),
    st.tuples(st.just("twins"), st.integers(-900, 900), st.sampled_from([None, 3.0, 30.0, 150.0, 1500.0])),
)


@st.composite
def tracks(draw: st.DrawFn) -> list[Point]:
    """A day out: driving, walking, standing with noise, silence, jumps, spikes, cell-tower fixes, double instants."""
    walker = Walker(draw(st.integers(0, 99)))
    walker.report()
    for what, *how in draw(st.lists(doings, min_size=1, max_size=12)):
        match what:
            case "drive":
                walker.bearing = draw(st.integers(0, 359))
                walker.drive(how[0], how[1], how[2], noise=3.0)
            case "stand":
                walker.stand(how[0], how[2], noise=how[1])
            case "silence":
                walker.silence(how[0])
            case "jump":
                walker.shift(*how)
            case "spike":
                walker.at += 5_000_000
                walker.shift(*how).report().shift(-how[0], -how[1])
                walker.at += 5_000_000
                walker.report()
            case "ghosts":
                walker.report(speed=how[2]).shift(0, how[0])
                for _ in range(how[1]):
                    walker.at += 30_000_000
                    walker.report(noise=10, speed=how[2])
                walker.shift(0, -how[0])
                walker.at += 30_000_000
                walker.report(speed=how[2])
            case "twins":
                for point in walker.points[-10:]:
                    walker.points.append((point[0], point[1] + how[0] / 111_000, point[2], None, how[1]))
            case "cell":
                walker.at += 5_000_000
                walker.report(noise=800, accuracy=1500.0)
    points = walker.points
    for i in draw(st.lists(st.integers(0, len(points) - 1), max_size=5)):
        at, latitude, longitude, _, _ = points[i]
        points.append((at, latitude + draw(st.sampled_from([-0.001, 0.00002, 0.01])), longitude, None, None))
    return points


chaos = st.lists(
    st.tuples(
        st.integers(0, 40).map(lambda n: NINE + n * 150_000_000),
        st.sampled_from([25.2, 25.2001, 25.201, 25.21, 26.0, -89.9999]),
        st.sampled_from([55.3, 55.3002, 55.302, 56.0, 179.99999, -179.99999]),
        st.sampled_from([None, 0.0, 10.0, 300.0]),
        st.sampled_from([None, 8.0, 120.0, 5000.0]),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda point: point[:3],
)
"""Points that no driver ever made."""


@given(tracks() | chaos, st.randoms(use_true_random=False), st.data())
@examples(150)
def test_any_order_any_batches(points: list[Point], chance: random.Random, data: st.DataObject) -> None:
    points = list({point[:3]: point for point in points}.values())
    order = data.draw(st.sampled_from(["sorted", "reversed", "shuffled", "a day late", "live first"]))
    points.sort()
    if order == "reversed":
        points.reverse()
    elif order == "shuffled":
        chance.shuffle(points)
    elif order == "a day late":
        i, j = sorted(chance.choices(range(len(points) + 1), k=2))
        points = points[:i] + points[j:] + points[i:j]
    elif order == "live first":  # each outbox is emptied after the phone has already reported anew
        for i in range(0, len(points) - 10, 10):
            points[i : i + 10] = points[i + 8 : i + 10] + points[i : i + 8]
    ledger = Ledger()
    while points:
        batch = [points.pop(0) for _ in range(min(len(points), chance.choice([1, 3, 20, 200])))]
        ledger.arrive(batch + chance.choices(batch, k=len(batch) // 5))
        if chance.random() < 0.1:
            ledger.forget()
    ledger.check()
    ledger.arrive(sorted(ledger.stored))
    ledger.check()


@given(tracks() | chaos)
@examples(150)
def test_rows_make_sense(points: list[Point]) -> None:
    (trips, stops), _ = whole(points)
    last = -NEVER
    for row in sorted([*trips.values(), *stops.values()], key=lambda row: (row.started_at, isinstance(row, Stop))):
        assert row.started_at >= last, "trips and stops of one driver never overlap"
        if isinstance(row, Trip):
            duration = row.counted_to - row.started_at
            assert duration > 0
            assert 0 <= row.moving_time <= duration
            assert row.distance >= 0 and row.gap_distance >= 0 and row.points > 0
            assert row.distance + row.gap_distance > 0
            assert row.distance / duration * 1e6 <= row.max_speed
            assert (row.path is None) == (row.ended_at is None)
        elif row.ended_at is not None:
            assert row.ended_at >= row.started_at
        last = row.ended_at if row.ended_at is not None else NEVER


@pytest.fixture(scope="module")
def workday() -> list[Point]:
    """Four hours of driving and stopping, 3,000 points."""
    walker = Walker()
    for _ in range(10):
        walker.drive(900, noise=2).stand(600, noise=5)
    return walker.points


@pytest.fixture(scope="module")
def folded_once(workday: list[Point]) -> tuple[Rows, dict[int, bytes]]:
    return whole(workday)


@pytest.mark.parametrize(
    "late",
    [
        range(1000, 1010),
        range(1000, 1000 + RULES.checkpoint),  # checkpoints at the same instants, of other states
        [500, 2500],  # the first is settled long before the second
        [0],
        [2999],
    ],
    ids=["a block", "as many as between checkpoints", "two hours apart", "the first", "the last"],
)
def test_late_points(workday: list[Point], folded_once: tuple[Rows, dict[int, bytes]], late: Iterable[int]) -> None:
    ledger = Ledger()
    ledger.arrive([point for i, point in enumerate(workday) if i not in late])
    ledger.arrive([workday[i] for i in late])
    assert ((ledger.trips, ledger.stops), ledger.checkpoints) == folded_once


def test_late_points_are_folded_locally(workday: list[Point]) -> None:
    """They cost a piece of the day, not the whole."""
    ledger = Ledger()
    ledger.arrive(workday[:1000] + workday[1010:])
    ledger.folded = 0
    ledger.arrive(workday[1000:1010])
    assert ledger.folded < len(workday) / 6


def test_a_late_stop_parts_a_trip() -> None:
    ledger = Ledger()
    walker = Walker().drive(600)
    before = walker.points[-1]
    stop = Walker(latitude=before[1], longitude=before[2], at=before[0]).stand(400, noise=3)
    walker.silence(600).shift(0, 3000).drive(600)
    ledger.arrive(walker.points)
    assert len(ledger.trips) == 1 and not ledger.stops
    ledger.arrive(stop.points)
    assert len(ledger.trips) == 2 and len(ledger.stops) == 1
    ledger.check()
