"""Both engines, with every kind of rule; the answers of PyVRP are as feasible as the hub's own."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.plans.check import violations
from hub.core.plans.problem import Problem
from hub.core.plans.schedule import Clockwork
from hub.planner import engines
from hub.planner.engines import EngineMissing, run
from hub.planner.messages import Better, Request
from tests.support.laws import examples
from tests.support.plans import broken, cheapest, free_sequences, problems, ticking
from tests.support.solomon import problem as solomon


@given(problems(), st.integers(0, 1000))
@examples(200)
def test_a_plan_of_pyvrp_breaks_no_rule(problem: Problem, seed: int) -> None:
    pytest.importorskip("pyvrp")
    from hub.planner import with_pyvrp

    request = Request(problem=problem, engine="pyvrp", seconds=60.0, seed=seed)
    plan = with_pyvrp.run(request, problem, ticking(), lambda better: None).plan
    assert violations(problem, plan) == []
    clockwork = Clockwork(problem)
    sequences = free_sequences(problem, plan.routes)
    for left in plan.unassigned:
        place = cheapest(clockwork, sequences, left.job)
        assert (place is not None) == (left.reasons == ("cost",))
    for vehicle, route in zip(problem.vehicles, plan.routes, strict=True):
        assert broken(clockwork, vehicle, route) == set()


def test_an_engine_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    request = Request(problem=Problem(jobs=(), vehicles=(), seconds=()), engine="pyvrp")
    with pytest.raises(EngineMissing, match="needs the extra optimize"):
        run(request, lambda better: None)
    assert engines.available() == ["own"]


def test_pyvrp_is_imported_only_for_its_plans() -> None:
    code = "import sys, hub.planner.process, hub.planner.engines; print('pyvrp' in sys.modules, 'numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]


def test_costs_fall_until_the_end() -> None:
    found: list[Better] = []
    solved = run(Request(problem=solomon("R112"), seconds=0.5, clock="processor"), found.append)
    costs = [better.cost for better in found]
    assert len(costs) > 1 and costs == sorted(costs, reverse=True)
    assert solved.plan.cost <= costs[-1] and solved.rounds > 0
