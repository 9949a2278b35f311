"""Ending tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

AGAIN = 0.5
"""Seconds after which a task that goes on is cancelled again."""


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: before Python 3.12 a library's ``wait_for`` may lose a cancellation."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN)
