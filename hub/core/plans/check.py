"""An independent look at a plan: which rules it breaks. It shares no code with the searches, and reads only the times
that the plan names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from hub.core.plans.plan import Plan, Route, Visit
from hub.core.plans.problem import Problem, Stop, Vehicle

ROUNDING = 1e-5
"""Seconds and metres by which sums may differ."""

ALWAYS = ("count", "lock", "time")
"""Rules of every route. The others hold for routes with at least one stop that is not locked: what people locked may be
late or too much, and the plan cannot change it."""


class Violation(msgspec.Struct, frozen=True):
    """A broken rule: a ``Reason`` of ``plan``, or ``count`` (a stop is planned twice or nowhere), ``lock`` (a locked
    stop moved) and ``time`` (a time contradicts the durations)."""

    rule: str
    vehicle: str | None
    stop: str | None = None


def violations(problem: Problem, plan: Plan) -> list[Violation]:
    """Everything that is wrong with the plan, first what concerns all of it."""
    done = {name for vehicle in problem.vehicles for name in vehicle.done}
    found = Counter(visit.stop for route in plan.routes for visit in route.visits)
    found.update(left.stop for left in plan.unassigned)
    wanted = {stop.id for stop in problem.stops} - done
    wrong = [Violation("count", None, name) for name in sorted(wanted | set(found)) if found[name] != (name in wanted)]
    if [route.vehicle for route in plan.routes] != [vehicle.id for vehicle in problem.vehicles]:
        wrong.append(Violation("count", None))
        return wrong
    stops = {stop.id: stop for stop in problem.stops}
    for vehicle, route in zip(problem.vehicles, plan.routes, strict=True):
        wrong += of_route(problem, vehicle, route, stops)
    return wrong


def of_route(problem: Problem, vehicle: Vehicle, route: Route, stops: dict[str, Stop]) -> list[Violation]:
    """``stops``: those of the problem by their ids."""
    free = route.visits[len(vehicle.locked) :]
    broken: list[Violation] = []

    def add(rule: str, names: Iterator[str | None]) -> None:
        broken.extend(Violation(rule, vehicle.id, name) for name in names)

    if tuple(visit.stop for visit in route.visits[: len(vehicle.locked)]) != vehicle.locked:
        broken.append(Violation("lock", vehicle.id))
    add("time", wrong_times(problem, vehicle, route, stops))
    add("vehicle", (v.stop for v in free if not permitted(stops[v.stop], vehicle)))
    add("pair", wrong_pairs(vehicle, route, stops))
    add("skill", (v.stop for v in free if not stops[v.stop].skills <= vehicle.skills))
    add("load", overloads(vehicle, route, stops))
    add("window", (v.stop for v in free if not in_window(stops[v.stop], v)))
    if vehicle.ends is not None and route.ends > vehicle.ends + ROUNDING:
        broken.append(Violation("shift", vehicle.id))
    if vehicle.pause is not None and route.pause is None and route.ends > vehicle.pause.latest + ROUNDING:
        broken.append(Violation("break", vehicle.id))
    for rule, value, limit in (
        ("stops", len(vehicle.done) + len(route.visits), vehicle.most_stops),
        ("seconds", vehicle.driven_seconds + driving(problem.seconds, vehicle, route, stops), vehicle.most_seconds),
        ("metres", vehicle.driven_metres + driving(problem.metres, vehicle, route, stops), vehicle.most_metres),
    ):
        if limit is not None and value > limit + ROUNDING:
            broken.append(Violation(rule, vehicle.id))
    return [each for each in broken if free or each.rule in ALWAYS]


def permitted(stop: Stop, vehicle: Vehicle) -> bool:
    return stop.only is None or vehicle.id in stop.only


def in_window(stop: Stop, visit: Visit) -> bool:
    if not stop.windows or visit.start <= stop.windows[-1].closes + stop.tolerance + ROUNDING:
        late = bool(stop.windows) and visit.start > stop.windows[-1].closes
        return not stop.windows or late or any(w.opens <= visit.start <= w.closes + ROUNDING for w in stop.windows)
    return False


def wrong_times(problem: Problem, vehicle: Vehicle, route: Route, stops: dict[str, Stop]) -> Iterator[str | None]:
    """Stops that are reached sooner than possible, or left before they are served; None for the end or the break."""
    here, free_at, pause = vehicle.start, vehicle.ready, vehicle.pause
    resting = route.pause
    if resting is not None and (pause is None or not pause.earliest <= resting <= pause.latest):
        yield None
    rest = pause.duration if pause is not None else 0.0

    def leave(arrival: float) -> float:
        """When the next drive can begin at the soonest, if the break is before this arrival."""
        nonlocal resting
        if resting is not None and resting < arrival - ROUNDING and resting >= free_at - ROUNDING:
            begins, resting = max(resting, free_at), None
            return begins + rest
        return free_at

    for place, visit in enumerate(route.visits):
        stop = stops[visit.stop]
        if place == 0 and vehicle.arrived is not None:
            soonest = vehicle.arrived
        else:
            soonest = leave(visit.arrival) + problem.seconds[here][stop.point]
        served = visit.start + stop.service
        if visit.arrival < soonest - ROUNDING or visit.start < visit.arrival or visit.departure < served - ROUNDING:
            yield stop.id
        here, free_at = stop.point, visit.departure
        if place == 0 and vehicle.arrived is not None:
            free_at = max(free_at, vehicle.ready)
    end = problem.seconds[here][vehicle.end] if vehicle.end is not None and (route.visits or vehicle.done) else 0.0
    if route.ends < leave(route.ends) + end - ROUNDING or resting is not None:
        yield None


def wrong_pairs(vehicle: Vehicle, route: Route, stops: dict[str, Stop]) -> Iterator[str]:
    """Deliveries without their pickup before them in this vehicle, and pickups without their delivery after them."""
    line = [stops[name] for name in (*vehicle.done, *(visit.stop for visit in route.visits))]
    position = {(stop.pair, stop.kind): place for place, stop in enumerate(line) if stop.pair is not None}
    for place in range(len(vehicle.done) + len(vehicle.locked), len(line)):
        stop = line[place]
        if stop.pair is None:
            continue
        if stop.kind == "delivery":
            if position.get((stop.pair, "pickup"), len(line)) > place:
                yield stop.id
        elif position.get((stop.pair, "delivery"), -1) < place:
            yield stop.id


def overloads(vehicle: Vehicle, route: Route, stops: dict[str, Stop]) -> Iterator[str]:
    """Dimensions, as texts, whose load is above the capacity somewhere."""
    planned = [stops[visit.stop] for visit in route.visits]
    for dimension, capacity in enumerate(vehicle.capacity):

        def amount(stop: Stop, dimension: int = dimension) -> int:
            return stop.load[dimension] if dimension < len(stop.load) else 0

        load = sum(amount(stop) for stop in planned if stop.kind == "delivery" and stop.pair is None)
        for name in vehicle.done:
            load += amount(stops[name]) * change(stops[name], done=True)
        highest = load
        for stop in planned:
            load += amount(stop) * change(stop, done=False)
            highest = max(highest, load)
        if highest > capacity:
            yield str(dimension)


def change(stop: Stop, done: bool) -> int:
    """What a stop does to the load on board: a delivery that is done and belongs to no pair was never counted."""
    if stop.kind == "pickup":
        return 1
    if stop.kind == "delivery":
        return 0 if done and stop.pair is None else -1
    return 0


def driving(table: tuple[tuple[float, ...], ...], vehicle: Vehicle, route: Route, stops: dict[str, Stop]) -> float:
    if not table:
        return 0.0
    points = [vehicle.start, *(stops[visit.stop].point for visit in route.visits)]
    if vehicle.arrived is not None:
        points = points[1:]
    if vehicle.end is not None and (route.visits or vehicle.done):
        points.append(vehicle.end)
    return sum(table[a][b] for a, b in pairwise(points))
