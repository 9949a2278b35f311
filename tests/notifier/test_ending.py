"""Tasks end although a cancellation is lost."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress

import pytest

from hub.notifier import ending, loop


async def test_a_task_that_loses_a_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN", 0.01)

    async def deaf() -> None:
        for _ in range(3):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
        await asyncio.sleep(60)

    tasks = [asyncio.create_task(deaf()), asyncio.create_task(asyncio.sleep(0))]
    await asyncio.sleep(0.01)
    await ending.ended(tasks)
    assert tasks[0].cancelled() and not tasks[1].cancelled()
    await ending.ended([])


async def test_parts_that_fail_together_are_one_error() -> None:
    """asyncio would report the others in the log, as errors of a library."""
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))

    async def fails() -> None:
        raise ConnectionError("the server is away")

    with pytest.raises(ConnectionError):
        await loop._first([fails(), fails()])
    gc.collect()
    await asyncio.sleep(0)
    assert told == []
