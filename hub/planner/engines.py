"""The engines that search for a plan, by their names."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from random import Random

from hub.core.plans.search import Search
from hub.core.plans.solve import ended
from hub.core.plans.world import World
from hub.extras import missing
from hub.planner.messages import Better, Engine, Request, Solved

CLOCKS: dict[str, Callable[[], float]] = {"wall": time.monotonic, "processor": time.process_time}

OnBetter = Callable[[Better], None]


class EngineMissing(Exception):
    """The engine is not installed."""


def available() -> list[Engine]:
    return ["own", "pyvrp"] if find_spec("pyvrp") else ["own"]


def run(request: Request, on_better: OnBetter) -> Solved:
    """Raises ``EngineMissing``."""
    if request.engine == "own":
        return run_own(request, on_better)
    if find_spec("pyvrp") is None:
        raise EngineMissing(f"the engine pyvrp {missing('optimize')}")
    from hub.planner import with_pyvrp

    return with_pyvrp.run(request, CLOCKS[request.clock], on_better)


def run_own(request: Request, on_better: OnBetter) -> Solved:
    clock = CLOCKS[request.clock]
    began = clock()
    search = Search(World(request.problem), Random(request.seed).random, request.start)
    search.run(clock, began + request.seconds, lambda cost: on_better(Better(cost, clock() - began)))
    seconds = clock() - began
    return Solved(plan=ended(search), engine="own", rounds=search.rounds, seconds=seconds)
