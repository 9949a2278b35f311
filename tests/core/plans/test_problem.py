"""Contradictions of a problem are named when it is made."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.core.plans.problem import Break, Job, Problem, Vehicle, Window

TABLE = ((0.0, 5.0), (5.0, 0.0))


def problem(**given: Any) -> Problem:
    return Problem(
        **{"jobs": (Job(id="a", point=1),), "vehicles": (Vehicle(id="v", start=0, ready=0.0),), "seconds": TABLE}
        | given
    )


def jobs(**given: Any) -> dict[str, Any]:
    return {"jobs": (Job(**{"id": "a", "point": 1} | given),)}


def vehicles(**given: Any) -> dict[str, Any]:
    return {"vehicles": (Vehicle(**{"id": "v", "start": 0, "ready": 0.0} | given),)}


PICKUP = Job(id="p", point=1, kind="pickup", pair="x", load=(1,))
DELIVERY = Job(id="d", point=1, kind="delivery", pair="x", load=(1,))

WRONG = [
    (jobs(point=2), "job a: point 2 is unknown"),
    (jobs(windows=(Window(2, 1),)), "job a: a window closes before it opens"),
    (jobs(windows=(Window(0, 5), Window(5, 9))), "job a: windows are in order of time and do not meet"),
    (jobs(load=(-1,)), "job a: load is negative"),
    (jobs(service=float("inf")), "job a: service is negative or not finite"),
    (jobs(tolerance=-1.0), "job a: tolerance is negative"),
    (jobs(priority=-1), "job a: moving and priority are at least 0"),
    (jobs(pair="x"), "pair x is one pickup and one delivery"),
    ({"jobs": (PICKUP, msgspec.structs.replace(DELIVERY, load=(2,)))}, "pair x: both jobs have the same load"),
    ({"jobs": (Job(id="a", point=1), Job(id="a", point=1))}, "the ids .'a'. are used twice"),
    (vehicles(end=2), "vehicle v: point 2 is unknown"),
    (vehicles(locked=("b",)), "vehicle v: job b is unknown"),
    (vehicles(done=("a",), locked=("a",)), "job a is done or locked twice"),
    (vehicles(arrived=0.0), "vehicle v: arrived needs a locked job"),
    (vehicles(pause=Break(2.0, 1.0, 5.0)), "vehicle v: the latest begin of the break"),
    (vehicles(pause=Break(1.0, 2.0, 0.0)), "vehicle v: the break lasts 0.0 s"),
    (vehicles(most_metres=5.0), "most_metres needs a table of metres"),
    (
        {"jobs": (PICKUP, DELIVERY)} | vehicles(locked=("d",)),
        "job d is done or locked in vehicle v without its pickup",
    ),
    ({"jobs": (PICKUP, DELIVERY)} | vehicles(locked=("d", "p")), "without its pickup before it"),
    ({"seconds": ((0.0, 5.0), (5.0,))}, "the table of seconds is not a square"),
    (
        {"seconds": ((0.0, float("nan")), (5.0, 0.0))},
        "the table of seconds has a figure that is negative or not finite",
    ),
    ({"metres": ((0.0,),)}, "the tables of seconds and metres differ in size"),
]


@pytest.mark.parametrize(("given", "error"), WRONG, ids=[error for _, error in WRONG])
def test_a_contradiction_is_named(given: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        problem(**given)


def test_a_problem_without_contradictions_passes_through_a_message() -> None:
    made = problem(jobs=(PICKUP, DELIVERY), **vehicles(done=("p",), pause=Break(1.0, 2.0, 5.0)))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Problem) == made
