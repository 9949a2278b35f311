"""How fast the recorder drains the log, and its lag at a steady rate. Prints the figures of docs/data.md."""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
import redis.asyncio

from hub.embedded.services import running
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from hub.wire.log import LOG_KEY, RECORDER_KEY
from tests.support.logbook import entry, position, recorded, value
from tests.support.recorders import children, recorder_process

pytestmark = pytest.mark.slow

DRIVERS = 1_000
PER_ENTRY = 100
"""What a group commit of some milliseconds holds."""


def driving(seconds: int) -> Iterator[dict[bytes, bytes]]:
    """Entries of a fleet on ring roads of 1 to 10 km radius at 14 m/s, every driver once a second."""
    for second in range(seconds):
        for first in range(0, DRIVERS, PER_ENTRY):
            positions = []
            for n in range(first, first + PER_ENTRY):
                radius = 0.01 + n / DRIVERS * 0.09
                angle = n + second * 14 / 111_000 / radius
                latitude, longitude = 25 + radius * math.sin(angle), 55 + n / DRIVERS + radius * math.cos(angle)
                positions.append(
                    position(
                        f"truck-{n:04}", second + n / DRIVERS, latitude=round(latitude, 6),
                        longitude=round(longitude, 6), speed=14.0, heading=90.0, accuracy=5.0,
                    )
                )  # fmt: skip
            yield entry(*positions)


def cpu(pid: int) -> float:
    """Seconds of CPU that the process and its children took, those included that have ended."""
    ticks = 0
    for member in [pid, *children(pid)]:
        with suppress(FileNotFoundError, ProcessLookupError):  # ended just now
            stat = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, stat[11:15] if member == pid else stat[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


async def write(settings: Settings, entries: Iterator[dict[bytes, bytes]], rate: float = math.inf) -> str:
    """Append entries, at most ``rate`` a second; the id of the last."""
    last = b""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        started = time.monotonic()
        for n, fields in enumerate(entries):
            last = await client.xadd(LOG_KEY, dict(fields))
            await asyncio.sleep(max(0.0, started + n / rate - time.monotonic()))
    return last.decode()


async def test_draining_and_keeping_up(tmp_path: Path) -> None:
    async with running(Settings(data_dir=tmp_path / "hub", redis_appendfsync="everysec")) as services:
        settings = services.settings
        await migrate(settings.database_url)
        server = services.parts["postgresql"].child
        assert server is not None

        last = await write(settings, driving(600))
        # One core for the recorder and its session; a session is born on the cores of the server.
        core = {max(os.sched_getaffinity(0))}
        os.sched_setaffinity(server.pid, core)
        before, started = cpu(server.pid), time.monotonic()
        async with recorder_process(settings) as recorder:
            os.sched_setaffinity(recorder.pid, core)
            await recorded(settings, last)
            took = time.monotonic() - started
            rows = await value(settings, "SELECT count(*) FROM positions")
            assert rows == 600 * DRIVERS
            print(
                f"\ndrained {rows} positions at {rows / took:,.0f}/s on one core; CPU per position: recorder "
                f"{cpu(recorder.pid) / rows * 1e6:.1f} us, PostgreSQL {(cpu(server.pid) - before) / rows * 1e6:.1f} us"
            )

            await asyncio.sleep(5)
            before, started = cpu(recorder.pid) + cpu(server.pid), time.monotonic()
            writing = asyncio.create_task(write(settings, fresh(driving(20)), rate=5_000 / PER_ENTRY))
            lags = []
            async with redis.asyncio.from_url(settings.redis_url, decode_responses=True) as client:
                while not writing.done():
                    await asyncio.sleep(1)
                    lags.append(float((await client.hgetall(RECORDER_KEY))["lag_seconds"]))
            await recorded(settings, await writing)
            share = (cpu(recorder.pid) + cpu(server.pid) - before) / (time.monotonic() - started)
            print(f"at 5,000 positions/s: lag at most {max(lags):.3f} s, {share:.0%} of a core")


def fresh(entries: Iterator[dict[bytes, bytes]]) -> Iterator[dict[bytes, bytes]]:
    """The same drive in another fleet."""
    for fields in entries:
        yield {b"@node": b"n", b"other": msgspec.json.encode(msgspec.json.decode(fields[b"default"]))}
