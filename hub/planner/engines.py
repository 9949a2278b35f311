"""The engines that search for a plan, by their names."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from random import Random

from msgspec.structs import replace

from hub.core.plans.problem import Problem
from hub.core.plans.search import Search
from hub.core.plans.solve import ended
from hub.core.plans.world import World
from hub.extras import missing
from hub.planner.messages import Better, Engine, Request, Solved
from hub.planner.roads import matrix

CLOCKS: dict[str, Callable[[], float]] = {"wall": time.monotonic, "processor": time.process_time}

OnBetter = Callable[[Better], None]


class EngineMissing(Exception):
    """The engine is not installed."""


def available() -> list[Engine]:
    return ["own", "pyvrp"] if find_spec("pyvrp") else ["own"]


def run(request: Request, on_better: OnBetter) -> Solved:
    """Raises ``EngineMissing``."""
    if request.engine == "pyvrp" and find_spec("pyvrp") is None:
        raise EngineMissing(f"the engine pyvrp {missing('optimize')}")
    problem = request.problem
    if isinstance(problem, Problem):
        return search(request, problem, on_better)
    found, no_roads = matrix(problem.points, request.roads, request.model)
    solved = search(request, problem.problem(found.seconds, found.metres), on_better)
    return replace(solved, basis=found.basis, unroutable=found.unroutable, no_roads=no_roads)


def search(request: Request, problem: Problem, on_better: OnBetter) -> Solved:
    if request.engine == "own":
        return run_own(request, problem, on_better)
    from hub.planner import with_pyvrp

    return with_pyvrp.run(request, problem, CLOCKS[request.clock], on_better)


def run_own(request: Request, problem: Problem, on_better: OnBetter) -> Solved:
    clock = CLOCKS[request.clock]
    began = clock()
    found = Search(World(problem), Random(request.seed).random, request.start)
    found.run(clock, began + request.seconds, lambda cost: on_better(Better(cost, clock() - began)))
    seconds = clock() - began
    return Solved(plan=ended(found), engine="own", rounds=found.rounds, seconds=seconds)
