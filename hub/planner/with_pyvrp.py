"""The search of PyVRP, an iterated local search in C++, for the same problems.

What PyVRP does not know is left out for it: breaks (the shift ends earlier by their duration), lateness (windows are
exact), limits of jobs and of metres. Its routes then go through the hub's own search, which keeps what is feasible and
puts the rest where it fits. So every plan keeps the same rules.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, inf
from random import Random
from typing import Any

import numpy
import pyvrp

from hub.core.plans.plan import Sequences
from hub.core.plans.problem import Problem
from hub.core.plans.search import Search
from hub.core.plans.solve import ended
from hub.core.plans.world import Car, World
from hub.planner.messages import Better, Request, Solved

FORBIDDEN = 1 << 28
"""Seconds of a drive to a job that the vehicle may not serve: more than any plan costs."""

FAR = 1 << 40
"""A time or a load without a limit."""

MOST_FIGURES = 20_000_000
"""Figures of all tables; above it, moved jobs cost PyVRP nothing."""


class Model:
    """The problem for PyVRP. Times are whole seconds after the earliest departure."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.epoch = min((car.leaves for car in world.cars), default=0.0)
        self.groups: dict[object, list[Car]] = {}
        for car in world.cars:
            self.groups.setdefault(car.kind, []).append(car)
        firsts = [cars[0] for cars in self.groups.values()]
        count = len(world.free)
        self._nodes = [*range(count), *(node for car in firsts for node in (car.origin, car.end))]
        self.profiles: dict[tuple[bytes, int], int] = {}
        self._moving = any(home >= 0 for home in world.home) and (
            len(world.cars) * len(self._nodes) ** 2 <= MOST_FIGURES
        )
        self.jobs: list[tuple[int, ...]] = []
        """Client -> its node."""
        self.pairs: list[tuple[int, int]] = []
        """Shipment -> its nodes."""
        clients, shipments, options = self._tasks()
        types = [self._type(number, cars) for number, cars in enumerate(self.groups.values())]
        tables = [self._tables(allowed, index) for allowed, index in self.profiles]
        self.data = pyvrp.ProblemData(
            [pyvrp.Location(0, 0) for _ in self._nodes],
            clients,
            [pyvrp.Depot(place) for place in range(count, len(self._nodes))],
            types,
            [distances for distances, _ in tables],
            [durations for _, durations in tables],
            options,
            shipments,
        )

    def _span(self, opens: float, closes: float) -> tuple[int, int]:
        early = 0 if opens == -inf else max(0, ceil(opens - self.epoch))
        late = FAR if closes == inf else max(early, floor(closes - self.epoch))
        return early, late

    def _tasks(self) -> tuple[list[pyvrp.Client], list[pyvrp.Shipment], list[pyvrp.ClientGroup]]:
        world = self.world
        clients: list[pyvrp.Client] = []
        shipments: list[pyvrp.Shipment] = []
        options: list[pyvrp.ClientGroup] = []
        for task, prize in zip(world.tasks, world.prizes, strict=True):
            if len(task) == 2:
                self._pair(task[0], task[1], prize, shipments)
                continue
            (node,) = task
            windows = world.windows[node] or ((world.opens[node], world.closes[node]),)
            windows = (*windows[:-1], (windows[-1][0], world.due[node]))
            usable = [(opens, closes) for opens, closes in windows if closes >= self.epoch]
            group = None
            if len(usable) > 1:
                group = len(options)
                options.append(pyvrp.ClientGroup(list(range(len(clients), len(clients) + len(usable))), required=False))
            for opens, closes in usable:
                early, late = self._span(opens, closes)
                clients.append(
                    pyvrp.Client(
                        node,
                        delivery=list(world.before[node]),
                        pickup=[max(0, amount) for amount in world.after[node]],
                        service_duration=ceil(world.service[node]),
                        tw_early=early,
                        tw_late=late,
                        prize=int(prize),
                        required=False,
                        group=group,
                    )
                )
                self.jobs.append((node,))
        return clients, shipments, options

    def _pair(self, pickup: int, delivery: int, prize: float, shipments: list[pyvrp.Shipment]) -> None:
        """With the whole span of several windows. Pairs that no time allows are left out, as jobs are."""
        world = self.world
        if min(world.due[pickup], world.due[delivery]) < self.epoch:
            return
        first = self._span(world.opens[pickup], world.due[pickup])
        second = self._span(world.opens[delivery], world.due[delivery])
        if second[1] < first[0]:
            return
        shipments.append(
            pyvrp.Shipment(
                pickup,
                delivery,
                pickup_tw_early=first[0],
                pickup_tw_late=first[1],
                pickup_service_duration=ceil(world.service[pickup]),
                delivery_tw_early=second[0],
                delivery_tw_late=second[1],
                delivery_service_duration=ceil(world.service[delivery]),
                amount=[max(0, amount) for amount in world.after[pickup]],
                prize=int(prize),
                required=False,
            )
        )
        self.pairs.append((pickup, delivery))

    def _type(self, number: int, cars: list[Car]) -> pyvrp.VehicleType:
        car = cars[0]
        rest = car.pause[2] if car.pause is not None else 0.0
        profile = (bytes(car.allowed), car.index if self._moving else -1)
        load = [max(*both) for both in zip(car.peak, car.aboard, strict=True)]
        early = ceil(car.leaves - self.epoch)
        late = FAR if car.closes == inf else max(early, floor(car.closes - rest - self.epoch))
        return pyvrp.VehicleType(
            num_available=len(cars),
            capacity=[
                FAR if most == inf else max(0, int(most - used)) for most, used in zip(car.capacity, load, strict=True)
            ],
            start_depot=2 * number,
            end_depot=2 * number + 1,
            fixed_cost=0 if car.used else int(car.going),
            tw_early=early,
            tw_late=late,
            max_distance=FAR if car.seconds == inf else max(0, floor(car.seconds)),
            profile=self.profiles.setdefault(profile, len(self.profiles)),
        )

    def _tables(self, allowed: bytes, index: int) -> tuple[Any, Any]:
        world, count = self.world, len(self.world.free)
        rows = numpy.array([[world.seconds[a][b] for b in self._nodes] for a in self._nodes], dtype=float)
        durations = numpy.ceil(rows).astype(numpy.int64)
        numpy.fill_diagonal(durations, 0)
        distances = durations.copy()
        for node in range(count):
            if not allowed[node]:
                distances[:, node] = durations[:, node] = FORBIDDEN
                distances[node, node] = durations[node, node] = 0
            elif index >= 0 and world.home[node] not in (-1, index):
                distances[:, node] += int(world.moving[node])
                distances[node, node] = 0
        return distances, durations

    def sequences(self, solution: pyvrp.Solution) -> Sequences:
        free = {number: list(cars) for number, cars in enumerate(self.groups.values())}
        found: dict[int, list[int]] = {}
        for route in solution.routes():
            line: list[int] = []
            for step in route:
                if step.is_client():
                    line += self.jobs[step.idx]
                elif step.is_pickup() or step.is_delivery():
                    line.append(self.pairs[step.idx][0 if step.is_pickup() else 1])
            found[free[route.vehicle_type()].pop(0).index] = line
        return self.world.names(found)


def run(request: Request, problem: Problem, clock: Callable[[], float], on_better: Callable[[Better], None]) -> Solved:
    began = clock()
    world = World(problem)
    search = Search(world, Random(request.seed).random, request.start)
    on_better(Better(search.best_cost, clock() - began))
    lowest = search.best_cost
    rounds = 0
    if world.tasks and world.cars:
        model = Model(world)

        def stop(best_cost: int) -> bool:
            nonlocal rounds, lowest
            rounds += 1
            seconds = clock() - began
            if best_cost < lowest:
                lowest = best_cost
                on_better(Better(float(best_cost), seconds))
            return seconds >= request.seconds

        solution = pyvrp.solve(model.data, stop, seed=request.seed, collect_stats=False).best
        other = Search(world, Random(request.seed).random, model.sequences(solution))
        search = min(search, other, key=lambda each: each.best_cost)
    seconds = clock() - began
    return Solved(plan=ended(search), engine="pyvrp", rounds=rounds, seconds=seconds)
