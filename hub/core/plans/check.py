"""An independent look at a plan: which rules it breaks. It shares no code with the searches, and reads only the times
that the plan names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from hub.core.plans.plan import Plan, Route, Waypoint
from hub.core.plans.problem import Job, Problem, Vehicle

ROUNDING = 1e-5
"""Seconds and metres by which sums may differ."""

ALWAYS = ("count", "lock", "time")
"""Rules of every route. The others hold for routes with at least one job that is not locked: what people locked may be
late or too much, and the plan cannot change it."""


class Violation(msgspec.Struct, frozen=True):
    """A broken rule: a ``Reason`` of ``plan``, or ``count`` (a job is planned twice or nowhere), ``lock`` (a locked
    job moved) and ``time`` (a time contradicts the durations)."""

    rule: str
    vehicle: str | None
    job: str | None = None


def violations(problem: Problem, plan: Plan) -> list[Violation]:
    """Everything that is wrong with the plan, first what concerns all of it."""
    done = {name for vehicle in problem.vehicles for name in vehicle.done}
    found = Counter(waypoint.job for route in plan.routes for waypoint in route.waypoints)
    found.update(left.job for left in plan.unassigned)
    wanted = {job.id for job in problem.jobs} - done
    wrong = [Violation("count", None, name) for name in sorted(wanted | set(found)) if found[name] != (name in wanted)]
    if [route.vehicle for route in plan.routes] != [vehicle.id for vehicle in problem.vehicles]:
        wrong.append(Violation("count", None))
        return wrong
    jobs = {job.id: job for job in problem.jobs}
    for vehicle, route in zip(problem.vehicles, plan.routes, strict=True):
        wrong += of_route(problem, vehicle, route, jobs)
    return wrong


def of_route(problem: Problem, vehicle: Vehicle, route: Route, jobs: dict[str, Job]) -> list[Violation]:
    """``jobs``: those of the problem by their ids."""
    free = route.waypoints[len(vehicle.locked) :]
    broken: list[Violation] = []

    def add(rule: str, names: Iterator[str | None]) -> None:
        broken.extend(Violation(rule, vehicle.id, name) for name in names)

    if tuple(waypoint.job for waypoint in route.waypoints[: len(vehicle.locked)]) != vehicle.locked:
        broken.append(Violation("lock", vehicle.id))
    add("time", wrong_times(problem, vehicle, route, jobs))
    add("vehicle", (v.job for v in free if not permitted(jobs[v.job], vehicle)))
    add("pair", wrong_pairs(vehicle, route, jobs))
    add("skill", (v.job for v in free if not jobs[v.job].skills <= vehicle.skills))
    add("load", overloads(vehicle, route, jobs))
    add("window", (v.job for v in free if not in_window(jobs[v.job], v)))
    if vehicle.ends is not None and route.ends > vehicle.ends + ROUNDING:
        broken.append(Violation("shift", vehicle.id))
    if vehicle.pause is not None and route.pause is None and route.ends > vehicle.pause.latest + ROUNDING:
        broken.append(Violation("break", vehicle.id))
    for rule, value, limit in (
        ("jobs", len(vehicle.done) + len(route.waypoints), vehicle.most_jobs),
        ("seconds", vehicle.driven_seconds + driving(problem.seconds, vehicle, route, jobs), vehicle.most_seconds),
        ("metres", vehicle.driven_metres + driving(problem.metres, vehicle, route, jobs), vehicle.most_metres),
    ):
        if limit is not None and value > limit + ROUNDING:
            broken.append(Violation(rule, vehicle.id))
    return [each for each in broken if free or each.rule in ALWAYS]


def permitted(job: Job, vehicle: Vehicle) -> bool:
    return job.only is None or vehicle.id in job.only


def in_window(job: Job, waypoint: Waypoint) -> bool:
    if not job.windows or waypoint.start <= job.windows[-1].closes + job.tolerance + ROUNDING:
        late = bool(job.windows) and waypoint.start > job.windows[-1].closes
        return not job.windows or late or any(w.opens <= waypoint.start <= w.closes + ROUNDING for w in job.windows)
    return False


def wrong_times(problem: Problem, vehicle: Vehicle, route: Route, jobs: dict[str, Job]) -> Iterator[str | None]:
    """Jobs that are reached sooner than possible, or left before they are served; None for the end or the break."""
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

    for place, waypoint in enumerate(route.waypoints):
        job = jobs[waypoint.job]
        if place == 0 and vehicle.arrived is not None:
            soonest = vehicle.arrived
        else:
            soonest = leave(waypoint.arrival) + problem.seconds[here][job.point]
        served = waypoint.start + job.service
        if (
            waypoint.arrival < soonest - ROUNDING
            or waypoint.start < waypoint.arrival
            or waypoint.departure < served - ROUNDING
        ):
            yield job.id
        here, free_at = job.point, waypoint.departure
        if place == 0 and vehicle.arrived is not None:
            free_at = max(free_at, vehicle.ready)
    end = problem.seconds[here][vehicle.end] if vehicle.end is not None and (route.waypoints or vehicle.done) else 0.0
    if route.ends < leave(route.ends) + end - ROUNDING or resting is not None:
        yield None


def wrong_pairs(vehicle: Vehicle, route: Route, jobs: dict[str, Job]) -> Iterator[str]:
    """Deliveries without their pickup before them in this vehicle, and pickups without their delivery after them."""
    line = [jobs[name] for name in (*vehicle.done, *(waypoint.job for waypoint in route.waypoints))]
    position = {(job.pair, job.kind): place for place, job in enumerate(line) if job.pair is not None}
    for place in range(len(vehicle.done) + len(vehicle.locked), len(line)):
        job = line[place]
        if job.pair is None:
            continue
        if job.kind == "delivery":
            if position.get((job.pair, "pickup"), len(line)) > place:
                yield job.id
        elif position.get((job.pair, "delivery"), -1) < place:
            yield job.id


def overloads(vehicle: Vehicle, route: Route, jobs: dict[str, Job]) -> Iterator[str]:
    """Dimensions, as texts, whose load is above the capacity somewhere."""
    planned = [jobs[waypoint.job] for waypoint in route.waypoints]
    for dimension, capacity in enumerate(vehicle.capacity):

        def amount(job: Job, dimension: int = dimension) -> int:
            return job.load[dimension] if dimension < len(job.load) else 0

        load = sum(amount(job) for job in planned if job.kind == "delivery" and job.pair is None)
        for name in vehicle.done:
            load += amount(jobs[name]) * change(jobs[name], done=True)
        highest = load
        for job in planned:
            load += amount(job) * change(job, done=False)
            highest = max(highest, load)
        if highest > capacity:
            yield str(dimension)


def change(job: Job, done: bool) -> int:
    """What a job does to the load on board: a delivery that is done and belongs to no pair was never counted."""
    if job.kind == "pickup":
        return 1
    if job.kind == "delivery":
        return 0 if done and job.pair is None else -1
    return 0


def driving(table: tuple[tuple[float, ...], ...], vehicle: Vehicle, route: Route, jobs: dict[str, Job]) -> float:
    if not table:
        return 0.0
    points = [vehicle.start, *(jobs[waypoint.job].point for waypoint in route.waypoints)]
    if vehicle.arrived is not None:
        points = points[1:]
    if vehicle.end is not None and (route.waypoints or vehicle.done):
        points.append(vehicle.end)
    return sum(table[a][b] for a, b in pairwise(points))
