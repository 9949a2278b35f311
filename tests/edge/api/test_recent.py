"""Answers that are kept for seconds: one question for many requests, and bounds on what is kept."""

from __future__ import annotations

import asyncio

import pytest

from hub.edge.api.recent import Recent


class Source:
    """Answers how often it was asked, when it is ``open``."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()

    async def ask(self) -> int:
        self.asked += 1
        number = self.asked
        await self.open.wait()
        return number


async def test_one_question_for_many_requests_also_if_the_first_goes() -> None:
    recent, source = Recent[int](3_600, 10), Source()
    source.open.clear()
    requests = [asyncio.create_task(recent.get("a", source.ask)) for _ in range(3)]
    await asyncio.sleep(0)
    requests[0].cancel()
    source.open.set()
    assert await asyncio.gather(*requests[1:]) == [1, 1]
    assert await recent.get("a", source.ask) == 1
    assert await recent.get("b", source.ask) == 2


async def test_an_error_is_not_kept() -> None:
    recent, source = Recent[int](3_600, 10), Source()

    async def fail() -> int:
        raise ValueError

    with pytest.raises(ValueError):
        await recent.get("a", fail)
    assert await recent.get("a", source.ask) == 1


async def test_the_oldest_go_first() -> None:
    recent, source = Recent[int](3_600, 2), Source()
    assert [await recent.get(key, source.ask) for key in "abcbca"] == [1, 2, 3, 2, 3, 4]
    assert len(recent) == 2


async def test_what_is_no_longer_good_goes_with_the_next_question() -> None:
    recent, source = Recent[int](0.0, 10), Source()
    for key in "abc":
        await recent.get(key, source.ask)
        await asyncio.sleep(0.001)
    assert len(recent) == 1
