"""Tasks end although a cancellation is lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from hub.notifier import ending


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
