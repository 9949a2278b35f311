"""The times of a sequence of stops in a vehicle, each as early as possible, also where that breaks a rule.

The break is taken after a stop, or before the first one, where it makes the plan least late. What breaks a rule is
found by ``check``; the searches compute with their own arrays (``tour``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hub.core.plans.plan import Left, Plan, Route, Sequences, Visit
from hub.core.plans.problem import Problem, Stop, Vehicle

ON_TIME = 1e-6
"""Seconds by which sums of durations may differ."""


def begin(stop: Stop, arrival: float) -> tuple[float, float]:
    """When the service begins, and the seconds after the last window."""
    for window in stop.windows:
        if arrival <= window.closes:
            return max(arrival, window.opens), 0.0
    return arrival, arrival - stop.windows[-1].closes if stop.windows else 0.0


class Clockwork:
    """Computes the times of routes of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.stops = {stop.id: stop for stop in problem.stops}
        self.vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}

    def route(self, vehicle: Vehicle, names: Sequence[str]) -> Route:
        """The route of the locked stops and then these."""
        line = [self.stops[name] for name in (*vehicle.locked, *names)]
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
        for visit in route.visits[len(vehicle.locked) :]:
            over += max(0.0, visit.late - self.stops[visit.stop].tolerance)
        return over, sum(visit.late for visit in route.visits), route.ends

    def _times(self, vehicle: Vehicle, line: list[Stop], after: int | None) -> Route:
        """``after``: the break is taken after this stop, before the first one for -1."""
        here, now, driven, length = vehicle.start, vehicle.ready, 0.0, 0.0
        metres, seconds = self.problem.metres, self.problem.seconds
        paused: float | None = None
        visits: list[Visit] = []
        for place in range(-1, len(line)):
            if place >= 0:
                stop = line[place]
                if place == 0 and vehicle.arrived is not None:
                    arrival = vehicle.arrived
                else:
                    arrival = now + seconds[here][stop.point]
                    driven += seconds[here][stop.point]
                    length += metres[here][stop.point] if metres else 0.0
                start, late = begin(stop, arrival)
                now, here = start + stop.service, stop.point
                if place == 0 and vehicle.arrived is not None:
                    now = max(now, vehicle.ready)
                visits.append(Visit(stop=stop.id, arrival=arrival, start=start, departure=now, late=late))
            if place == after and vehicle.pause is not None:
                paused = max(now, vehicle.pause.earliest)
                now = paused + vehicle.pause.duration
        if vehicle.end is not None and (line or vehicle.done):
            driven += seconds[here][vehicle.end]
            length += metres[here][vehicle.end] if metres else 0.0
            now += seconds[here][vehicle.end]
        return Route(vehicle=vehicle.id, visits=tuple(visits), ends=now, pause=paused, seconds=driven, metres=length)

    def cost(self, routes: Sequence[Route]) -> float:
        """The cost of routes, without what is unassigned."""
        total, objective = 0.0, self.problem.objective
        for route in routes:
            vehicle = self.vehicles[route.vehicle]
            total += route.seconds + objective.lateness * sum(visit.late for visit in route.visits)
            if route.visits and not vehicle.done and not vehicle.locked:
                total += objective.vehicle
            for visit in route.visits:
                stop = self.stops[visit.stop]
                if stop.vehicle in self.vehicles and stop.vehicle != vehicle.id:
                    total += stop.moving
        return total

    def open_stops(self) -> Iterator[Stop]:
        """Stops that are neither done nor locked, in the order of the problem."""
        fixed = {name for vehicle in self.problem.vehicles for name in (*vehicle.done, *vehicle.locked)}
        return (stop for stop in self.problem.stops if stop.id not in fixed)

    def plan(self, sequences: Sequences, left: Sequence[Left] = ()) -> Plan:
        routes = tuple(self.route(vehicle, sequences.get(vehicle.id, ())) for vehicle in self.problem.vehicles)
        served = {visit.stop for route in routes for visit in route.visits}
        missing = sum(1 + stop.priority for stop in self.open_stops() if stop.id not in served)
        cost = self.cost(routes) + missing * self.problem.objective.unassigned
        return Plan(routes=routes, unassigned=tuple(left), cost=cost)
