"""The hub's own search for a good plan: ruin and recreate under simulated annealing, in pure Python.

``ruin`` takes strings of jobs out, ``recreate`` puts them back one after the other at their cheapest places, at times
passing over the best one. A worse result is kept with a probability that falls to nothing at the end. A tour that did
not change remembers the best place of each task, which is what makes it fast enough.

It is a function of its arguments: the same problem, numbers and readings of the clock give the same plan.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log

from hub.core.plans import places, ruin
from hub.core.plans.plan import Sequences
from hub.core.plans.tour import Tour, feasible, make
from hub.core.plans.world import World

BLINK = 0.01
"""Probability that the best place is passed over."""

HOTTEST, COLDEST = 1.0, 0.01
"""Temperatures at the beginning and the end, in mean durations of a drive between jobs of the first plan."""

CHECK = 8
"""Rounds between two readings of the clock."""

NEAR = 40
"""Nearest jobs whose tours are looked at first; the others only where these have no place."""

ORDERS = (("random", 4), ("load", 4), ("far", 2), ("near", 1), ("narrow", 2), ("early", 2), ("late", 2))
"""In which order jobs are put back -> how often."""


class Search:
    """``start``: a plan that is improved; what is not feasible in it, or is locked by now, is left out."""

    def __init__(self, world: World, random: Callable[[], float], start: Sequences | None = None) -> None:
        self.world = world
        self.random = random
        self.rounds = 0
        self.tours = [make(world, car, []) for car in world.cars]
        self.where = [-1] * len(world.free)
        self.absent = set(range(len(world.tasks)))
        self._keys = self._orders()
        self._changed: dict[int, Tour] = {}
        """Car -> its tour at the beginning of the round."""
        for car in world.cars:
            given = [world.node[name] for name in (start or {}).get(car.id, ()) if name in world.node]
            if given:
                self._take_over(car.index, given)
        self._recreate(blink=0.0)
        self.cost = self.total()
        self.best_cost = inf
        self._keep()

    def total(self) -> float:
        return sum(tour.cost for tour in self.tours) + sum(self.world.prizes[task] for task in self.absent)

    def run(self, clock: Callable[[], float], until: float, on_better: Callable[[float], None] | None = None) -> None:
        """Improve until the clock shows ``until``, in seconds. ``on_better`` gets each lower cost."""
        world, random = self.world, self.random
        if not world.tasks:
            return
        began = clock()
        scale = self._scale()
        hot, cooling = HOTTEST * scale, COLDEST / HOTTEST
        temperature = hot
        if on_better is not None:
            on_better(self.best_cost)
        while True:
            if self.rounds % CHECK == 0:
                now = clock()
                if now >= until:
                    break
                temperature = hot * cooling ** ((now - began) / (until - began))
            self.rounds += 1
            self._changed = {}
            before = set(self.absent)
            for index, nodes in ruin.strings(world, self.tours, self.where, random).items():
                self._take_out(index, nodes)
            self._recreate(BLINK)
            cost = self.cost + sum([self.tours[index].cost - tour.cost for index, tour in self._changed.items()])
            if before or self.absent:
                prizes = world.prizes
                cost += sum([prizes[task] for task in self.absent]) - sum([prizes[task] for task in before])
            if cost < self.cost - temperature * log(random() or 1e-300):
                self.cost = cost
                if cost < self.best_cost - 1e-6:
                    self._keep()
                    if on_better is not None:
                        on_better(cost)
            else:
                self._undo(before)

    def to_best(self) -> None:
        """Return to the best plan so far, and put into it what still fits."""
        world = self.world
        self.tours = [make(world, car, nodes) for car, nodes in zip(world.cars, self.best, strict=True)]
        self.where = [-1] * len(world.free)
        self.absent = set(range(len(world.tasks)))
        for tour in self.tours:
            for node in tour.nodes[1:-1]:
                self.where[node] = tour.car.index
                self.absent.discard(world.task_of[node])
        self._recreate(blink=0.0)
        self.cost = self.total()
        self._keep()

    def sequences(self) -> dict[int, list[int]]:
        """Car index -> its free nodes, in the best plan so far."""
        return {index: nodes for index, nodes in enumerate(self.best) if nodes}

    def _keep(self) -> None:
        self.best_cost = self.cost
        self.best = [tour.nodes[1:-1] for tour in self.tours]

    def _scale(self) -> float:
        drives = [leg for tour in self.tours for leg in tour.legs[1:] if len(tour.nodes) > 2]
        return max(sum(drives) / len(drives), 1e-3) if drives else 1.0

    def _set(self, index: int, tour: Tour) -> None:
        self._changed.setdefault(index, self.tours[index])
        self.tours[index] = tour

    def _take_out(self, index: int, nodes: set[int]) -> None:
        tour = self.tours[index]
        rest = [node for node in tour.nodes[1:-1] if node not in nodes]
        made = make(self.world, tour.car, rest)
        if not feasible(self.world, made):  # the way around the jobs that are left out can be the longer one
            nodes = set(tour.nodes[1:-1])
            made = make(self.world, tour.car, [])
        self._set(index, made)
        for node in nodes:
            self.where[node] = -1
            self.absent.add(self.world.task_of[node])

    def _undo(self, absent: set[int]) -> None:
        for tour in self._changed.values():
            index = tour.car.index
            for node in self.tours[index].nodes[1:-1]:
                self.where[node] = -1
            self.tours[index] = tour
        for tour in self._changed.values():
            for node in tour.nodes[1:-1]:
                self.where[node] = tour.car.index
        self.absent = absent

    def _recreate(self, blink: float) -> None:
        """Put tasks back. With ``blink`` 0 each goes to its cheapest place of all tours."""
        tours = self.tours
        candidates = self._candidates()
        for task in self._order():
            chosen, place = -1, places.NOWHERE
            near = self._near(task, candidates) if blink else candidates
            if len(near) < len(candidates):
                chosen, place = self._cheapest(task, near, blink)
            if chosen < 0:
                chosen, place = self._cheapest(task, candidates, blink)
            if chosen >= 0:
                first = len(tours[chosen].nodes) == 2
                self._set(chosen, places.put(self.world, tours[chosen], task, place))
                self.absent.discard(task)
                for node in self.world.tasks[task]:
                    self.where[node] = chosen
                if first:
                    candidates = self._candidates()

    def _cheapest(self, task: int, candidates: list[int], blink: float) -> tuple[int, places.Place]:
        """The car, and the place in its tour, that cost less than to leave the task; -1 without one."""
        world, tours, random = self.world, self.tours, self.random
        least, place, chosen = world.prizes[task], places.NOWHERE, -1
        for index in candidates:
            tour = tours[index]
            found = tour.best.get(task) or places.best(world, tour, task)
            if found[0] < least:
                if blink and random() < blink:
                    found = places.find(world, tour, task, found)
                    if found[0] >= least:
                        continue
                least, place, chosen = found[0], found, index
        return chosen, place

    def _near(self, task: int, candidates: list[int]) -> list[int]:
        """The tours of the nearest jobs, and the empty ones."""
        if len(self.world.free) <= 2 * NEAR:
            return candidates
        where = self.where
        near = {where[node] for node in self.world.nearest(self.world.tasks[task][0])[1:NEAR]}
        return [index for index in candidates if index in near or len(self.tours[index].nodes) == 2]

    def _candidates(self) -> list[int]:
        """Cars with jobs, and one empty car of each kind."""
        kinds: set[object] = set()
        found = []
        for index, tour in enumerate(self.tours):
            if len(tour.nodes) == 2:
                if tour.car.kind in kinds:
                    continue
                kinds.add(tour.car.kind)
            found.append(index)
        return found

    def _order(self) -> list[int]:
        """The tasks to be put back."""
        tasks = sorted(self.absent)
        for task in tasks:
            self._keys[0][task] = self.random()
        return sorted(tasks, key=self._keys[self._pick()].__getitem__)

    def _pick(self) -> int:
        drawn = self.random() * sum(weight for _, weight in ORDERS)
        for number, (_, weight) in enumerate(ORDERS):
            drawn -= weight
            if drawn < 0:
                return number
        return 0

    def _orders(self) -> list[list[float]]:
        """For each of ``ORDERS`` a figure of each task, the lowest first."""
        world = self.world
        depot = world.cars[0].origin if world.cars else 0
        far = [world.seconds[depot][task[0]] if world.cars else 0.0 for task in world.tasks]
        keys: dict[str, list[float]] = {
            "random": [0.0] * len(far),
            "load": [-float(sum(world.load[task[0]])) for task in world.tasks],
            "far": [-each for each in far],
            "near": far,
            "narrow": [min(world.closes[node] - world.opens[node] for node in task) for task in world.tasks],
            "early": [world.opens[task[0]] for task in world.tasks],
            "late": [-world.closes[task[-1]] for task in world.tasks],
        }
        return [keys[name] for name, _ in ORDERS]

    def _take_over(self, index: int, nodes: list[int]) -> None:
        """The tour of a plan, without what is not feasible in it."""
        world = self.world
        tour = make(world, self.tours[index].car, nodes)
        if not feasible(world, tour):
            tour = self.tours[index]
            for task in dict.fromkeys(world.task_of[node] for node in nodes):
                place = places.best(world, tour, task)
                if place[0] < inf:
                    tour = places.put(world, tour, task, place)
        self.tours[index] = tour
        for node in tour.nodes[1:-1]:
            self.where[node] = index
            self.absent.discard(world.task_of[node])
