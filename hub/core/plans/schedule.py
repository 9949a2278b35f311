"""The times of a sequence of jobs in a vehicle, each as early as possible, also where that breaks a rule.

The break is taken after a job, or before the first one, where it makes the plan least late. What breaks a rule is
found by ``check``; the searches compute with their own arrays (``tour``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hub.core.plans.plan import Left, Plan, Route, Sequences, Waypoint
from hub.core.plans.problem import Job, Problem, Vehicle


def begin(job: Job, arrival: float) -> tuple[float, float]:
    """When the service begins, and the seconds after the last window."""
    for window in job.windows:
        if arrival <= window.closes:
            return max(arrival, window.opens), 0.0
    return arrival, arrival - job.windows[-1].closes if job.windows else 0.0


class Clockwork:
    """Computes the times of routes of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.jobs = {job.id: job for job in problem.jobs}
        self.vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}

    def route(self, vehicle: Vehicle, names: Sequence[str]) -> Route:
        """The route of the locked jobs and then these."""
        line = [self.jobs[name] for name in (*vehicle.locked, *names)]
        without = self._times(vehicle, line, None)
        pause = vehicle.pause
        if pause is None or without.ends <= pause.latest:
            return without
        places = range(0 if vehicle.arrived is not None else -1, len(line))
        taken = [self._times(vehicle, line, place) for place in places]
        legal = [route for route in taken if route.pause is not None and route.pause <= pause.latest]
        return min(legal, key=lambda route: self._badness(vehicle, route), default=without)

    def _badness(self, vehicle: Vehicle, route: Route) -> tuple[float, float, float]:
        over = max(0.0, route.ends - vehicle.ends) if vehicle.ends is not None else 0.0
        for waypoint in route.waypoints[len(vehicle.locked) :]:
            over += max(0.0, waypoint.late - self.jobs[waypoint.job].tolerance)
        return over, sum(waypoint.late for waypoint in route.waypoints), route.ends

    def _times(self, vehicle: Vehicle, line: list[Job], after: int | None) -> Route:
        """``after``: the break is taken after this job, before the first one for -1."""
        here, now, driven, length = vehicle.start, vehicle.ready, 0.0, 0.0
        metres, seconds = self.problem.metres, self.problem.seconds
        paused: float | None = None
        waypoints: list[Waypoint] = []
        for place in range(-1, len(line)):
            if place >= 0:
                job = line[place]
                if place == 0 and vehicle.arrived is not None:
                    arrival = vehicle.arrived
                else:
                    arrival = now + seconds[here][job.point]
                    driven += seconds[here][job.point]
                    length += metres[here][job.point] if metres else 0.0
                start, late = begin(job, arrival)
                now, here = start + job.service, job.point
                if place == 0 and vehicle.arrived is not None:
                    now = max(now, vehicle.ready)
                waypoints.append(Waypoint(job=job.id, arrival=arrival, start=start, departure=now, late=late))
            if place == after and vehicle.pause is not None:
                paused = max(now, vehicle.pause.earliest)
                now = paused + vehicle.pause.duration
        if vehicle.end is not None and (line or vehicle.done):
            driven += seconds[here][vehicle.end]
            length += metres[here][vehicle.end] if metres else 0.0
            now += seconds[here][vehicle.end]
        return Route(
            vehicle=vehicle.id, waypoints=tuple(waypoints), ends=now, pause=paused, seconds=driven, metres=length
        )

    def cost(self, routes: Sequence[Route]) -> float:
        """The cost of routes, without what is unassigned."""
        total, objective = 0.0, self.problem.objective
        for route in routes:
            vehicle = self.vehicles[route.vehicle]
            total += route.seconds + objective.lateness * sum(waypoint.late for waypoint in route.waypoints)
            if route.waypoints and not vehicle.done and not vehicle.locked:
                total += objective.vehicle
            for waypoint in route.waypoints:
                job = self.jobs[waypoint.job]
                if job.vehicle in self.vehicles and job.vehicle != vehicle.id:
                    total += job.moving
        return total

    def open_jobs(self) -> Iterator[Job]:
        """Jobs that are neither done nor locked, in the order of the problem."""
        fixed = {name for vehicle in self.problem.vehicles for name in (*vehicle.done, *vehicle.locked)}
        return (job for job in self.problem.jobs if job.id not in fixed)

    def plan(self, sequences: Sequences, left: Sequence[Left] = ()) -> Plan:
        routes = tuple(self.route(vehicle, sequences.get(vehicle.id, ())) for vehicle in self.problem.vehicles)
        served = {waypoint.job for route in routes for waypoint in route.waypoints}
        missing = sum(1 + job.priority for job in self.open_jobs() if job.id not in served)
        cost = self.cost(routes) + missing * self.problem.objective.unassigned
        return Plan(routes=routes, unassigned=tuple(left), cost=cost)
