"""Answers that are kept for a few seconds, so that many requests for the same are one question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Answers by their key, each good for ``fresh`` seconds from its question on. At most ``most`` are kept; the oldest
    go first, and those that are no longer good with each new question."""

    def __init__(self, fresh: float, most: int) -> None:
        self._fresh, self._most = fresh, most
        # Key -> until when the answer is good, by the loop's clock, and the answer or the question under way. All are
        # good for the same time, so the first ones are the first that are not.
        self._kept: dict[str, tuple[float, asyncio.Task[T]]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    async def get(self, key: str, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer for a key; ``ask`` is called where none is good. Raises what ``ask`` raises, which is not kept."""
        now = asyncio.get_running_loop().time()
        until, question = self._kept.get(key, (0.0, None))
        if question is None or now >= until or _failed(question):
            self._kept.pop(key, None)
            while self._kept:
                first = next(iter(self._kept))
                if len(self._kept) < self._most and self._kept[first][0] > now:
                    break
                del self._kept[first]
            question = asyncio.create_task(ask())
            self._kept[key] = (now + self._fresh, question)
        # The first request may be cancelled while others wait for the same answer.
        return await asyncio.shield(question)


def _failed(question: asyncio.Task[Any]) -> bool:
    return question.done() and (question.cancelled() or question.exception() is not None)
