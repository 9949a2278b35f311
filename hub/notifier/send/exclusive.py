"""Tasks of channels, each in one process only: while a task runs, a session of PostgreSQL has the channel's lock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

from hub.logs import Action, get_logger
from hub.notifier.ending import ended
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.pool import DatabaseAway

log = get_logger()


class Exclusive:
    """The tasks of this process. ``connection`` has the locks; nothing else may use it meanwhile. ``lock`` and
    ``unlock`` take a channel's lock and give it back. ``what`` names the tasks in the log."""

    def __init__(
        self,
        connection: Connection,
        lock: Callable[[Connection, UUID], Awaitable[bool]],
        unlock: Callable[[Connection, UUID], Awaitable[None]],
        what: str,
    ) -> None:
        self._connection, self._lock, self._unlock, self._what = connection, lock, unlock, what
        self._running: dict[UUID, asyncio.Task[None]] = {}

    async def collect(self) -> None:
        """Give back the locks of tasks that have ended."""
        for id, task in list(self._running.items()):
            if task.done():
                del self._running[id]
                await self._unlock(self._connection, id)
                if (error := task.exception()) and not isinstance(error, DatabaseAway):
                    log.error(Action.INTERNAL_ERROR, where=self._what, channel=str(id), exc_info=error)

    async def start(self, id: UUID, run: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None] | None:
        """The new task of a channel; None while it has one, here or in another process."""
        if id in self._running or not await self._lock(self._connection, id):
            return None
        task = self._running[id] = asyncio.create_task(run(), name=f"{self._what} {id}")
        return task

    async def end(self) -> None:
        """Cancel all tasks, and wait for them."""
        await ended(self._running.values())
