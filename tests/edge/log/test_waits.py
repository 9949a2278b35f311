"""Requests that wait for the log: each until its own time, with one timer."""

from __future__ import annotations

import asyncio

from hub.edge.log.waits import Waits, resolve


async def test_each_waits_for_the_whole_time() -> None:
    waits, loop = Waits(0.2), asyncio.get_running_loop()
    began = loop.time()
    first = waits.begin()
    await asyncio.sleep(0.1)
    second = waits.begin()
    assert await first is False
    assert 0.2 <= loop.time() - began < 0.3 and not second.done()
    assert await second is False
    assert loop.time() - began >= 0.3


async def test_the_first_result_counts() -> None:
    waits = Waits(0.05)
    logged, cancelled, late = waits.begin(), waits.begin(), waits.begin()
    resolve(logged, True)
    cancelled.cancel()
    assert await logged is True
    assert await late is False
    resolve(late, True)
    resolve(cancelled, True)
    assert late.result() is False and cancelled.cancelled()


async def test_those_with_a_result_are_not_kept() -> None:
    waits = Waits(60)
    for _ in range(100):
        resolve(waits.begin(), True)
    waits.begin()
    assert len(waits._waiting) == 1
