"""Times of routes that are written out."""

from __future__ import annotations

from msgspec.structs import replace

from hub.core.plans.plan import Waypoint
from hub.core.plans.problem import Break, Objective, Problem, Vehicle, Window
from hub.core.plans.schedule import Clockwork
from tests.core.plans.test_check import MINUTE, TABLE, VAN, job, problem


def test_a_route_waits_for_a_window_and_returns() -> None:
    asked = problem(job("a", 1, windows=(Window(0, 30), Window(300, 400))), job("b", 3))
    route = Clockwork(asked).route(VAN, ("a", "b"))
    assert route.waypoints == (
        Waypoint(job="a", arrival=60.0, start=300.0, departure=360.0),
        Waypoint(job="b", arrival=480.0, start=480.0, departure=540.0),
    )
    assert (route.ends, route.seconds, route.metres) == (720.0, 360.0, 360.0)


def test_a_vehicle_at_its_current_stop_finishes_it_first() -> None:
    van = replace(VAN, start=2, ready=100.0, arrived=50.0, locked=("a",), end=None)
    asked = problem(job("a", 2), job("b", 3), vehicles=(van,))
    waypoints = Clockwork(asked).route(van, ("b",)).waypoints
    assert [(waypoint.arrival, waypoint.departure) for waypoint in waypoints] == [(50.0, 110.0), (170.0, 230.0)]
    van = replace(van, ready=300.0)
    assert Clockwork(problem(*asked.jobs, vehicles=(van,))).route(van, ("b",)).waypoints[0].departure == 300.0


def test_the_break_is_where_it_makes_the_route_least_late() -> None:
    van = replace(VAN, pause=Break(0.0, 20 * MINUTE, 10 * MINUTE), ends=None)
    early = job("a", 1, windows=(Window(0, 5 * MINUTE),))
    late = job("b", 2, windows=(Window(30 * MINUTE, 40 * MINUTE),))
    route = Clockwork(problem(early, late, vehicles=(van,))).route(van, ("a", "b"))
    assert route.pause == 2 * MINUTE and [waypoint.late for waypoint in route.waypoints] == [0.0, 0.0]


def test_the_cost_has_its_parts() -> None:
    late = job("a", 4, windows=(Window(0, 200),), tolerance=100.0, vehicle="other", moving=500.0)
    other = Vehicle(id="other", start=0, ready=0.0)
    asked = Problem(
        jobs=(late, job("b", 1, priority=2)),
        vehicles=(VAN, other),
        seconds=TABLE,
        objective=Objective(vehicle=1000.0, lateness=2.0, unassigned=10_000.0),
    )
    plan = Clockwork(asked).plan({"van": ("a",)})
    assert plan.cost == 8 * MINUTE + 2 * 40.0 + 500.0 + 1000.0 + 3 * 10_000.0
    assert Clockwork(asked).plan({"other": ("a",)}).cost == 4 * MINUTE + 2 * 40.0 + 1000.0 + 3 * 10_000.0
