"""Servers of Debian packages, on loopback, for tests of channels."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.support import programs
from tests.support.logbook import until

NEEDED = "NEED_BROKERS"
"""Where this is set, as in continuous integration, a server that is missing is a failure."""


def program(name: str) -> str:
    """The path of a program; skips the test without it."""
    return programs.program(name, NEEDED)


@asynccontextmanager
async def listening(port: int, *command: str) -> AsyncIterator[None]:
    """A server that listens on a port of 127.0.0.1."""
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:

        async def open() -> bool:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return True
            return False

        await until(open)
        yield
    finally:
        process.terminate()
        await process.wait()
