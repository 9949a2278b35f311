"""The reason of each stop without a vehicle."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hub.core.plans.problem import Break, Objective, Problem, Stop, Vehicle, Window
from hub.core.plans.solve import solve
from tests.core.plans.test_check import MINUTE, TABLE, VAN, stop
from tests.support.plans import ticking

COLD = frozenset({"cold"})

ALONE = [
    (stop("a", 1, skills=COLD), VAN, ("skill",)),
    (stop("a", 1, load=(11,)), VAN, ("load",)),
    (stop("a", 4, windows=(Window(0, 200),)), VAN, ("window",)),
    (stop("a", 4), replace(VAN, ends=5 * MINUTE), ("shift",)),
    (stop("a", 4, windows=(Window(2000, 3000),)), replace(VAN, ends=5 * MINUTE), ("shift",)),
    (stop("a", 4), replace(VAN, pause=Break(0.0, 0.0, MINUTE), arrived=0.0, locked=("z",)), ("break",)),
    (stop("a", 4), replace(VAN, most_stops=0), ("stops",)),
    (stop("a", 4), replace(VAN, most_seconds=MINUTE), ("seconds",)),
    (stop("a", 4), replace(VAN, most_metres=MINUTE), ("metres",)),
    (stop("a", 4, only=frozenset({"other"})), VAN, ("vehicle",)),
    (stop("a", 4, skills=COLD, load=(11,)), VAN, ("skill", "load")),
]


def reasons(vehicles: tuple[Vehicle, ...], *stops: Stop, **objective: float) -> dict[str, tuple[str, ...]]:
    more = () if all(vehicle.locked == () for vehicle in vehicles) else (stop("z", 0),)
    problem = Problem(
        stops=(*stops, *more), vehicles=vehicles, seconds=TABLE, metres=TABLE, objective=Objective(**objective)
    )
    plan = solve(problem, clock=ticking(), seconds=50.0, random=iter([0.5] * 100_000).__next__)
    return {left.stop: left.reasons for left in plan.unassigned}


@pytest.mark.parametrize(("asked", "van", "expected"), ALONE, ids=["+".join(each[2]) for each in ALONE])
def test_what_a_stop_alone_violates(asked: Stop, van: Vehicle, expected: tuple[str, ...]) -> None:
    assert reasons((van,), asked) == {"a": expected}


def test_the_vehicle_that_fits_best_gives_the_reason() -> None:
    cold = replace(VAN, id="cold van", skills=COLD, capacity=(5,))
    assert reasons((VAN, cold), stop("a", 1, skills=COLD, load=(11,))) == {"a": ("load",)}


def test_a_stop_that_fits_only_alone_is_full() -> None:
    assert reasons((VAN,), stop("a", 1, load=(6,)), stop("b", 2, load=(6,), priority=1)) == {"a": ("full",)}


def test_a_stop_that_costs_more_than_to_leave_it() -> None:
    assert reasons((VAN,), stop("a", 4), unassigned=7 * MINUTE) == {"a": ("cost",)}
    assert reasons((VAN,), stop("a", 4), unassigned=9 * MINUTE) == {}


def test_without_vehicles_no_vehicle_may_serve_it() -> None:
    assert reasons((), stop("a", 1)) == {"a": ("vehicle",)}


def test_a_delivery_stays_with_its_pickup() -> None:
    carrier = replace(VAN, id="carrier", done=("p",), most_stops=1)
    pickup, delivery = (stop(name, 1, kind=kind, pair="x") for name, kind in (("p", "pickup"), ("d", "delivery")))
    assert reasons((VAN,), pickup, delivery) == {}
    assert reasons((carrier,), pickup, delivery) == {"d": ("stops",)}
    assert reasons((VAN, replace(carrier, skills=COLD)), pickup, delivery)["d"] in (("pair",), ("stops",))
