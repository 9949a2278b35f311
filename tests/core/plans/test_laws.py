"""Laws of plans on random problems with every kind of rule, compared with a search through all places."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.plans.check import violations
from hub.core.plans.insert import Insertion
from hub.core.plans.plan import Plan
from hub.core.plans.problem import Problem
from hub.core.plans.schedule import Clockwork
from hub.core.plans.search import Search
from hub.core.plans.solve import solve
from hub.core.plans.world import World
from tests.support.laws import examples
from tests.support.plans import broken, cheapest, free_sequences, problems, task, ticking

ROUNDS = 40.0


def solved(problem: Problem, seed: int, rounds: float = ROUNDS) -> Plan:
    return solve(problem, clock=ticking(), seconds=rounds, random=Random(seed).random)


@given(problems(), st.integers(0, 1000))
@examples(1000)
def test_a_plan_breaks_no_rule_and_gives_true_reasons(problem: Problem, seed: int) -> None:
    plan = solved(problem, seed)
    assert violations(problem, plan) == []
    clockwork = Clockwork(problem)
    sequences = free_sequences(problem, plan.routes)
    for left in plan.unassigned:
        names = task(clockwork, left.job)
        alone = [broken(clockwork, vehicle, clockwork.route(vehicle, names)) for vehicle in problem.vehicles]
        place = cheapest(clockwork, sequences, left.job)
        if left.reasons == ("full",):
            assert set() in alone and place is None
        elif left.reasons == ("cost",):
            prize = sum(problem.objective.unassigned * (1 + clockwork.jobs[name].priority) for name in names)
            assert place is not None and place >= prize - 1e-6
        else:
            assert set(left.reasons) in alone and place is None
            assert len(left.reasons) == min(map(len, alone))


@given(problems(), st.integers(0, 1000))
@examples(400)
def test_the_cost_is_that_of_the_search_and_never_rises(problem: Problem, seed: int) -> None:
    costs: list[float] = []
    plan = solve(problem, clock=ticking(), seconds=ROUNDS, random=Random(seed).random, on_better=costs.append)
    assert costs == sorted(set(costs), reverse=True)
    if not any(vehicle.locked and vehicle.pause for vehicle in problem.vehicles):
        assert plan.cost <= min(costs, default=plan.cost) + 1e-6


@given(problems(), st.integers(0, 1000))
@examples(100)
def test_the_same_numbers_give_the_same_plan(problem: Problem, seed: int) -> None:
    assert solved(problem, seed) == solved(problem, seed)


@given(problems(), st.integers(0, 1000))
@examples(400)
def test_a_stop_is_inserted_at_the_cheapest_place_and_nothing_else_moves(problem: Problem, seed: int) -> None:
    world = World(problem)
    clockwork = world.clockwork
    if not world.free:
        return
    newest = world.free[seed % len(world.free)]
    names = task(clockwork, newest.id)
    search = Search(world, Random(seed).random)
    sequences = {
        car: tuple(name for name in line if name not in names) for car, line in world.names(search.sequences()).items()
    }
    if any(broken(clockwork, v, clockwork.route(v, sequences.get(v.id, ()))) for v in problem.vehicles):
        return  # durations that are no distances: a route may need the job that was taken out
    insertion = Insertion(problem, sequences)
    choices = insertion.choices(newest.id)
    chosen = insertion.insert(newest.id)
    expected = cheapest(clockwork, sequences, newest.id)
    if expected is None:
        assert chosen is None and choices == []
        return
    assert chosen is not None and chosen == choices[0]
    if not any(vehicle.locked and vehicle.pause for vehicle in problem.vehicles):
        assert chosen.cost == pytest.approx(expected)
    plan = insertion.plan()
    assert {each.rule for each in violations(problem, plan)} == set()
    after = free_sequences(problem, plan.routes)
    assert tuple(after[chosen.vehicle][position] for position in chosen.positions) == tuple(names)
    for vehicle, line in after.items():
        assert tuple(name for name in line if name not in names) == sequences.get(vehicle, ())


@given(problems(), st.integers(0, 1000))
@examples(200)
def test_a_plan_is_taken_over_as_it_is(problem: Problem, seed: int) -> None:
    plan = solved(problem, seed)
    again = solve(
        problem,
        clock=ticking(),
        seconds=0.0,
        random=Random(seed).random,
        start=free_sequences(problem, plan.routes),
    )
    assert again.routes == plan.routes
