"""The independent check finds each rule that a changed plan breaks."""

from __future__ import annotations

from msgspec.structs import replace

from hub.core.plans.check import violations
from hub.core.plans.plan import Left, Plan, Route, Sequences
from hub.core.plans.problem import Break, Job, Problem, Vehicle, Window
from hub.core.plans.schedule import Clockwork

MINUTE = 60.0

TABLE = tuple(tuple(abs(a - b) * MINUTE for b in range(5)) for a in range(5))
"""Five points on a line, a minute apart."""

VAN = Vehicle(id="van", start=0, ready=0.0, end=0, ends=60 * MINUTE, capacity=(10,))


def job(name: str, point: int, **given: object) -> Job:
    return Job(id=name, point=point, service=MINUTE, **given)  # type: ignore[arg-type]


def broken(problem: Problem, sequences: Sequences, left: tuple[str, ...] = ()) -> set[str]:
    plan = Clockwork(problem).plan(sequences, [Left(name, ("full",)) for name in left])
    return {each.rule for each in violations(problem, plan)}


def problem(*jobs: Job, vehicles: tuple[Vehicle, ...] = (VAN,)) -> Problem:
    return Problem(jobs=jobs, vehicles=vehicles, seconds=TABLE, metres=TABLE)


def test_a_plan_without_faults() -> None:
    asked = problem(job("a", 1, windows=(Window(0, 300),)), job("b", 2, load=(10,)))
    assert broken(asked, {"van": ("a", "b")}) == set()
    assert broken(asked, {"van": ("b",)}, left=("a",)) == set()


def test_each_stop_is_planned_once() -> None:
    asked = problem(job("a", 1), job("b", 2))
    assert broken(asked, {"van": ("a",)}) == {"count"}
    assert broken(asked, {"van": ("a", "b", "a")}) == {"count"}
    assert broken(asked, {"van": ("a", "b")}, left=("a",)) == {"count"}
    assert {each.rule for each in violations(asked, Plan(routes=(), unassigned=()))} == {"count"}


def test_rules_of_a_stop() -> None:
    late = problem(job("a", 4, windows=(Window(0, 60), Window(80, 200))))
    assert broken(late, {"van": ("a",)}) == {"window"}
    tolerated = problem(job("a", 4, windows=(Window(0, 200),), tolerance=40.0))
    assert broken(tolerated, {"van": ("a",)}) == set()
    assert broken(problem(job("a", 1, skills=frozenset({"cold"}))), {"van": ("a",)}) == {"skill"}
    assert broken(problem(job("a", 1, only=frozenset())), {"van": ("a",)}) == {"vehicle"}
    assert broken(problem(job("a", 1, load=(11,))), {"van": ("a",)}) == {"load"}


def test_loads_of_pickups_and_pairs() -> None:
    pickup, delivery = job("p", 1, kind="pickup", load=(6,)), job("d", 2, load=(6,))
    assert broken(problem(pickup, delivery), {"van": ("d", "p")}) == set()
    assert broken(problem(pickup, delivery), {"van": ("p", "d")}) == {"load"}
    pair = problem(replace(pickup, pair="x"), replace(delivery, pair="x"), job("e", 3, load=(6,)))
    assert broken(pair, {"van": ("e", "p", "d")}) == set()
    assert broken(pair, {"van": ("p", "d", "e")}) == {"load"}
    assert broken(pair, {"van": ("e", "d", "p")}) == {"pair"}
    assert broken(pair, {"van": ("e", "p")}, left=("d",)) == {"pair"}


def test_limits_of_a_vehicle() -> None:
    asked = problem(job("a", 2), job("b", 3))
    for limits, rule in (
        ({"ends": 7 * MINUTE}, "shift"),
        ({"most_jobs": 1}, "jobs"),
        ({"most_seconds": 5 * MINUTE}, "seconds"),
        ({"most_metres": 5 * MINUTE}, "metres"),
    ):
        vehicles = (replace(VAN, **limits),)
        assert broken(problem(*asked.jobs, vehicles=vehicles), {"van": ("a", "b")}) == {rule}


def test_a_break_is_needed_and_has_its_time() -> None:
    van = replace(VAN, pause=Break(MINUTE, 4 * MINUTE, 5 * MINUTE))
    asked = problem(job("a", 2), vehicles=(van,))
    plan = Clockwork(asked).plan({"van": ("a",)})
    (route,) = plan.routes
    assert (route.pause, route.ends) == (3 * MINUTE, 10 * MINUTE) and violations(asked, plan) == []

    def rules(changed: Route) -> set[str]:
        return {each.rule for each in violations(asked, replace(plan, routes=(changed,)))}

    assert rules(replace(route, pause=None)) == {"break"}
    assert rules(replace(route, pause=0.0)) == {"time"}
    assert rules(replace(route, pause=MINUTE)) == {"time"}
    assert rules(replace(route, pause=2 * MINUTE)) == {"time"}
    assert rules(replace(route, ends=9 * MINUTE)) == {"time"}
    short = problem(job("a", 1), vehicles=(replace(van, ready=-MINUTE),))
    assert Clockwork(short).plan({"van": ("a",)}).routes[0].pause is None
    assert broken(short, {"van": ("a",)}) == set()


def test_times_follow_from_the_durations() -> None:
    asked = problem(job("a", 2))
    plan = Clockwork(asked).plan({"van": ("a",)})
    (route,) = plan.routes
    (waypoint,) = route.waypoints
    for wrong in (
        replace(waypoint, arrival=MINUTE),
        replace(waypoint, start=MINUTE),
        replace(waypoint, departure=2.5 * MINUTE),
    ):
        changed = replace(plan, routes=(replace(route, waypoints=(wrong,)),))
        assert {each.rule for each in violations(asked, changed)} == {"time"}


def test_locked_stops_come_first_and_are_no_fault_of_the_plan() -> None:
    van = replace(VAN, locked=("a",), ends=MINUTE)
    asked = problem(job("a", 4, windows=(Window(0, 1),), load=(11,)), job("b", 1), vehicles=(van,))
    assert broken(asked, {}, left=("b",)) == set()
    assert broken(asked, {"van": ("b",)}) == {"shift", "load"}
    plan = Clockwork(asked).plan({}, [Left("b", ("shift",))])
    moved = replace(plan, routes=(replace(plan.routes[0], waypoints=()),))
    assert {each.rule for each in violations(asked, moved)} == {"count", "lock"}
