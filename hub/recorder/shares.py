"""Recorders of a log with several partitions: each process takes its share of them, and gives back when more come.

A process is known to the others by a shared lock in PostgreSQL, which it holds as long as its session lasts: when it is
killed, the server releases the locks at once. Its recorders hold the locks of their partitions, each in a session of
its own, so nothing here decides about correctness: two recorders of a partition are kept apart by its lock and its
offset.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

from hub.clock import SYSTEM, SystemClock
from hub.logs import Action, get_logger
from hub.recorder.loop import BACKOFF_MOST, Recorder
from hub.settings import Settings
from hub.stores.postgres.connection import AWAY, Connection, connect
from hub.stores.postgres.history import shares
from hub.wire.layout import Layout

POLL = 0.5
"""Seconds between two looks at the other recorders: the time in which the partitions of one that ended are taken."""

log = get_logger()


class Recorders:
    """The recorders of one process. ``run`` returns after ``stop`` was called, when all have committed."""

    def __init__(self, settings: Settings, layout: Layout, clock: SystemClock = SYSTEM) -> None:
        self._settings, self._layout, self._clock = settings, layout, clock
        self._stopping = asyncio.Event()
        self._running: dict[int, tuple[Recorder, asyncio.Task[None]]] = {}
        # Why it does not know the other recorders.
        self._problem = "starting"

    @property
    def taken(self) -> set[int]:
        """Numbers of the partitions that this process records, or is about to."""
        return set(self._running)

    def stop(self) -> None:
        self._stopping.set()

    def problems(self) -> list[str]:
        """Why the process records too little, in words; empty if it has its share, which may be nothing."""
        own = [
            problem
            for number, (recorder, _) in self._running.items()
            for problem in recorder.progress.problems(self._layout.partitions[number].log)
        ]
        return [self._problem, *own] if self._problem else own

    def recorded(self) -> int:
        """Number of partitions that it records now."""
        return sum(recorder.progress.state == "recording" for recorder, _ in self._running.values())

    async def run(self) -> None:
        """Record until stopped. No error ends the loop."""
        try:
            while not self._stopping.is_set():
                try:
                    await self._session()
                except AWAY as error:
                    self._problem = f"retrying: {type(error).__name__}"
                    # The recorders have sessions of their own, and try again by themselves.
                    what = {"error": type(error).__name__, "message": str(error.args[0] if error.args else "")}
                    log.warning(Action.RECORDER_RETRYING, **what, failures=1, pause=BACKOFF_MOST / 5)
                    await self._pause(BACKOFF_MOST / 5)
            for recorder, _ in self._running.values():
                recorder.stop()
            await self._ended()
        finally:
            for _, task in self._running.values():
                task.cancel()
            await self._ended()

    async def _ended(self) -> None:
        if self._running:
            await asyncio.wait([task for _, task in self._running.values()])

    async def _session(self) -> None:
        settings = self._settings
        connection = await connect(settings.database_url, role="recorders", patience=settings.database_timeout)
        try:
            await shares.join(connection)
            self._problem = ""
            while not await self._pause(POLL):
                await self._balance(connection)
        finally:
            connection.terminate()

    async def _balance(self, connection: Connection) -> None:
        """Give back what is more than the share of this process, or take what no process has."""
        for number, (_, task) in list(self._running.items()):
            if task.done():  # another process was first, or an error
                del self._running[number]
                task.result()
        partitions = self._layout.partitions
        most = -(-len(partitions) // max(1, await shares.count(connection)))
        surplus = list(self._running)[most:]
        for number in surplus:
            self._running[number][0].stop()
        room = most - len(self._running)
        if room <= 0:
            return
        logs = {partition.log: partition.number for partition in partitions}
        free = [logs[log] for log in await shares.free(connection, list(logs)) if logs[log] not in self._running]
        for number in random.sample(free, min(room, len(free))):
            recorder = Recorder(self._settings, self._clock, layout=self._layout, number=number, standby=False)
            self._running[number] = recorder, asyncio.create_task(recorder.run())

    async def _pause(self, seconds: float) -> bool:
        """Wait, but not beyond ``stop``. Returns whether ``stop`` was called."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return self._stopping.is_set()
