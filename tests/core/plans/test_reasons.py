"""The reason of each job without a vehicle."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hub.core.plans.problem import Break, Job, Objective, Problem, Vehicle, Window
from hub.core.plans.solve import solve
from tests.core.plans.test_check import MINUTE, TABLE, VAN, job
from tests.support.plans import ticking

COLD = frozenset({"cold"})

ALONE = [
    (job("a", 1, skills=COLD), VAN, ("skill",)),
    (job("a", 1, load=(11,)), VAN, ("load",)),
    (job("a", 4, windows=(Window(0, 200),)), VAN, ("window",)),
    (job("a", 4), replace(VAN, ends=5 * MINUTE), ("shift",)),
    (job("a", 4, windows=(Window(2000, 3000),)), replace(VAN, ends=5 * MINUTE), ("shift",)),
    (job("a", 4), replace(VAN, pause=Break(0.0, 0.0, MINUTE), arrived=0.0, locked=("z",)), ("break",)),
    (job("a", 4), replace(VAN, most_jobs=0), ("jobs",)),
    (job("a", 4), replace(VAN, most_seconds=MINUTE), ("seconds",)),
    (job("a", 4), replace(VAN, most_metres=MINUTE), ("metres",)),
    (job("a", 4, only=frozenset({"other"})), VAN, ("vehicle",)),
    (job("a", 4, skills=COLD, load=(11,)), VAN, ("skill", "load")),
]


def reasons(vehicles: tuple[Vehicle, ...], *jobs: Job, **objective: float) -> dict[str, tuple[str, ...]]:
    more = () if all(vehicle.locked == () for vehicle in vehicles) else (job("z", 0),)
    problem = Problem(
        jobs=(*jobs, *more), vehicles=vehicles, seconds=TABLE, metres=TABLE, objective=Objective(**objective)
    )
    plan = solve(problem, clock=ticking(), seconds=50.0, random=iter([0.5] * 100_000).__next__)
    return {left.job: left.reasons for left in plan.unassigned}


@pytest.mark.parametrize(("asked", "van", "expected"), ALONE, ids=["+".join(each[2]) for each in ALONE])
def test_what_a_stop_alone_violates(asked: Job, van: Vehicle, expected: tuple[str, ...]) -> None:
    assert reasons((van,), asked) == {"a": expected}


def test_the_vehicle_that_fits_best_gives_the_reason() -> None:
    cold = replace(VAN, id="cold van", skills=COLD, capacity=(5,))
    assert reasons((VAN, cold), job("a", 1, skills=COLD, load=(11,))) == {"a": ("load",)}


def test_a_stop_that_fits_only_alone_is_full() -> None:
    assert reasons((VAN,), job("a", 1, load=(6,)), job("b", 2, load=(6,), priority=1)) == {"a": ("full",)}


def test_a_stop_that_costs_more_than_to_leave_it() -> None:
    assert reasons((VAN,), job("a", 4), unassigned=7 * MINUTE) == {"a": ("cost",)}
    assert reasons((VAN,), job("a", 4), unassigned=9 * MINUTE) == {}


def test_without_vehicles_no_vehicle_may_serve_it() -> None:
    assert reasons((), job("a", 1)) == {"a": ("vehicle",)}


def test_a_delivery_stays_with_its_pickup() -> None:
    carrier = replace(VAN, id="carrier", done=("p",), most_jobs=1)
    pickup, delivery = (job(name, 1, kind=kind, pair="x") for name, kind in (("p", "pickup"), ("d", "delivery")))
    assert reasons((VAN,), pickup, delivery) == {}
    assert reasons((carrier,), pickup, delivery) == {"d": ("jobs",)}
    assert reasons((VAN, replace(carrier, skills=COLD)), pickup, delivery)["d"] in (("pair",), ("jobs",))
