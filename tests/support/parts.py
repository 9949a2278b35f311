"""A hub under load whose processes are killed: which they are, the drivers, and what is stored in the end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import asyncpg

from clients.dispatcher import DispatcherClient
from clients.driver import DriverClient
from hub.embedded.services import run_directory
from tests.support.hub_process import HubProcess

PARTS = {"hub": "hub", "recorder": "hub.recorder", "valkey": "valkey-server", "postgresql": "postgres"}
SERVERS = {"backend": "postgres: hub hub", "checkpointer": "postgres: checkpointer"}
"""Processes of PostgreSQL, and what their command line begins with."""

START = datetime.now(UTC)

PROMISED = 5.0
"""Within this long after any fault the hub serves live and acks. Seconds."""

PATIENCE = 60.0
"""Until a test gives up on a busy machine. Seconds."""


async def drive(url: str, number: int, enough: asyncio.Event, interval: float, longest: float = 30.0) -> int:
    """One driver, which tries to connect at least every ``longest`` seconds; returns how many points it sent, once all
    of them are acked."""
    random, sent = Random(number), 0
    async with DriverClient(url, f"driver-{number}") as client:
        client.link._longest = longest
        await asyncio.sleep(random.random() * interval)
        while not enough.is_set():
            sent += 1
            recorded_at = START + timedelta(seconds=sent * interval)
            await client.send(25 + random.random(), 55 + random.random(), recorded_at=recorded_at)
            await asyncio.sleep(interval)
        await client.flush()
        assert client.rejected == 0
    return sent


class Probe:
    """A driver and a dispatcher of their own, who know when live and acks are there again."""

    def __init__(self, url: str) -> None:
        self.sent = 0
        self.slowest = 0.0
        self._driver = DriverClient(url, "probe")
        self._screen = DispatcherClient(url)
        for client in (self._driver, self._screen):
            client.link._longest = 0.2

    @classmethod
    @contextlib.asynccontextmanager
    async def at(cls, url: str) -> AsyncIterator[Probe]:
        self = cls(url)
        async with self._driver, self._screen:
            watching = asyncio.create_task(self._watch())
            try:
                yield self
            finally:
                watching.cancel()

    async def _watch(self) -> None:
        async for _ in self._screen.subscribe(drivers=["probe"]):
            pass

    def _seen(self) -> float | None:
        location = self._screen.latest.get("probe")
        return None if location is None else location.longitude

    async def served(self, since: float) -> float:
        """Seconds from ``since`` (``time.monotonic``) until a position sent now is acked and seen live."""
        self.sent += 1
        longitude = self.sent / 1000
        await self._driver.send(1.0, longitude)
        async with asyncio.timeout(PATIENCE):
            await self._driver.flush()
            while self._seen() != longitude:  # noqa: ASYNC110 - the client keeps the view by itself
                await asyncio.sleep(0.01)
        taken = time.monotonic() - since
        self.slowest = max(self.slowest, taken)
        return taken


def pid_of(hub: HubProcess, part: str) -> int | None:
    """The process of a part: the hub, a child of the hub that runs the part's program, or one of PostgreSQL's, which
    may be those of the hub before it."""
    assert hub._process is not None
    if part == "hub":
        return hub._process.pid
    if part in SERVERS:
        return server(hub.settings.data_dir / "postgres", SERVERS[part])
    return next((pid for pid in children(hub._process.pid) if PARTS[part] in command_of(pid)), None)


def server(directory: Path, command: str) -> int | None:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(process / "cwd") == str(directory) and command in command_of(int(process.name)):
                return int(process.name)
    return None


def children(parent: int) -> list[int]:
    found = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def descendants(parent: int) -> list[int]:
    """All processes below one, the nearest first."""
    found = children(parent)
    return found + [pid for child in found for pid in descendants(child)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kill(pid: int | None) -> bool:
    try:
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return pid is not None


async def whole(hub: HubProcess) -> None:
    """Wait until history is there, too."""
    async with asyncio.timeout(PATIENCE):
        while not (await asyncio.to_thread(hub.readiness)).startswith("ok\n"):  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.1)


async def stored(data_dir: Path, wanted: int) -> tuple[int, int]:
    """(rows, distinct points) in PostgreSQL, once there are as many as wanted or ``PATIENCE`` has passed."""
    rows = distinct = 0
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            connection = await asyncpg.connect(f"postgresql://hub@/hub?host={run_directory(data_dir)}", timeout=5)
            rows, distinct = await connection.fetchrow(
                "SELECT count(*), count(DISTINCT (driver_id, recorded_at)) FROM positions"
            )
            await connection.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            pass  # PostgreSQL was the last part to be hurt
        if distinct >= wanted:
            break
        await asyncio.sleep(0.2)
    return rows, distinct


@contextlib.asynccontextmanager
async def load(hub: HubProcess, drivers: int, interval: float) -> AsyncIterator[Probe]:
    """Drivers that send all the while. At the end all was acked, and PostgreSQL has each point once."""
    enough = asyncio.Event()
    sending = [asyncio.create_task(drive(hub.url, number, enough, interval, 0.2)) for number in range(drivers)]
    try:
        async with Probe.at(hub.url) as probe:
            yield probe
        enough.set()
        sent = sum(await asyncio.wait_for(asyncio.gather(*sending), PATIENCE)) + probe.sent
    finally:
        for task in sending:
            task.cancel()
    rows, distinct = await stored(hub.settings.data_dir, sent)
    print(
        f"\nacked {sent}, rows {rows}, missing {sent - distinct}, doubled {rows - distinct}; "
        f"live and acks after {probe.slowest:.2f} s at most",
        file=sys.stderr,
    )
    assert rows == distinct == sent
