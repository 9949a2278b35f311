"""From a problem to a plan with the hub's own search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from hub.core.plans import places
from hub.core.plans.plan import Plan, Sequences
from hub.core.plans.problem import Problem
from hub.core.plans.reasons import left
from hub.core.plans.search import Search
from hub.core.plans.tour import Tour
from hub.core.plans.world import World


def solve(
    problem: Problem,
    *,
    clock: Callable[[], float],
    seconds: float,
    random: Callable[[], float],
    start: Sequences | None = None,
    on_better: Callable[[float], None] | None = None,
) -> Plan:
    """The best plan that is found until the clock has advanced by ``seconds``. ``random`` gives numbers from 0 to 1;
    ``start`` is a plan to begin with; ``on_better`` gets each lower cost."""
    until = clock() + seconds
    search = Search(World(problem), random, start)
    search.run(clock, until, on_better)
    return ended(search)


def ended(search: Search) -> Plan:
    """The best plan of a search."""
    search.to_best()
    return finish(search.world, search.tours)


def finish(world: World, tours: Sequence[Tour]) -> Plan:
    """The plan of these tours, with the reasons of what is left."""
    sequences = world.names({tour.car.index: tour.nodes[1:-1] for tour in tours})
    served = {name for names in sequences.values() for name in names}
    absent = [job for job in world.free if job.id not in served]
    fits = {
        job.id
        for job in absent
        if any(places.best(world, tour, world.task_of[world.node[job.id]])[0] < inf for tour in tours)
    }
    return world.clockwork.plan(sequences, left(world.clockwork, absent, fits))
