"""Starts the process that plans, passes on what it finds, and ends it in time."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from typing import IO

import msgspec

from hub.logs import Action, get_logger
from hub.planner.messages import LENGTH, Answer, Better, Request, Solved, packed

AT_ONCE = 1
"""Searches of one process of the hub at once: each has a processor to itself."""

GRACE = 15.0
"""Seconds after the search in which the process has to start, to read the problem and to answer. It gets what other
processes leave of the processor."""

LONGEST_ERROR = 200
"""Characters of the last line on stderr, which names the error."""

log = get_logger()


class PlanFailed(Exception):
    """The process that plans ended with an error, or was ended because it was late."""


class Planner:
    """Runs searches, at most ``AT_ONCE``; further ones wait."""

    def __init__(self, grace: float = GRACE) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._grace = grace

    async def solve(self, request: Request, on_better: Callable[[Better], None] = lambda better: None) -> Solved:
        """``on_better`` gets lower costs while the search goes on. A cancelled call ends the process. Raises
        ``PlanFailed``."""
        async with self._places:
            return await self._solve(request, on_better)

    async def _solve(self, request: Request, on_better: Callable[[Better], None]) -> Solved:
        with tempfile.TemporaryFile() as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "hub.planner",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
            try:
                async with asyncio.timeout(request.seconds + self._grace):
                    return await _exchange(process, request, on_better)
            except TimeoutError:
                raise PlanFailed(
                    f"no plan within {request.seconds:g} s and {self._grace:g} s more; the process was ended"
                ) from None
            except (EOFError, ConnectionError):
                await process.wait()
                raise _failed(process.returncode, errors) from None
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


async def _exchange(
    process: asyncio.subprocess.Process, request: Request, on_better: Callable[[Better], None]
) -> Solved:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(packed(request))
    await process.stdin.drain()
    process.stdin.close()
    while True:
        header = await process.stdout.readexactly(LENGTH.size)
        data = await process.stdout.readexactly(LENGTH.unpack(header)[0])
        answer: Answer = msgspec.msgpack.decode(data, type=Answer)
        if isinstance(answer, Solved):
            return answer
        on_better(answer)


def _failed(status: int | None, errors: IO[bytes]) -> PlanFailed:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")[:LONGEST_ERROR]
    log.error(Action.INTERNAL_ERROR, where="plan", status=status, error=last)
    return PlanFailed(f"exit status {status}" + (f": {last}" if last else ""))
