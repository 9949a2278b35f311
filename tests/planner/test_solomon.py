"""How far plans are from the best known ones. Prints the figures of docs/deliveries.md."""

from __future__ import annotations

import pytest

from hub.core.plans.check import violations
from hub.planner.engines import run
from hub.planner.messages import Better, Engine, Request
from tests.support.solomon import NAMES, best, problem

pytestmark = pytest.mark.slow

WORST: dict[Engine, float] = {"own": 0.04, "pyvrp": 0.02}
"""Distance above the best known one after five seconds of the processor."""


def gap(name: str, engine: Engine, seconds: float) -> float:
    asked = problem(name)
    costs: list[Better] = []
    request = Request(problem=asked, engine=engine, seconds=seconds, clock="processor", seed=1)
    solved = run(request, costs.append)
    assert violations(asked, solved.plan) == []
    assert solved.plan.unassigned == ()
    found = solved.plan.cost / best(name) - 1
    print(f"{name} {engine} {seconds:g} s: {found:.2%}, {solved.rounds / solved.seconds:,.0f} rounds a second")
    return found


@pytest.mark.parametrize("engine", WORST)
@pytest.mark.parametrize("name", NAMES)
def test_plans_are_near_the_best_known_ones(name: str, engine: Engine) -> None:
    if engine == "pyvrp":
        pytest.importorskip("pyvrp")
    gap(name, engine, 1.0)
    assert -1e-9 <= gap(name, engine, 5.0) <= WORST[engine]
