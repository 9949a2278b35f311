"""One more stop into a running plan: the cheapest place, with all other stops left where they are. Milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import msgspec

from hub.core.plans import places
from hub.core.plans.plan import Plan, Sequences
from hub.core.plans.problem import Problem
from hub.core.plans.solve import finish
from hub.core.plans.tour import Tour, make
from hub.core.plans.world import World


class Choice(msgspec.Struct, frozen=True):
    """A vehicle that can take the stop. ``positions``: among the stops after its locked ones, from 0; of a pair those
    of pickup and delivery. ``cost``: what the plan costs more."""

    vehicle: str
    cost: float
    positions: tuple[int, ...]


class Insertion:
    """Takes stops into a plan. ``sequences`` are kept as they are, also where they are late or too long: such vehicles
    take nothing more."""

    def __init__(self, problem: Problem, sequences: Sequences) -> None:
        self.world = World(problem)
        node = self.world.node
        self._tours: list[Tour] = [
            make(self.world, car, [node[name] for name in sequences.get(car.id, ())]) for car in self.world.cars
        ]

    def choices(self, stop: str) -> list[Choice]:
        """The best place in each vehicle that can take the stop, the cheapest first. Of a pair either stop is named."""
        task = self.world.task_of[self.world.node[stop]]
        single = len(self.world.tasks[task]) == 1
        return [
            Choice(tour.car.id, cost, (first - 1,) if single else (first - 1, second))
            for (cost, first, second), tour in self._places(task)
        ]

    def insert(self, stop: str) -> Choice | None:
        """Put the stop, with the other one of its pair, into its cheapest place; None if no vehicle can take it."""
        task = self.world.task_of[self.world.node[stop]]
        choices = self.choices(stop)
        for place, tour in self._places(task)[:1]:
            self._tours[tour.car.index] = places.put(self.world, tour, task, place)
        return choices[0] if choices else None

    def _places(self, task: int) -> list[tuple[places.Place, Tour]]:
        found = [(places.best(self.world, tour, task), tour) for tour in self._tours]
        return sorted([each for each in found if each[0][0] < inf], key=lambda each: each[0][0])

    def plan(self) -> Plan:
        """With the reasons of what has no vehicle."""
        return finish(self.world, self._tours)


def insert(problem: Problem, sequences: Sequences, stops: Sequence[str]) -> Plan:
    """The plan with these stops added one after the other. Of a pair either stop is named."""
    insertion = Insertion(problem, sequences)
    for stop in stops:
        insertion.insert(stop)
    return insertion.plan()
