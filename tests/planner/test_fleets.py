"""Plans of fleets in a city, and a new job in each. Prints the figures of docs/deliveries.md."""

from __future__ import annotations

import time
from random import Random

import pytest

from hub.core.plans.check import violations
from hub.core.plans.insert import Insertion
from hub.core.plans.matrix import straight
from hub.core.plans.problem import Job, Problem, Vehicle, Window
from hub.planner.engines import available, run
from hub.planner.messages import Request
from tests.support.plans import free_sequences

pytestmark = pytest.mark.slow

HOUR = 3_600.0


def city(jobs: int, vehicles: int) -> Problem:
    """A depot in the middle, nine hours, half of the jobs with a window of two hours."""
    random = Random(4)
    points = [(25.2, 55.3)] + [(25.05 + random.random() * 0.3, 55.1 + random.random() * 0.4) for _ in range(jobs)]
    tables = straight(points)
    made = []
    for number in range(1, jobs + 1):
        opens = HOUR * random.randrange(7)
        windows = (Window(opens, opens + 2 * HOUR),) if random.random() < 0.5 else ()
        made.append(Job(id=str(number), point=number, service=240.0, load=(1,), windows=windows))
    fleet = (
        Vehicle(id=f"v{number}", start=0, end=0, ready=0.0, ends=9 * HOUR, capacity=(40,)) for number in range(vehicles)
    )
    return Problem(jobs=tuple(made), vehicles=tuple(fleet), seconds=tables.seconds, metres=tables.metres)


@pytest.mark.parametrize(("jobs", "vehicles"), [(200, 20), (500, 50), (1_000, 80)])
def test_plans_of_a_fleet(jobs: int, vehicles: int) -> None:
    problem = city(jobs, vehicles)
    for engine in available():
        solved = run(Request(problem=problem, engine=engine, seconds=5.0, clock="processor"), lambda better: None)
        assert violations(problem, solved.plan) == [] and solved.plan.unassigned == ()
        print(
            f"{jobs} jobs, {vehicles} vehicles, {engine}: {solved.plan.cost:,.0f} s of driving,"
            f" {solved.rounds / solved.seconds:,.0f} rounds a second"
        )
    sequences = free_sequences(problem, solved.plan.routes)
    newest = str(jobs // 2)
    without = {vehicle: tuple(job for job in line if job != newest) for vehicle, line in sequences.items()}
    began = time.process_time()
    insertion = Insertion(problem, without)
    read = time.process_time()
    assert insertion.insert(newest) is not None
    put = time.process_time()
    assert violations(problem, insertion.plan()) == []
    print(f"a new job: {(read - began) * 1e3:.1f} ms to read the plan, {(put - read) * 1e3:.2f} ms to insert")
    assert put - began < 1.0, "five seconds of search, and the job itself in a fraction of one"
