"""One more job into a running plan: the cheapest place, with all other jobs left where they are. Milliseconds."""

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
    """A vehicle that can take the job. ``positions``: among the jobs after its locked ones, from 0; of a pair those
    of pickup and delivery. ``cost``: what the plan costs more."""

    vehicle: str
    cost: float
    positions: tuple[int, ...]


class Insertion:
    """Takes jobs into a plan. ``sequences`` are kept as they are, also where they are late or too long: such vehicles
    take nothing more."""

    def __init__(self, problem: Problem, sequences: Sequences) -> None:
        self.world = World(problem)
        node = self.world.node
        self._tours: list[Tour] = [
            make(self.world, car, [node[name] for name in sequences.get(car.id, ())]) for car in self.world.cars
        ]

    def choices(self, job: str) -> list[Choice]:
        """The best place in each vehicle that can take the job, the cheapest first. Of a pair either job is named."""
        task = self.world.task_of[self.world.node[job]]
        single = len(self.world.tasks[task]) == 1
        return [
            Choice(tour.car.id, cost, (first - 1,) if single else (first - 1, second))
            for (cost, first, second), tour in self._places(task)
        ]

    def insert(self, job: str) -> Choice | None:
        """Put the job, with the other one of its pair, into its cheapest place; None if no vehicle can take it."""
        task = self.world.task_of[self.world.node[job]]
        choices = self.choices(job)
        for place, tour in self._places(task)[:1]:
            self._tours[tour.car.index] = places.put(self.world, tour, task, place)
        return choices[0] if choices else None

    def _places(self, task: int) -> list[tuple[places.Place, Tour]]:
        found = [(places.best(self.world, tour, task), tour) for tour in self._tours]
        return sorted([each for each in found if each[0][0] < inf], key=lambda each: each[0][0])

    def plan(self) -> Plan:
        """With the reasons of what has no vehicle."""
        return finish(self.world, self._tours)


def insert(problem: Problem, sequences: Sequences, jobs: Sequence[str]) -> Plan:
    """The plan with these jobs added one after the other. Of a pair either job is named."""
    insertion = Insertion(problem, sequences)
    for job in jobs:
        insertion.insert(job)
    return insertion.plan()
