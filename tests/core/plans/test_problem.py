"""Contradictions of a problem are named when it is made."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.core.plans.problem import Break, Problem, Stop, Vehicle, Window

TABLE = ((0.0, 5.0), (5.0, 0.0))


def problem(**given: Any) -> Problem:
    return Problem(
        **{"stops": (Stop(id="a", point=1),), "vehicles": (Vehicle(id="v", start=0, ready=0.0),), "seconds": TABLE}
        | given
    )


def stops(**given: Any) -> dict[str, Any]:
    return {"stops": (Stop(**{"id": "a", "point": 1} | given),)}


def vehicles(**given: Any) -> dict[str, Any]:
    return {"vehicles": (Vehicle(**{"id": "v", "start": 0, "ready": 0.0} | given),)}


PICKUP = Stop(id="p", point=1, kind="pickup", pair="x", load=(1,))
DELIVERY = Stop(id="d", point=1, kind="delivery", pair="x", load=(1,))

WRONG = [
    (stops(point=2), "stop a: point 2 is unknown"),
    (stops(windows=(Window(2, 1),)), "stop a: a window closes before it opens"),
    (stops(windows=(Window(0, 5), Window(5, 9))), "stop a: windows are in order of time and do not meet"),
    (stops(load=(-1,)), "stop a: load is negative"),
    (stops(service=float("inf")), "stop a: service is negative or not finite"),
    (stops(tolerance=-1.0), "stop a: tolerance is negative"),
    (stops(priority=-1), "stop a: moving and priority are at least 0"),
    (stops(pair="x"), "pair x is one pickup and one delivery"),
    ({"stops": (PICKUP, msgspec.structs.replace(DELIVERY, load=(2,)))}, "pair x: both stops have the same load"),
    ({"stops": (Stop(id="a", point=1), Stop(id="a", point=1))}, "the ids .'a'. are used twice"),
    (vehicles(end=2), "vehicle v: point 2 is unknown"),
    (vehicles(locked=("b",)), "vehicle v: stop b is unknown"),
    (vehicles(done=("a",), locked=("a",)), "stop a is done or locked twice"),
    (vehicles(arrived=0.0), "vehicle v: arrived needs a locked stop"),
    (vehicles(pause=Break(2.0, 1.0, 5.0)), "vehicle v: the latest begin of the break"),
    (vehicles(pause=Break(1.0, 2.0, 0.0)), "vehicle v: the break lasts 0.0 s"),
    (vehicles(most_metres=5.0), "most_metres needs a table of metres"),
    (
        {"stops": (PICKUP, DELIVERY)} | vehicles(locked=("d",)),
        "stop d is done or locked in vehicle v without its pickup",
    ),
    ({"stops": (PICKUP, DELIVERY)} | vehicles(locked=("d", "p")), "without its pickup before it"),
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
    made = problem(stops=(PICKUP, DELIVERY), **vehicles(done=("p",), pause=Break(1.0, 2.0, 5.0)))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Problem) == made
