"""The process that plans: it answers with the same plan, tells of lower costs, and ends with the call."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from hub.core.plans.check import violations
from hub.core.plans.problem import Job, Problem, Vehicle
from hub.planner.messages import Better, Request
from hub.planner.process import PlanFailed, Planner
from tests.support.solomon import problem

LONG = Request(problem=problem("R101"), seconds=600.0)


def children() -> list[int]:
    """Processes that plan and were started by this one."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
            command = status.with_name("cmdline").read_bytes()
        except (OSError, ProcessLookupError):
            continue
        if parent == os.getpid() and b"hub.planner" in command:
            found.append(int(status.parent.name))
    return found


async def test_a_plan_comes_from_another_process_that_has_ended() -> None:
    asked = problem("C101")
    costs: list[Better] = []
    solved = await Planner(grace=200).solve(Request(problem=asked, seconds=0.3, clock="processor"), costs.append)
    assert violations(asked, solved.plan) == [] and solved.engine == "own"
    assert costs and solved.plan.cost <= costs[-1].cost
    assert children() == []


async def test_the_process_leaves_the_processor_to_live_positions() -> None:
    started = asyncio.Event()
    running = asyncio.create_task(Planner().solve(LONG, lambda better: started.set()))
    async with asyncio.timeout(100):
        await started.wait()
        (child,) = children()
        assert os.getpriority(os.PRIO_PROCESS, child) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 15)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert children() == []


async def test_a_process_that_does_not_end_in_time_is_ended() -> None:
    late = Request(problem=LONG.problem, seconds=0.5, clock="processor")
    with pytest.raises(PlanFailed, match="the process was ended"):
        await Planner(grace=-0.49).solve(late)
    assert children() == []


async def test_an_error_of_the_process_is_told() -> None:
    no_seconds = Request(problem=problem("C101"), seconds=1.0, engine="other")  # type: ignore[arg-type]
    with pytest.raises(PlanFailed, match=r"exit status 1: .*Invalid enum value 'other'"):
        await Planner().solve(no_seconds)


async def test_a_contradiction_in_the_problem_is_found_before() -> None:
    with pytest.raises(ValueError, match="job a: point 3 is unknown"):
        Problem(jobs=(Job(id="a", point=3),), vehicles=(Vehicle(id="v", start=0, ready=0.0),), seconds=((0.0,),))
