"""Servers of Debian packages, on loopback, for tests of channels."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.support.logbook import until

NEEDED = "NEED_BROKERS"
"""Where this is set, as in continuous integration, a server that is missing is a failure."""


def program(name: str) -> str:
    """The path of a program; skips the test without it."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        if os.environ.get(NEEDED):
            pytest.fail(f"{NEEDED} is set, and there is no {name}")
        pytest.skip(f"there is no {name} (Debian: apt-get install {name})")
    return found


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
