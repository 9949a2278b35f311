"""Requests that wait for the log: each until its own time, with one timer."""

from __future__ import annotations

import asyncio

from hub.edge.http.problems import Problem
from hub.edge.log.waits import Waits
from tests.support.running import PATIENCE


async def test_each_waits_for_the_whole_time() -> None:
    waits, loop = Waits(0.2, 3.0), asyncio.get_running_loop()
    began = loop.time()
    first, second = loop.create_future(), loop.create_future()
    waits.begin(first.set_result)
    await asyncio.sleep(0.1)
    waits.begin(second.set_result)
    async with asyncio.timeout(PATIENCE):
        problem = await first
        assert loop.time() - began >= 0.2
        assert isinstance(problem, Problem) and problem.status == 503 and problem.headers == {"retry-after": "3"}
        assert isinstance(await second, Problem)
        assert loop.time() - began >= 0.3


async def test_the_first_end_counts() -> None:
    waits, ended = Waits(0.05, 1.0), list[Problem | None]()
    logged = waits.begin(ended.append)
    late = waits.begin(ended.append)
    logged.end()
    await asyncio.sleep(0.1)
    logged.end()
    late.end()
    assert len(ended) == 2 and ended[0] is None and isinstance(ended[1], Problem)


async def test_those_that_have_ended_are_not_kept() -> None:
    waits = Waits(60, 1.0)
    for _ in range(100):
        waits.begin(lambda problem: None).end()
    waits.begin(lambda problem: None)
    assert len(waits._waiting) == 1
